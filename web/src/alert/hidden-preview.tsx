/** What would have been hidden of the last 30 days, before it is. */
import type { MutePreview } from '../../../src/api/contract.ts';
import { inOwnZone, plural } from '../format.ts';
import { SeverityBadge } from '../part/severity.tsx';
import { Failure } from '../part/state.tsx';
import { When } from '../part/when.tsx';

const LISTED = 5;

export function HiddenPreview({ data, error }: { data: MutePreview | undefined; error: Error | null }) {
  if (error) return <Failure error={error} />;
  return (
    <div className="mute-preview">
      <p className="mb-1" role="status">
        {data
          ? `This would have hidden ${data.count === 0 ? 'none of the alerts' : plural(data.count, 'alert')} of the last 30 days.`
          : 'Looking what this would have hidden …'}
      </p>
      {data && data.count > 0 && (
        <details>
          <summary>Show {data.count > LISTED ? `the newest ${LISTED}` : 'them'}</summary>
          <ul className="mute-hidden">
            {data.alerts.slice(0, LISTED).map(({ id, severity, sentence, ts }) => (
              <li key={id}>
                <SeverityBadge severity={severity} /> {inOwnZone(sentence, ts)} <When time={ts} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
