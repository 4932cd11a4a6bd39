/** Light or dark: the system's choice until the owner makes another. */
import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const systemTheme = (): Theme => (system.matches ? 'dark' : 'light');
const current = (): Theme => (document.documentElement.dataset.bsTheme === 'dark' ? 'dark' : 'light');

function apply(theme: Theme): void {
  document.documentElement.dataset.bsTheme = theme;
  for (const listener of listeners) listener();
}

/** Storage may be switched off; then the choice lasts as long as the page. */
function remember(theme: Theme | null): void {
  try {
    if (theme === null) localStorage.removeItem('theme');
    else localStorage.setItem('theme', theme);
  } catch {
    // nothing to do
  }
}

let chosen = false;
try {
  chosen = localStorage.getItem('theme') !== null;
} catch {
  // nothing to do
}
system.addEventListener('change', () => {
  if (!chosen) apply(systemTheme());
});

export function toggleTheme(): void {
  const theme = current() === 'dark' ? 'light' : 'dark';
  // Back at what the system says, the system decides again.
  chosen = theme !== systemTheme();
  remember(chosen ? theme : null);
  apply(theme);
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
