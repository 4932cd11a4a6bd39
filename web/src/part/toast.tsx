/** One line at the foot of the page about what was just done, with the way back. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import Button from 'react-bootstrap/Button';
import { Icon } from './icon.tsx';

interface Toast {
  text: string;
  failed: boolean;
  undo?: () => Promise<unknown>;
}

/** Long enough to read it and to reach its button, whatever one uses for a hand. */
const SHOWN_MS = 20_000;

let current: Toast | null = null;
const listeners = new Set<() => void>();

function show(toast: Toast | null): void {
  current = toast;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says what was done; `undo` takes it back. */
export const tell = (text: string, undo?: () => Promise<unknown>): void => show({ text, failed: false, undo });

/** Says that it was not done, and why. */
export const tellFailure = (error: Error): void => show({ text: error.message, failed: true });

/** Goes on with what came of it, also where the thing that was pressed is gone by then. */
export async function whenDone<T>(doing: Promise<T>, done: (result: T) => void): Promise<void> {
  try {
    done(await doing);
  } catch (error) {
    tellFailure(error as Error);
  }
}

export function ToastLine() {
  const toast = useSyncExternalStore(subscribe, () => current);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!toast || held) return;
    const timer = setTimeout(() => show(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast, held]);

  const takeBack = async (undo: () => Promise<unknown>) => {
    show(null);
    try {
      await undo();
      tell('Taken back.');
    } catch (error) {
      tellFailure(error as Error);
    }
  };

  return (
    // Always there, so that what appears in it is read out.
    <aside
      className="toast-place"
      aria-label="What was just done"
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <div role="status">
        {toast && (
          <div className="toast-line">
            <Icon name={toast.failed ? 'high' : 'check'} />
            <span className="toast-text">{toast.text}</span>
            {toast.undo && (
              <Button variant="link" size="sm" onClick={() => void takeBack(toast.undo!)}>
                Undo
              </Button>
            )}
            <Button variant="link" size="sm" aria-label="Dismiss" onClick={() => show(null)}>
              <Icon name="close" />
            </Button>
          </div>
        )}
      </div>
    </aside>
  );
}
