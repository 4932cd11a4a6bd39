/** What the devices talked to, and when: the history of connections. */
import { useMemo } from 'react';
import Button from 'react-bootstrap/Button';
import Table from 'react-bootstrap/Table';
import { ApiError } from '../api.ts';
import { useDevices } from '../device/queries.ts';
import { Filters, spans } from '../flow/filters.tsx';
import { FlowTable } from '../flow/flow-table.tsx';
import { type Choice, useFlows, useTop } from '../flow/queries.ts';
import { formatBytes, plural } from '../format.ts';
import { Page, Panel } from '../part/page.tsx';
import { Empty, Failure, Note, Skeleton } from '../part/state.tsx';
import { Link, setSearch, useSearch } from '../router.tsx';

export function ConnectionsPage() {
  const search = useSearch();
  const hours = search.get('hours') ?? '';
  // The moment of the choice: while one reads and turns pages, what is shown stays what it was.
  const choice = useMemo<Choice>(() => {
    const { seconds } = spans.find(({ value }) => value === hours) ?? spans[1];
    return { search, since: Math.floor(Date.now() / 1000) - seconds };
  }, [search, hours]);
  const devices = useDevices().data?.devices ?? [];
  const device = devices.find(({ mac }) => mac === search.get('device'));
  return (
    <Page
      title="Connections"
      heading={device ? `Connections of ${device.name}` : 'Connections'}
      lead="What your devices talked to, and when."
      actions={device && <Link href={`/devices/${device.mac}`}>About this device</Link>}
    >
      <Filters devices={devices} />
      <TopEnds choice={choice} />
      <Flows choice={choice} nameOf={(mac) => devices.find((one) => one.mac === mac)?.name ?? mac} />
    </Page>
  );
}

/** Sums know nothing of ports and states: with such a filter they would be of something else. */
const isSummed = (search: URLSearchParams): boolean =>
  ['port', 'state', 'direction', 'novelty', 'alert'].every((name) => !search.get(name));

function TopEnds({ choice }: { choice: Choice }) {
  const { data } = useTop(choice);
  if (!isSummed(choice.search) || !data || data.rows.length === 0) return null;
  const { totals, rows } = data;
  return (
    <Panel
      title="Most bytes"
      aside={
        <span className="text-body-secondary">
          {plural(totals.flows, 'connection')}, {formatBytes(totals.sent)} sent, {formatBytes(totals.received)} received
        </span>
      }
    >
      <div className="table-frame">
        <Table>
          <thead>
            <tr>
              <th scope="col">Other end</th>
              <th scope="col" className="num">
                Connections
              </th>
              <th scope="col" className="num">
                Sent
              </th>
              <th scope="col" className="num">
                Received
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, flows, sent, received }) => (
              <tr key={key}>
                <td>
                  <button type="button" className="link-button" onClick={() => setSearch('peer', key)}>
                    {key}
                  </button>
                </td>
                <td className="num">{flows}</td>
                <td className="num">{formatBytes(sent)}</td>
                <td className="num">{formatBytes(received)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Panel>
  );
}

function Flows({ choice, nameOf }: { choice: Choice; nameOf: (device: string) => string }) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFlows(choice);
  const flows = data?.pages.flatMap((page) => page.flows) ?? [];
  const note = data?.pages.at(-1)?.note;
  const isOff = error instanceof ApiError && error.code === 'no_history';
  return (
    <section className="panel" aria-label="Connections found">
      {isPending && <Skeleton lines={10} label="Loading the connections" />}
      {error && <Failure error={error} onRetry={isOff ? undefined : () => void refetch()} />}
      {data && flows.length === 0 && !note && (
        <Empty icon="search" title="No connection found">
          While your network is <Link href="/live">watched</Link>, every connection is kept for some days and shown
          here.
        </Empty>
      )}
      {flows.length > 0 && <FlowTable flows={flows} nameOf={nameOf} isOfOne={choice.search.has('device')} />}
      {note && <Note>{note}</Note>}
      {hasNextPage && (
        <div className="more">
          <Button variant="outline-secondary" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older connections
          </Button>
        </div>
      )}
    </section>
  );
}
