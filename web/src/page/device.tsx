/** One device: what it is and why Guardian thinks so, how it behaves, and what it was told about. */

import type { Device } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { LiveAlertList } from '../alert/live-list.tsx';
import { useLatestAlerts } from '../alert/queries.ts';
import { ApiError } from '../api.ts';
import { mainAddress, Presence } from '../device/device-list.tsx';
import { ForgetButton } from '../device/forget.tsx';
import { KindIcon, kindName } from '../device/kind.tsx';
import { MonitoredSwitch } from '../device/monitored-switch.tsx';
import { useDevice } from '../device/queries.ts';
import { RenameButton } from '../device/rename.tsx';
import { formatBytes, formatConfidence, formatCount, formatDuration, formatExact, plural } from '../format.ts';
import { useMonitor } from '../monitor/queries.ts';
import { TrafficPanel } from '../monitor/traffic-panel.tsx';
import { Page, Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Empty, Failure, Note, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';

const ALERTS = 10;
/** Names looked up that are shown before the rest is asked for. */
const NAMES = 12;
const none: readonly [] = [];

export function DevicePage({ mac }: { mac: string }) {
  const { data: device, error, isPending, refetch } = useDevice(mac);
  if (device) return <Report device={device} />;
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <Page title={mac} heading={missing ? `There is no device ${mac}` : mac}>
      {isPending && <Skeleton lines={10} label={`Loading device ${mac}`} />}
      {missing && (
        <p>
          It was not seen, or is forgotten. The <Link href="/devices">list of devices</Link> has those that are known.
        </p>
      )}
      {error && !missing && <Failure error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Report({ device }: { device: Device }) {
  const gaps = useMonitor().data?.gaps ?? none;
  const alerts = useLatestAlerts(ALERTS, { device: device.mac }).data?.alerts;
  return (
    <Page
      title={device.name}
      heading={
        <>
          {device.risk && <SeverityBadge severity={device.risk} />} <KindIcon kind={device.kind} /> {device.name}
        </>
      }
      lead={<Facts device={device} />}
      actions={
        <May as="operator">
          <RenameButton device={device} />
        </May>
      }
    >
      {device.learning && (
        <Note>
          Its habits are still being learned, for {formatDuration(Math.max(60, device.learned_seconds))} so far. Until
          then scans, floods and spoofing are reported.
        </Note>
      )}
      <Panel
        title="Alerts"
        aside={<Link href={`/alerts?status=all&device=${device.mac}`}>All alerts of this device</Link>}
      >
        {!alerts && <Skeleton lines={3} label="Loading its alerts" />}
        {alerts?.length === 0 && (
          <Empty icon="shield" title="No alert so far">
            When it differs from its own past, it is said here.
          </Empty>
        )}
        {alerts && alerts.length > 0 && <LiveAlertList alerts={alerts} />}
      </Panel>
      <TrafficPanel device={device.mac} alerts={alerts ?? none} gaps={gaps} />
      <Panel
        title="Connections"
        aside={<Link href={`/connections?device=${device.mac}`}>What it talked to, and when</Link>}
      >
        <p className="text-body-secondary mb-0">
          Every connection is kept for some days, with the name of its other end.
        </p>
      </Panel>
      <div className="columns">
        <Identity device={device} />
        <Network device={device} />
      </div>
      <Names device={device} />
      <Panel title="Monitoring and forgetting">
        <May as="operator">
          <MonitoredSwitch device={device} label="Monitor this device" />
        </May>
        <p className="text-body-secondary">
          While this is off, nothing that it does raises an alert; it stays in the list.
        </p>
        <May as="admin">
          <ForgetButton device={device} />
        </May>
      </Panel>
    </Page>
  );
}

function Facts({ device }: { device: Device }) {
  const address = mainAddress(device);
  return (
    <span className="origin">
      <Presence device={device} />
      {device.vendor && <span>{device.vendor}</span>}
      {address && <span className="num">{address}</span>}
      <span>
        first seen <When time={device.first_seen} />
      </span>
    </span>
  );
}

function Identity({ device }: { device: Device }) {
  const { kind, confidence, evidence, gateway, announced_name, randomised } = device;
  return (
    <Panel title="What it is">
      <p>
        {gateway && 'The gateway: what is for the internet goes through it. '}
        {kind === 'unknown'
          ? 'Its kind is unknown: nothing it said so far tells it apart.'
          : `A ${kindName(kind)}; Guardian is ${formatConfidence(confidence)}.`}
      </p>
      {evidence.length > 0 && (
        <ul className="steps">
          {evidence.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <dl className="facts">
        {announced_name && (
          <div>
            <dt>Calls itself</dt>
            <dd>{announced_name}</dd>
          </div>
        )}
        <div>
          <dt>Link-layer address</dt>
          <dd>
            {device.macs.join(', ')}
            {randomised && ' (made up by its software, may change)'}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

/** Where an IPv6 address holds. */
const scopeOf = (ip: string): string =>
  /^fe[89ab]/.test(ip) ? 'on this link only' : /^f[cd]/.test(ip) ? 'in this house' : 'everywhere';

/** "telnet on tcp/2323" is telnet on port 2323 to whoever reads it. */
const inWords = (service: string): string => service.replace(/\b(tcp|udp)\/(\d+)$/, '$1 port $2');

function Network({ device }: { device: Device }) {
  const { services, packets, packets_sent, bytes, bytes_sent } = device;
  // What a device asks from before it has an address is none of its own.
  const ips = device.ips.filter((ip) => ip !== '0.0.0.0' && ip !== '::');
  const [ipv4, ipv6] = [ips.filter((ip) => !ip.includes(':')), ips.filter((ip) => ip.includes(':'))];
  return (
    <Panel title="On the network">
      <dl className="facts">
        <div>
          <dt>Addresses, the latest first</dt>
          <dd>{ipv4.length > 0 ? ipv4.join(', ') : ipv6.length > 0 ? 'none of IPv4' : 'none so far'}</dd>
        </div>
        {ipv6.length > 0 && (
          <div>
            <dt>Addresses of IPv6</dt>
            <dd>
              {ipv6.map((ip) => (
                <span key={ip} className="d-block">
                  {ip} <span className="text-body-secondary">({scopeOf(ip)})</span>
                </span>
              ))}
            </dd>
          </div>
        )}
        <div>
          <dt>First seen</dt>
          <dd>{formatExact(new Date(device.first_seen * 1000))}</dd>
        </div>
        <div>
          <dt>Services it offers</dt>
          <dd>{services.length > 0 ? services.map(inWords).join(', ') : 'none seen'}</dd>
        </div>
        <div>
          <dt>Sent</dt>
          <dd>
            {formatBytes(bytes_sent)} in {plural(packets_sent, 'packet')}
          </dd>
        </div>
        <div>
          <dt>Received</dt>
          <dd>
            {formatBytes(bytes - bytes_sent)} in {formatCount(packets - packets_sent)} packets
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

function Names({ device: { lookups } }: { device: Device }) {
  const [first, rest] = [lookups.slice(0, NAMES), lookups.slice(NAMES)];
  return (
    <Panel title="Names it looked up">
      {lookups.length === 0 ? (
        <p className="text-body-secondary mb-0">None seen. A device that asks for a name shows it here.</p>
      ) : (
        <ul className="names">
          {first.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <details>
          <summary>{plural(rest.length, 'more name')}</summary>
          <ul className="names">
            {rest.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}
