/** What the monitor is given. */
import type { Alert } from '../../alert/alert.ts';
import type { Clock } from '../../clock.ts';
import type { BlockListFiles } from '../../detector/behaviour/reach/block-list-files.ts';
import type { FlowRecord } from '../../device/record/flow-record.ts';
import type { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import type { Packet } from '../../packet/packet.ts';
import type { LiveSource } from '../../source/live/source.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import type { TrafficSecond } from '../traffic-second.ts';
import type { TrainedBaseline } from './trained-baseline.ts';

export interface MonitorOptions {
  source: LiveSource;
  /** How much is watched to learn from before everything that is unusual is told; 0 leaves the rules alone. */
  learnSeconds: number;
  /** False alarms a week that the owner accepts. */
  budget?: number;
  /** The owner's lists; they are read again when they change. */
  blockLists?: BlockListFiles;
  /** Where what was learned is kept over restarts. */
  stateFile?: string;
  /** What was learned in advance: asked for where there is no state yet. */
  loadBaselineModel?: () => Promise<TrainedBaseline | null>;
  onEvent: (event: MonitorEvent) => void;
  /** What the owner has said of devices, by link-layer address. */
  owner?: { isMonitored(mac: string): boolean };
  /** Link-layer addresses of the machine that Guardian runs on. */
  ownMacs?: ReadonlySet<string>;
  /** Traffic of every second in which there was any. */
  onSecond?: (second: TrafficSecond) => void;
  /** Every frame before it is decoded, in a reused packet. */
  onFrame?: (packet: Packet) => void;
  /** A connection that was listed with an alert. */
  onFlow?: (alert: Alert, conn: Conn) => void;
  /** Every connection as a history keeps it: when it has ended, and every minute while one goes on for long. */
  onRecord?: (record: FlowRecord) => void;
  /** A failure that does not end the monitor: the state could not be saved. */
  onTrouble: (error: AppError) => void;
  clock?: Clock;
}
