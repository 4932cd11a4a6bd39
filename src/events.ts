/** What happens while the server runs, for whoever watches: a typed bus inside this process. */

/** One upload or scan, named by the request that started it. */
interface ScanEvent {
  /** Id of the request (`X-Request-Id`), so that a page recognises its own upload. */
  request_id: string;
  file: string;
}

export interface EventMap {
  'scan.started': ScanEvent;
  'scan.progress': ScanEvent & {
    /** 0 to 1. */
    fraction: number;
  };
  'scan.finished': ScanEvent & { scan_id: number; anomalies_count: number; total_samples: number };
  'scan.failed': ScanEvent & { code: string };
}

export type GuardianEvent = { [Type in keyof EventMap]: { type: Type } & EventMap[Type] }[keyof EventMap];
type Listener = (event: GuardianEvent) => void;

export interface EventBus {
  emit(event: GuardianEvent): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
}

export function createEventBus(): EventBus {
  const listeners = new Set<Listener>();
  return {
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
