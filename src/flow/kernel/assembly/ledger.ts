/** The ledger (../ledger.ts). */
import { LEDGER_AT, MASK, SEED } from '../ledger';
import { real, setReal, word } from './bytes';

// @ts-ignore: decorator
@inline
export function hashSeed(): i32 {
  return word(LEDGER_AT, SEED);
}

// @ts-ignore: decorator
@inline
export function tableMask(): u32 {
  return word(LEDGER_AT, MASK);
}

// @ts-ignore: decorator
@inline
export function entry(index: usize): f64 {
  return real(LEDGER_AT, index);
}

// @ts-ignore: decorator
@inline
export function setEntry(index: usize, value: f64): void {
  setReal(LEDGER_AT, index, value);
}

// @ts-ignore: decorator
@inline
export function count(index: usize, amount: i32): void {
  setReal(LEDGER_AT, index, real(LEDGER_AT, index) + <f64>amount);
}
