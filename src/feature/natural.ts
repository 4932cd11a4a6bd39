/** Features back in the units that people know: what detectors compare are logarithms. */

export interface Quantity {
  value: number;
  unit: string;
}

/** "ln ms / 2" 4.6 is 10 s. Times come in seconds; a unit that is no logarithm stays as it is. */
export function natural(unit: string, value: number): Quantity {
  const [, name, half] = /^ln ([a-z]+)( \/ 2)?$/i.exec(unit) ?? [];
  // A letter of the history is there or not.
  if (name === undefined) return { value: value > 0 ? 1 : 0, unit: '' };
  const plain = Math.max(0, Math.expm1(half ? 2 * value : value));
  const rounded = Number(plain.toPrecision(6));
  return name === 'ms' ? { value: rounded / 1000, unit: 's' } : { value: rounded, unit: name };
}
