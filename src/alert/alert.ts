/** One alert per episode: what the owner is told. Detectors give the numbers, alert/ the words. */
import type { FindingKind } from '../detector/finding.ts';
import type { EvidenceJson } from './evidence-json.ts';
import type { Severity } from './severity.ts';
import { findingKinds } from './words/index.ts';

export const alertKinds = findingKinds;
export type AlertKind = FindingKind;

export interface Alert {
  /** Of the episode: the same whenever it is told of again, also after a restart. Verdicts on a log have none. */
  id?: string;
  kind: AlertKind;
  severity: Severity;
  /** 0 to 1: how sure Guardian is that this differs from the device's past. */
  confidence: number;
  /** Name of the device as the owner knows it, else its vendor and address. */
  device: string;
  /** Address of the device in the traffic: MAC where it is known, else IP. */
  address: string;
  /** Start and latest sign of the episode, seconds since 1970 UTC. */
  ts: number;
  end_ts: number;
  /** When its words were written last: the numbers in them are of what happened until then. */
  told_ts?: number;
  /** When it was raised: what the owner waited. */
  raised_ts?: number;
  /** IP addresses that take part: the device's, and the other end's where it is one. */
  hosts?: string[];
  /** One sentence about a named thing with a number against that device's own past. No jargon, no score. */
  sentence: string;
  /** What it may mean, hedged as the confidence is. */
  meaning: string;
  /** One to three steps to take now. */
  advice: string[];
  /** Which detector, and the numbers behind the sentence by name; `factsOf` gives them labels and units. */
  detector: string;
  evidence: EvidenceJson;
  /** Connections of the episode, at most 100; `flows` counts all. */
  uids: string[];
  flows: number;
}
