/** The devices by their state, each group with the way to it, and what can be seen of them from here. */
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { formatCount, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { Link } from '../router.tsx';
import { KindIcon } from './kind.tsx';
import { shows } from './list-order.ts';
import { useDevices } from './queries.ts';

/** What asks for a look comes first. */
const ORDER = ['risk', 'new', 'learning', 'online', 'offline', 'ignored'] as const;
/** Names of a group that are shown. */
const NAMED = 6;

export function DevicesByState({ status: { view } }: { status: MonitorStatus }) {
  const { data, error, isPending, refetch } = useDevices();
  const devices = data?.devices ?? [];
  const groups = ORDER.map((wanted) => shows.find(({ value }) => value === wanted)!)
    .map(({ value, name, fits }) => ({ value, name, members: devices.filter(fits) }))
    // In the first week all are new, which tells nothing.
    .filter(({ value, members }) => members.length > 0 && !(value === 'new' && members.length === devices.length));
  return (
    <Panel
      title="Devices"
      aside={<Link href="/devices">All {data ? plural(devices.length, 'device') : 'devices'}</Link>}
    >
      {isPending && <Skeleton lines={3} label="Loading the devices" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <ul className="device-groups">
        {groups.map(({ value, name, members }) => (
          <li key={value}>
            <Link href={`/devices?show=${value}`} className="device-group">
              <span className="fw-semibold num">{formatCount(members.length)}</span> {name.toLowerCase()}
            </Link>
            <span className="device-group-names">
              {members.slice(0, NAMED).map(({ mac, kind, name }) => (
                <Link key={mac} href={`/devices/${mac}`}>
                  <KindIcon kind={kind} /> {name}
                </Link>
              ))}
              {members.length > NAMED && (
                <Link href={`/devices?show=${value}`}>and {formatCount(members.length - NAMED)} more</Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      {view && <p className="text-body-secondary mb-0">{view}</p>}
    </Panel>
  );
}
