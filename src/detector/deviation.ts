/**
 * What stands out in what a gauge has measured, in units that people know, beside what is usual. As evidence each has a
 * number: feature_1, value_1, unit_1, low_1 and high_1 for an amount, share_1 for a category.
 */
import { natural } from '../feature/natural.ts';

export interface Amount {
  feature: string;
  value: number;
  unit: string;
  /** 5 % and 95 % of its own past; null where none of the kind was learned. */
  usual: readonly [low: number, high: number] | null;
}

export interface Rare {
  feature: string;
  value: number | string;
  /** Of its past; 0 where it was never seen. */
  share: number;
}

export type Standout = Amount | Rare;
/** Lowest and highest usual value of a feature, as the detectors see it; null where nothing was learned. */
export type UsualOf = (feature: number) => readonly [number, number] | null;

/** Sentences name no more. */
const NAMED = 3;

interface Feature {
  meaning: string;
  unit: string;
}

/** An amount from the value that the detectors see. */
export function amount({ meaning, unit }: Feature, value: number, usual: readonly [number, number] | null): Amount {
  return {
    feature: meaning,
    ...natural(unit, value),
    usual: usual && [natural(unit, usual[0]).value, natural(unit, usual[1]).value],
  };
}

export function asEvidence(standouts: readonly Standout[]): Record<string, number | string> {
  const evidence: Record<string, number | string> = {};
  for (const [i, standout] of standouts.slice(0, NAMED).entries()) {
    evidence[`feature_${i + 1}`] = standout.feature;
    evidence[`value_${i + 1}`] = standout.value;
    if ('share' in standout) {
      evidence[`share_${i + 1}`] = standout.share;
      continue;
    }
    if (standout.unit !== '') evidence[`unit_${i + 1}`] = standout.unit;
    if (!standout.usual) continue;
    [evidence[`low_${i + 1}`], evidence[`high_${i + 1}`]] = standout.usual;
  }
  return evidence;
}

/** Of evidence that was written so. */
export function standoutsOf(evidence: Record<string, number | string>): Standout[] {
  const found: Standout[] = [];
  for (let i = 1; evidence[`feature_${i}`] !== undefined; i++) {
    const [feature, value] = [String(evidence[`feature_${i}`]), evidence[`value_${i}`]];
    const share = evidence[`share_${i}`];
    if (share !== undefined) found.push({ feature, value, share: Number(share) });
    else {
      const low = evidence[`low_${i}`];
      const usual = low === undefined ? null : ([Number(low), Number(evidence[`high_${i}`])] as const);
      found.push({ feature, value: Number(value), unit: String(evidence[`unit_${i}`] ?? ''), usual });
    }
  }
  return found;
}
