/** Live events of the server, one connection for the whole dashboard; the browser reconnects by itself. */
import type { LiveEvent } from '../../src/api/contract.ts';

type Listener = (event: LiveEvent) => void;

const types: readonly LiveEvent['type'][] = ['scan.started', 'scan.progress', 'scan.finished', 'scan.failed'];
const listeners = new Set<Listener>();
let source: EventSource | undefined;

function receive({ data }: MessageEvent<string>): void {
  const event = JSON.parse(data) as LiveEvent;
  for (const listener of listeners) listener(event);
}

/** Returns the function that ends the subscription. */
export function subscribeLive(listener: Listener): () => void {
  listeners.add(listener);
  if (!source) {
    source = new EventSource('/api/v1/events');
    for (const type of types) source.addEventListener(type, receive);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    source?.close();
    source = undefined;
  };
}
