/** The last two minutes, second by second, as the live events tell them: of the network and of each device. */
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../../src/api/contract.ts';

export type TrafficEvent = Extract<LiveEvent, { type: 'monitor.traffic' }>;

/** Seconds that are remembered. */
export const PULSE_SECONDS = 120;

let seconds: readonly TrafficEvent[] = [];
const listeners = new Set<() => void>();

export function addPulse(event: TrafficEvent): void {
  const oldest = event.ts - PULSE_SECONDS;
  seconds = [...seconds.filter(({ ts }) => ts > oldest && ts < event.ts), event];
  for (const listener of listeners) listener();
}

/** What was watched before is not the past of what is watched now. */
export function clearPulse(): void {
  seconds = [];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Oldest first; a new array each second. */
export const usePulse = (): readonly TrafficEvent[] => useSyncExternalStore(subscribe, () => seconds);

/** Packets in each second up to the newest, oldest first; a device that says nothing has zeros. */
export function packetsOf(pulse: readonly TrafficEvent[], mac: string): number[] {
  return pulse.map(({ devices }) => devices.find((device) => device.mac === mac)?.packets ?? 0);
}
