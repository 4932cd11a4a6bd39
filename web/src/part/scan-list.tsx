/** Scans as a table; on a phone each row is a card. */
import Table from 'react-bootstrap/Table';
import type { ScanSummary } from '../../../src/api/contract.ts';
import { formatCount, formatPercent } from '../format.ts';
import { Link } from '../router.tsx';
import { Icon } from './icon.tsx';
import { When } from './when.tsx';

export function ScanList({ scans }: { scans: readonly ScanSummary[] }) {
  return (
    <Table className="scan-list" hover>
      <thead>
        <tr>
          <th scope="col">Scan</th>
          <th scope="col">File</th>
          <th scope="col">When</th>
          <th scope="col" className="num">
            Anomalies
          </th>
          <th scope="col" className="num">
            Windows
          </th>
          <th scope="col" className="num">
            Share
          </th>
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
            <td data-name="Anomalies" className="num">
              <Found count={scan.anomalies_count} />
            </td>
            <td data-name="Windows" className="num">
              {formatCount(scan.total_samples)}
            </td>
            <td data-name="Share" className="num text-nowrap">
              {formatPercent(scan.percentage)}
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

/** Zero is good news and looks like it. */
function Found({ count }: { count: number }) {
  if (count > 0) return <strong>{formatCount(count)}</strong>;
  return (
    <span className="found-none">
      <Icon name="check" /> 0
    </span>
  );
}
