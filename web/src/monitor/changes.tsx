/** What has changed since the owner last looked: who is new, what was told and is over, and when nothing was seen. */
import { type ReactNode, useEffect, useState } from 'react';
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { useLatestAlerts } from '../alert/queries.ts';
import { sentenceInWords } from '../alert/words.ts';
import { useDevices } from '../device/queries.ts';
import { formatClock, formatDuration, plural } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';
import { lastLook, stillLooking } from './last-look.ts';

const CONSIDERED = 100;
const LISTED = 5;
const TICK_MS = 60_000;

export function Changes({ status }: { status: MonitorStatus }) {
  const [since] = useState(lastLook);
  const devices = useDevices().data?.devices ?? [];
  const alerts = useLatestAlerts(CONSIDERED, {}).data?.alerts ?? [];
  useEffect(() => {
    const timer = setInterval(stillLooking, TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (since === null) return null;
  const found = devices.filter(({ first_seen }) => first_seen > since);
  // Open ones stand above.
  const told = alerts.filter(({ raised_ts, status }) => raised_ts > since && status !== 'open');
  const gaps = status.gaps.filter(({ from, to }) => (to ?? since + 1) > since && from > 0);
  const rows: [key: string, what: ReactNode][] = [
    ...found.slice(0, LISTED).map(({ mac, name, first_seen }): [string, ReactNode] => [
      mac,
      <>
        New on your network: <Link href={`/devices/${mac}`}>{name}</Link>, <When time={first_seen} />
      </>,
    ]),
    ...told.slice(0, LISTED).map((alert): [string, ReactNode] => [
      `alert ${alert.id}`,
      <>
        <SeverityBadge severity={alert.severity} /> <Link href={`/alerts/${alert.id}`}>{sentenceInWords(alert)}</Link>
      </>,
    ]),
    ...gaps
      .slice(0, LISTED)
      .map(({ from, to, reason }): [string, ReactNode] => [
        `gap ${from}`,
        `Not seen from ${formatClock(from)}${to === null ? ' on' : `, for ${formatDuration(Math.max(1, to - from))}`}: ${reason}.`,
      ]),
  ];
  const more = found.length + told.length + gaps.length - rows.length;
  return (
    <Panel title="Since you last looked" aside={<When time={since} />}>
      {rows.length === 0 ? (
        <p className="text-body-secondary mb-0">No new device, nothing else that was told, and nothing unseen.</p>
      ) : (
        <ul className="changes">
          {rows.map(([key, what]) => (
            <li key={key}>{what}</li>
          ))}
          {more > 0 && <li className="text-body-secondary">And {plural(more, 'more change')}.</li>}
        </ul>
      )}
    </Panel>
  );
}
