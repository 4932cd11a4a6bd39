/** Typed bus of the events inside this process. */

type Listener<Event> = (event: Event) => void;

export interface EventBus<Event> {
  emit(event: Event): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener<Event>): () => void;
}

export function createEventBus<Event>(): EventBus<Event> {
  const listeners = new Set<Listener<Event>>();
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
