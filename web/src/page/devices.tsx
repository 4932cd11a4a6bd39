/** Every device of the network, as far as Guardian has heard of it. */
import Form from 'react-bootstrap/Form';
import type { DeviceList as Answer } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { DeviceList } from '../device/device-list.tsx';
import { arrange, orders, shows } from '../device/list-order.ts';
import { Merges } from '../device/merges.tsx';
import { useDevices, useSearchNetwork } from '../device/queries.ts';
import { SearchButton, SearchResult } from '../device/search-network.tsx';
import { plural } from '../format.ts';
import { useIsDemo } from '../monitor/demo-strip.tsx';
import { Page } from '../part/page.tsx';
import { Segments } from '../part/segments.tsx';
import { Empty, Failure, Skeleton } from '../part/state.tsx';
import { Link, setSearch, useSearch } from '../router.tsx';

export function DevicesPage() {
  const { data, error, isPending, refetch } = useDevices();
  const search = useSearchNetwork();
  const isDemo = useIsDemo();
  return (
    <Page
      title="Devices"
      heading="Devices"
      lead={data && data.devices.length > 0 ? describe(data) : 'Who is on your network, and how it behaves.'}
      actions={
        <>
          <Link href="/connections">All connections</Link>
          {!isDemo && (
            <May as="operator">
              <SearchButton search={search} />
            </May>
          )}
        </>
      }
    >
      <SearchResult search={search} />
      {isPending && <Skeleton lines={10} label="Loading the devices" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <May as="operator">
          <Merges merges={data.merges} devices={data.devices} />
        </May>
      )}
      {data?.devices.length === 0 && (
        <section className="panel" aria-label="Devices found">
          <Empty icon="devices" title="No device seen yet">
            While your network is <Link href="/live">watched</Link>, each device appears here within five seconds of its
            first packet. “Search the network” asks for them.
          </Empty>
        </section>
      )}
      {data && data.devices.length > 0 && <Found data={data} />}
    </Page>
  );
}

function describe({ devices }: Answer): string {
  const online = devices.filter((device) => device.online).length;
  return `${plural(devices.length, 'device')}, ${online} online.`;
}

function Found({ data }: { data: Answer }) {
  const search = useSearch();
  const devices = arrange(data.devices, search);
  return (
    <>
      <div className="list-tools">
        <Form.Control
          type="search"
          size="sm"
          placeholder="Name, vendor, address"
          aria-label="Find a device"
          value={search.get('q') ?? ''}
          onChange={({ target }) => setSearch('q', target.value)}
        />
        <Segments
          label="Devices shown"
          value={search.get('show') ?? ''}
          choices={shows}
          onChange={(value) => setSearch('show', value)}
        />
        <Form.Select
          size="sm"
          aria-label="Order of the devices"
          value={search.get('sort') ?? ''}
          onChange={({ target }) => setSearch('sort', target.value)}
        >
          {orders.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Form.Select>
      </div>
      <section className="panel" aria-label="Devices found">
        {devices.length > 0 ? (
          <DeviceList devices={devices} />
        ) : (
          <Empty icon="search" title="No matching device">
            {plural(data.devices.length, 'device')} {data.devices.length === 1 ? 'is' : 'are'} known:{' '}
            <Link href="/devices">show all</Link>.
          </Empty>
        )}
      </section>
    </>
  );
}
