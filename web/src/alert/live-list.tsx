/** Alerts of the live monitor, a sentence each; the whole card leads to what it means and what to do. */
import type { LiveAlert } from '../../../src/api/contract.ts';
import { formatConfidence } from '../format.ts';
import { SeverityBadge } from '../part/severity.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';
import { sentenceInWords, statusInWords } from './words.ts';

export function LiveAlertList({ alerts }: { alerts: readonly LiveAlert[] }) {
  return (
    <ul className="alert-cards">
      {alerts.map((alert) => (
        <li key={alert.id} className="alert-card">
          <SeverityBadge severity={alert.severity} />
          <Link href={`/alerts/${alert.id}`} className="alert-sentence">
            {sentenceInWords(alert)}
          </Link>
          <span className="alert-facts">
            <span className="num">{alert.hosts[0] ?? alert.address}</span>
            <span>
              began <When time={alert.ts} />
            </span>
            <span>{formatConfidence(alert.confidence)}</span>
            {alert.status !== 'open' && <span>{statusInWords(alert.status)}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
