/** A demonstration never passes for somebody's network. */
import { Icon } from '../part/icon.tsx';
import { useMonitor } from './queries.ts';

export function DemoStrip() {
  if (useMonitor().data?.source !== 'demo') return null;
  return (
    <aside className="strip" aria-label="Demonstration">
      <Icon name="info" />
      <span className="strip-name">Demonstration: a simulated home that is being attacked, not your network.</span>
    </aside>
  );
}
