/** The real live monitor on a store of its own, watching a simulated home, with everything that it tells written down. */
import path from 'node:path';
import type { LiveAlert, LiveEvent, MonitorStatus } from '../src/api/contract.ts';
import { systemClock } from '../src/clock.ts';
import { createEventBus } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import type { LiveNotifier, MonitorSessionOptions } from '../src/monitor/server/session.ts';
import type { DemoOptions } from '../src/monitor/target/demo-source.ts';
import type { Store } from '../src/store/store.ts';

/** An hour is learned, and after it a device looks for victims. */
export const smallHome: Partial<DemoOptions> = {
  devices: ['hub', 'camera', 'plug'],
  pastHours: 1,
  hours: 1,
  attacks: [{ kind: 'scan', at: 4 }],
};
export const LEARN_SECONDS = 2400;

export interface Told {
  alerts: LiveAlert[];
  met: { address: string; name: string }[];
  resumed: number[];
  forgot: string[];
  sights: Pick<MonitorStatus, 'state' | 'reason' | 'since'>[];
}

export function createRecorder(): { told: Told; teller: LiveNotifier } {
  const told: Told = { alerts: [], met: [], resumed: [], forgot: [], sights: [] };
  return {
    told,
    teller: {
      alerted: (alert) => void told.alerts.push(alert),
      alertedAgain: (alert) => void told.alerts.push(alert),
      met: (device) => void told.met.push(device),
      resume: (open) => void told.resumed.push(...open.map(({ id }) => id)),
      forgot: async (address) => void told.forgot.push(address),
      sees: (sight) => void told.sights.push(sight),
    },
  };
}

export interface LiveParts {
  options: MonitorSessionOptions;
  told: Told;
  events: LiveEvent[];
}

export function liveOptions(store: Store, directory: string): LiveParts {
  const { told, teller } = createRecorder();
  const bus = createEventBus<LiveEvent>();
  const events: LiveEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const options: MonitorSessionOptions = {
    ...{ store, bus, teller, clock: systemClock, log: createLog({ level: 'silent' }) },
    stateFile: path.join(directory, 'monitor-state.json'),
    searchPath: process.env.PATH ?? '',
    learnSeconds: LEARN_SECONDS,
  };
  return { options, told, events };
}

type Missing<T> = T | undefined | null | false;

/** Looks again and again until it is there; fails after `seconds`. */
export async function until<T>(look: () => Missing<T> | Promise<Missing<T>>, seconds = 60): Promise<T> {
  for (const end = performance.now() + 1000 * seconds; ; ) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
