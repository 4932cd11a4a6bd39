/** Reading and writing the words through which the two sides tell each other what changes (../ledger.ts). */
import { LEDGER_AT } from '../ledger';

// @ts-ignore: decorator
@inline
export function ledger(index: usize): i32 {
  return load<i32>(<usize>LEDGER_AT + (index << 2));
}

// @ts-ignore: decorator
@inline
export function addToLedger(index: usize, amount: i32): void {
  store<i32>(<usize>LEDGER_AT + (index << 2), ledger(index) + amount);
}
