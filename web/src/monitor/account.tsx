/** Every packet is accounted for, and every time that was not seen is listed. */
import Table from 'react-bootstrap/Table';
import type { MonitorStatus } from '../../../src/api/contract.ts';
import { formatClock, formatCount, formatDuration, plural } from '../format.ts';

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

/** Why a packet was not offered to the detectors, for people. Others are said as they are called. */
const reasons: Readonly<Record<string, string>> = {
  kernel: 'the kernel had no room for them',
  unread: 'unread when the capture tool ended',
  pipe: 'cut off when the capture tool ended',
};

const inWords = (reason: string): string => reasons[reason] ?? reason.replaceAll(/[._]/g, ' ');

export function AccountPanel({ status: { account, gaps } }: { status: MonitorStatus }) {
  const { offered, parsed, rejected, dropped } = account;
  const missed = [
    ...Object.entries(rejected).map(([reason, count]) => ({ what: 'Rejected', reason, count })),
    ...Object.entries(dropped).map(([reason, count]) => ({ what: 'Dropped', reason, count })),
  ].filter(({ count }) => count > 0);
  return (
    <details className="panel panel-details">
      <summary>
        <h2>Every packet accounted for</h2>
        <span className="text-body-secondary">
          {plural(offered, 'packet')}, {formatCount(sum(dropped))} dropped, {plural(gaps.length, 'gap')}
        </span>
      </summary>
      <p className="equation num">
        <span>{formatCount(offered)} offered</span> = <span>{formatCount(parsed)} parsed</span> +{' '}
        <span>{formatCount(sum(rejected))} rejected</span> + <span>{formatCount(sum(dropped))} dropped</span>
      </p>
      {missed.length > 0 && (
        <ul>
          {missed.map(({ what, reason, count }) => (
            <li key={`${what} ${reason}`}>
              {what}: {inWords(reason)}, <span className="num">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        {plural(account.connections, 'connection')} followed, {plural(account.devices, 'device')},{' '}
        {plural(account.alerts, 'alert')}; the capture tool was started {plural(account.starts, 'time')}.
      </p>
      <h3>Times that were not seen</h3>
      {gaps.length === 0 ? (
        <p className="text-body-secondary mb-0">None. A capture that stops, a link that is down appears here.</p>
      ) : (
        <Table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">For</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {gaps.map(({ from, to, reason }) => (
              <tr key={from}>
                <td className="num-left text-nowrap">{formatClock(from)}</td>
                <td className="num-left text-nowrap">
                  {to === null ? 'until now' : formatDuration(Math.max(0, to - from))}
                </td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </details>
  );
}
