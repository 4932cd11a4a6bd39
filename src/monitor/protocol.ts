/** What the main thread and the thread of the live monitor say to each other. */
import type { Alert } from '../alert/alert.ts';
import type { Hidden, MuteRule } from '../alert/mute.ts';
import type { Acceptance } from '../detector/engine.ts';
import type { Device, MergeProposal } from '../device/device.ts';
import type { FlowRecord } from '../device/record/flow-record.ts';
import type { ErrorCode, ErrorParameters } from '../errors.ts';
import type { Conn } from '../flow/conn.ts';
import type { Gap } from '../source/live/source.ts';
import type { MonitorCondition, MonitorStats } from './monitor-event.ts';
import type { LiveTarget } from './target/target.ts';
import type { TrafficSecond } from './traffic-second.ts';
import type { SearchedNetwork } from './worker/own-search.ts';

/** What the owner has said of a device. */
export interface OwnerWord {
  mac: string;
  name: string | null;
  monitored: boolean;
}

export type KeptMute = MuteRule & { hidden: Hidden };

export interface LiveSetup {
  /** What is watched. */
  thing: LiveTarget;
  searchPath: string;
  learnSeconds: number;
  /** False alarms a week that the owner accepts. */
  budget?: number;
  /** Files of the owner's block lists. */
  blockLists?: readonly string[];
  stateFile: string;
  /** Folder of what was learned in advance; empty: nothing. */
  model?: string;
  /** Where packets around alerts are kept, and how many bytes of them; nowhere without it. */
  packets?: { directory: string; bytes: number };
  /** Every connection is wanted. */
  keepsHistory?: boolean;
  owner: OwnerWord[];
  mutes: KeptMute[];
  /** Alerts that may still go on. */
  alerts: Alert[];
  /** Devices that were forgotten while nothing was watched. */
  forgotten: Commands['forget']['ask'][];
}

/** A device as the monitor knows it; `event` where something has happened to it. */
export interface DeviceReport {
  device: Device;
  event: 'found' | 'online' | 'offline' | null;
  learning: boolean;
  learned_seconds: number;
}

/** Everything since the last batch, the newest of each where it is about the same thing. */
export interface Batch {
  serial: number;
  state: { ts: number; state: MonitorCondition; reason: string | null } | null;
  gaps: Gap[];
  alerts: { alert: Alert; mac: string | null }[];
  flows: { episode: string; conn: Conn }[];
  /** Every connection, for the history. */
  records: FlowRecord[];
  devices: DeviceReport[];
  traffic: TrafficSecond[];
  merges: MergeProposal[] | null;
  mutes: KeptMute[] | null;
  stats: (Omit<MonitorStats, 'gaps'> & { learned: number; heard: number }) | null;
  /** Connections of alerts, and of the history, that there was no room for. */
  lost: number;
  lostRecords: number;
}

export interface Commands {
  own: { ask: OwnerWord; answer: undefined };
  forget: { ask: { mac: string; addresses: string[] }; answer: undefined };
  merge: { ask: { from: string; into: string }; answer: boolean };
  mute: { ask: MuteRule; answer: undefined };
  unmute: { ask: string; answer: undefined };
  expect: { ask: { alert: Alert; rule: MuteRule }; answer: { rule: MuteRule; learned: Acceptance } };
  met: { ask: { mac: string; address: string }[]; answer: undefined };
  /** A search of the own network begins; null: it has ended. */
  search: { ask: SearchedNetwork | null; answer: undefined };
  stop: { ask: null; answer: undefined };
}
export type CommandName = keyof Commands;
export type Command = { [Name in CommandName]: { name: Name; ask: Commands[Name]['ask'] } }[CommandName];

export type ToLive = ({ type: 'command'; id: number } & Command) | { type: 'taken'; serial: number };

export type FromLive =
  | { type: 'ready'; source: string }
  | { type: 'refused'; code: ErrorCode; parameters: ErrorParameters<ErrorCode> }
  | ({ type: 'batch' } & Batch)
  | { type: 'answer'; id: number; answer: unknown }
  | { type: 'trouble'; line: string };
