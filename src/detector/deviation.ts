/** What stands out in what a gauge has measured, in units that people know, beside what is usual. */
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

export type Deviation = Amount | Rare;
/** Lowest and highest usual value of a feature, as the detectors see it; null where nothing was learned. */
export type UsualOf = (feature: number) => readonly [number, number] | null;

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
