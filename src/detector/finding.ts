/** What a detector has noticed, in numbers: alert/ finds the words. */
import type { Host } from '../feature/host.ts';

export const findingKinds = [
  'scan',
  'brute-force',
  'beacon',
  'flood',
  'slow-dos',
  'exfiltration',
  'spoofing',
  'protocol-abuse',
  'dns-tunnel',
  'generated-names',
  'rate',
  'sequence',
  'rhythm',
  'silence',
  'new-destination',
  'new-device',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
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
  /** The numbers behind the sentence, by name. */
  evidence: Record<string, number | string>;
}

export type Report = (finding: Finding) => void;
