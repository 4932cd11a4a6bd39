/** Live events of the server, one connection for the whole dashboard. */
import { useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../src/api/contract.ts';

type Listener = (event: LiveEvent) => void;

const types = {
  'scan.started': true,
  'scan.progress': true,
  'scan.finished': true,
  'scan.failed': true,
  'monitor.state': true,
  'monitor.gap': true,
  'monitor.traffic': true,
  'alert.raised': true,
  'alert.updated': true,
  'device.found': true,
  'device.changed': true,
  'device.forgotten': true,
} satisfies Record<LiveEvent['type'], true>;

/** After an answer that is no stream the browser does not try again by itself. */
const RETRY_MS = 5000;

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let source: EventSource | undefined;
/** Since when nothing comes, in milliseconds since 1970; null while the connection stands, or was never there. */
let lostAt: number | null = null;

function receive({ data }: MessageEvent<string>): void {
  const event = JSON.parse(data) as LiveEvent;
  for (const listener of listeners) listener(event);
}

function setLost(at: number | null): void {
  if ((at === null) === (lostAt === null)) return;
  lostAt = at;
  for (const watcher of watchers) watcher();
}

function connect(): void {
  const opened = new EventSource('/api/v1/events');
  source = opened;
  for (const type of Object.keys(types)) opened.addEventListener(type, receive);
  opened.onopen = () => setLost(null);
  opened.onerror = () => {
    setLost(Date.now());
    if (opened.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      if (source === opened) connect();
    }, RETRY_MS);
  };
}

/** Returns the function that ends the subscription. */
export function subscribeLive(listener: Listener): () => void {
  listeners.add(listener);
  if (!source) connect();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    source?.close();
    source = undefined;
  };
}

export function watchConnection(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const connectionLostAt = (): number | null => lostAt;

/** Since when the page may be out of date, in milliseconds since 1970; null while it is kept current. */
export const useConnectionLost = (): number | null => useSyncExternalStore(watchConnection, connectionLostAt);
