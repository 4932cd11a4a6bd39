/** Whether single letters are keys: whoever speaks to the browser, or has a cat, turns them off (WCAG 2.1.4). */
import { useSyncExternalStore } from 'react';

const NAME = 'letter-keys';
const listeners = new Set<() => void>();

function read(): boolean {
  try {
    return localStorage.getItem(NAME) !== 'off';
  } catch {
    return true; // a browser that keeps nothing
  }
}

let on = read();

export const areLetterKeysOn = (): boolean => on;

export function setLetterKeys(value: boolean): void {
  on = value;
  try {
    localStorage.setItem(NAME, value ? 'on' : 'off');
  } catch {
    // It holds until the page is left.
  }
  for (const listener of listeners) listener();
}

export const useLetterKeys = (): boolean =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, areLetterKeysOn);
