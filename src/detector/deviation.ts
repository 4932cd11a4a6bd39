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

/** A sentence names no more. */
export const NAMED = 3;
/** Beyond the usual by less than this factor is nothing that a person would call different. */
const CLEAR = 1.25;
/** Below it a device is usually silent at that time: a quarter of what an even spread over the day would give. */
export const SILENT = 0.02;
/** From here on a pace is a difference in itself. */
export const FASTER = 2;

/** Whether a person would see the difference: clearly outside of the usual range, or rare, or new. */
export function isClear(deviation: Deviation): boolean {
  // What is rarer than one in twenty; of the time of day only hours that are nearly without a past.
  if ('share' in deviation) return deviation.feature !== 'time_of_day' || deviation.share < SILENT;
  const { unit, value, usual } = deviation;
  if (usual === null) return false;
  // A sign is there or not.
  if (unit === '') return value < usual[0] || value > usual[1];
  return value > usual[1] * CLEAR || value * CLEAR < usual[0];
}

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
