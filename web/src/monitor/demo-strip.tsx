/** A demonstration never passes for somebody's network. */
import { Icon } from '../part/icon.tsx';
import { useMonitor } from './queries.ts';

/** While a simulated home is watched, nothing is offered that reaches the real one. */
export const useIsDemo = (): boolean => useMonitor().data?.source === 'demo';

export function DemoStrip() {
  if (!useIsDemo()) return null;
  return (
    <aside className="strip" aria-label="Demonstration">
      <Icon name="info" />
      <span className="strip-name">Demonstration: a simulated home that is being attacked, not your network.</span>
    </aside>
  );
}
