/** Scans as a table; on a phone each row is a card. */
import Table from 'react-bootstrap/Table';
import type { ScanSummary } from '../../../src/api/contract.ts';
import { plural } from '../format.ts';
import { Link } from '../router.tsx';
import { SeverityBadge } from './severity.tsx';
import { When } from './when.tsx';

export function ScanList({ scans }: { scans: readonly ScanSummary[] }) {
  return (
    <Table className="scan-list" hover>
      <thead>
        <tr>
          <th scope="col">Scan</th>
          <th scope="col">File</th>
          <th scope="col">When</th>
          <th scope="col">Verdict</th>
          <th scope="col">
            <span className="visually-hidden">Details</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {scans.map((scan) => (
          <tr key={scan.id}>
            <td data-name="Scan" className="num-left">
              #{scan.id}
            </td>
            <td data-name="File" className="file-cell" title={scan.file}>
              {scan.file || <span className="text-body-secondary">unknown</span>}
            </td>
            <td data-name="When" className="text-nowrap">
              <When time={scan.timestamp} />
            </td>
            <td data-name="Verdict" className="text-nowrap">
              <Verdict scan={scan} />
            </td>
            <td className="action-cell">
              <Link href={`/scans/${scan.id}`} aria-label={`View details of scan ${scan.id}`}>
                View details
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The same as on the page of the scan: how many alerts, and how bad the worst of them is. */
function Verdict({ scan: { alerts_count, worst } }: { scan: ScanSummary }) {
  if (worst === null) return <span className="found-none">No alert</span>;
  return (
    <>
      <SeverityBadge severity={worst} /> <span className="verdict-count">{plural(alerts_count, 'alert')}</span>
    </>
  );
}
