/** The last two minutes, second by second, as the live events tell them: of the network and of each device. */
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../../src/api/contract.ts';

export type TrafficEvent = Extract<LiveEvent, { type: 'monitor.traffic' }>;

/** Seconds that are remembered. */
export const PULSE_SECONDS = 120;
/** Nothing is told of a second without a packet: after this long there was none. */
const SILENT_MS = 1800;

let seconds: readonly TrafficEvent[] = [];
let heardAt = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function keep(next: readonly TrafficEvent[]): void {
  seconds = next.slice(-PULSE_SECONDS);
  for (const listener of listeners) listener();
}

const silence = (ts: number): TrafficEvent => ({
  type: 'monitor.traffic',
  ts,
  packets: 0,
  bytes: 0,
  strangeness: null,
  connections: 0,
  contacts: 0,
  dropped: 0,
  devices: [],
});

export function addPulse(event: TrafficEvent): void {
  heardAt = Date.now();
  const before = seconds.filter(({ ts }) => ts < event.ts);
  const last = before.at(-1);
  const since = last ? Math.max(last.ts + 1, event.ts - PULSE_SECONDS) : event.ts;
  const silent = Array.from({ length: Math.round(event.ts - since) }, (_, i) => silence(since + i));
  keep([...before, ...silent, event]);
}

/** What was watched before is not the past of what is watched now. */
export const clearPulse = (): void => keep([]);

function tick(): void {
  const last = seconds.at(-1);
  if (last && Date.now() - heardAt > SILENT_MS) keep([...seconds, silence(last.ts + 1)]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Oldest first, without a second left out; a new array each second. */
export const usePulse = (): readonly TrafficEvent[] => useSyncExternalStore(subscribe, () => seconds);

/** Packets in each second up to the newest, oldest first; a device that says nothing has zeros. */
export function packetsOf(pulse: readonly TrafficEvent[], mac: string): number[] {
  return pulse.map(({ devices }) => devices.find((device) => device.mac === mac)?.packets ?? 0);
}
