/** What a detector has noticed, in numbers: alert/ finds the words. */
import type { Host } from '../feature/host.ts';
import type { Deviation } from './deviation.ts';
import type { EvidenceOf } from './evidence.ts';

export type FindingKind = keyof EvidenceOf;

/** Said of a device's numbers as a whole, not of something that it does: any rule that speaks as well explains them. */
export const statisticalKinds = ['rate', 'rhythm', 'sequence'] as const satisfies FindingKind[];
export type StatisticalKind = (typeof statisticalKinds)[number];

export const isStatistical = (kind: FindingKind): kind is StatisticalKind =>
  (statisticalKinds as readonly FindingKind[]).includes(kind);

/** Two link-layer addresses speak under one IP address; `mac` did most of it where it is accused. */
export interface OtherVoice {
  address: string;
  mac: string;
  owner: string;
  isAccused: boolean;
}

interface Noticed {
  detector: string;
  /** Who does it. */
  host: Host;
  /** To whom, where it is one. */
  target: Host | null;
  /** When it was noticed, and when its first sign was. Seconds since 1970 UTC. */
  ts: number;
  since: number;
  /** How much more likely this is than ordinary life, in nats beyond the point where it is called out; >= 0. */
  strength: number;
  /** What stands out in a measurement, most unusual first; rules have none. */
  deviations?: readonly Deviation[];
  /** Missing where its host alone speaks under its address. */
  voice?: OtherVoice;
  /** So many addresses more that nobody knows do the same at the same time. */
  others?: number;
}

export type FindingOf<Kind extends FindingKind> = Kind extends FindingKind
  ? Noticed & { kind: Kind; evidence: EvidenceOf[Kind] }
  : never;

/** One of each kind, with the numbers of that kind. */
export type Finding = FindingOf<FindingKind>;

/** What stands out in a measurement, and the numbers of the kind of finding that it makes. */
export interface Explanation<Kind extends StatisticalKind = StatisticalKind> {
  deviations: readonly Deviation[];
  evidence: Kind extends StatisticalKind ? Omit<EvidenceOf[Kind], 'once_in_seconds' | 'continues'> : never;
}

export type Report = (finding: Finding) => void;
