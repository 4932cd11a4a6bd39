/** Nothing pretends to be live that is not. */
import { formatExact } from '../format.ts';
import { useConnectionLost } from '../live.ts';
import { Icon } from './icon.tsx';

export function StaleStrip() {
  const lostAt = useConnectionLost();
  return (
    <div role="status">
      {lostAt !== null && (
        <div className="strip strip-stale">
          <Icon name="high" />
          <span className="strip-name">
            The connection to Guardian is lost. What you see is from {formatExact(new Date(lostAt))}, and may be out of
            date; it is updated as soon as Guardian answers.
          </span>
        </div>
      )}
    </div>
  );
}
