/** What happened, one sentence each; what it means, what to do and the evidence are one tap below. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { Alert } from '../../../src/api/contract.ts';
import { factInWords } from '../alert/words.ts';
import { formatExact, inOwnZone } from '../format.ts';
import { Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';

const FIRST = 5;

/** Takes them worst first. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? alerts : alerts.slice(0, FIRST);
  return (
    <Panel title="What happened">
      <ul className="alerts">
        {shown.map((alert) => (
          <li key={`${alert.kind} ${alert.address} ${alert.ts} ${alert.uids[0]}`}>
            <AlertItem alert={alert} />
          </li>
        ))}
      </ul>
      {!all && alerts.length > FIRST && (
        <div className="more">
          <Button variant="outline-secondary" onClick={() => setAll(true)}>
            Show all {alerts.length}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function AlertItem({ alert }: { alert: Alert }) {
  return (
    <details className="alert-item">
      <summary>
        <SeverityBadge severity={alert.severity} />
        <span className="alert-sentence">{inOwnZone(alert.sentence, alert.ts)}</span>
      </summary>
      <div className="alert-more">
        <p>{alert.meaning}</p>
        <ol>
          {alert.advice.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <dl className="evidence">
          {alert.ts > 0 && (
            <div className="evidence-time">
              <dt>Time</dt>
              <dd>{timeSpan(alert)}</dd>
            </div>
          )}
          <div>
            <dt>Connections</dt>
            <dd className="num-left">{alert.flows}</dd>
          </div>
          <div>
            <dt>Confidence</dt>
            <dd className="num-left">{Math.round(alert.confidence * 100)} %</dd>
          </div>
          {alert.facts?.map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{factInWords(fact)}</dd>
            </div>
          ))}
          {alert.uids.length > 0 && (
            <div className="evidence-wide">
              <dt>First connections</dt>
              <dd className="uids">{alert.uids.slice(0, 10).join(' ')}</dd>
            </div>
          )}
        </dl>
      </div>
    </details>
  );
}

function timeSpan({ ts, end_ts }: Alert): string {
  const [start, end] = [formatExact(new Date(ts * 1000)), formatExact(new Date(end_ts * 1000))];
  return start === end ? start : `${start} to ${end}`;
}
