/** What the live monitor watches, whatever it is: packets or records come in, and it says whether it sees. */
import type { Clock } from '../../clock.ts';
import type { Packet } from '../../packet/packet.ts';
import type { OnConn } from '../flow-format.ts';
import type { Accounting } from '../source.ts';

export type SourceState = 'starting' | 'watching' | 'degraded' | 'blind';

/** A time that was not seen, in seconds since 1970; `to` is null while it lasts. */
export interface Gap {
  from: number;
  to: number | null;
  reason: string;
}

/** Who takes what a source gives. */
export interface LiveSink {
  /** A frame that is still to be decoded, in a reused packet. */
  onPacket(packet: Packet): void;
  onConn: OnConn;
  onState(state: SourceState, reason: string | null): void;
  /** Called when a gap begins and when it ends. */
  onGap(gap: Gap): void;
}

export interface LiveSource {
  /** For the owner: "eth0", "br-lan on router", "NetFlow on 127.0.0.1:2055". */
  readonly name: string;
  /** The newest of them, oldest first. */
  readonly gaps: readonly Gap[];
  /** The time that it tells, where that is not this machine's. */
  readonly clock?: Clock;
  /** How often it was started, by itself and again by its watchdog. */
  readonly starts: number;
  /** Process id of what runs for it now, where something does. */
  readonly pid?: number | undefined;
  /** Begins; once. Throws AppError where it can never begin. */
  start(sink: LiveSink): Promise<void> | void;
  /** Hands on what is under way, then ends. */
  stop(): Promise<void>;
  /** Its packets or records so far; `parsed` are those that the sink was given. */
  account(): Accounting;
}

/** Nothing is seen for so long: whoever is told of no less is told of that. */
export const BLIND_AFTER_MS = 15_000;
/** Gaps that are remembered. */
export const REMEMBERED_GAPS = 1_000;
