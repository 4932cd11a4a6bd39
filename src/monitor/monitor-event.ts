/** What the monitor says while it runs. */
import type { Alert } from '../alert/alert.ts';
import type { Device } from '../device/device.ts';
import type { Gap } from '../source/live/source.ts';
import type { Accounting } from '../source/source.ts';

/** `learning` and `watching` are fine; `degraded` and `blind` miss something, and say why. */
export type MonitorCondition = 'starting' | 'learning' | 'watching' | 'degraded' | 'blind';

export interface MonitorStats extends Accounting {
  connections: number;
  devices: number;
  alerts: number;
  /** How often the source was started. */
  starts: number;
  gaps: Gap[];
}

export type MonitorEvent =
  | ({ type: 'alert'; updated: boolean } & Alert)
  | ({ type: 'device'; event: 'found' | 'online' | 'offline' } & Device)
  | { type: 'state'; ts: number; state: MonitorCondition; reason: string | null }
  | ({ type: 'gap' } & Gap)
  | ({ type: 'stats'; ts: number } & MonitorStats);
