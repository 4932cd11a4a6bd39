/**
 * Live events for dashboards, as server-sent events. A client that does not read costs a bounded buffer and is let
 * go after a while; what it missed of a progress is worth nothing once a newer one is there.
 */
import type { ServerResponse } from 'node:http';
import type { EventBus, GuardianEvent } from '../events.ts';

const MAX_WAITING = 1000;

export interface LiveOptions {
  bus: EventBus;
  maxClients: number;
  /** A comment is sent this often, so that both ends notice a dead connection. */
  heartbeatMs: number;
  /** A client that reads nothing for this long is let go. */
  stalledMs: number;
}

class Client {
  readonly response: ServerResponse;
  /** Events that wait until the client reads again, progress by its request: the newest replaces the one before. */
  readonly #waiting = new Map<string, GuardianEvent>();
  #stalledSince: number | null = null;
  #serial = 0;

  constructor(response: ServerResponse) {
    this.response = response;
    response.on('drain', () => this.#flush());
  }

  send(event: GuardianEvent): void {
    if (this.#stalledSince === null) {
      this.#write(event);
      return;
    }
    const key = event.type === 'scan.progress' ? event.request_id : `${++this.#serial}`;
    this.#waiting.set(key, event);
    if (this.#waiting.size > MAX_WAITING) this.response.destroy();
  }

  beat(stalledMs: number): void {
    if (this.#stalledSince === null) this.#writeText(':\n\n');
    else if (performance.now() - this.#stalledSince > stalledMs) this.response.destroy();
  }

  #write(event: GuardianEvent): void {
    this.#writeText(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #writeText(text: string): void {
    if (!this.response.write(text)) this.#stalledSince = performance.now();
  }

  #flush(): void {
    this.#stalledSince = null;
    for (const [key, event] of this.#waiting) {
      this.#waiting.delete(key);
      this.#write(event);
      if (this.#stalledSince !== null) return;
    }
  }
}

export interface LiveEvents {
  /** False when there are too many clients already; else the response belongs to the stream from now on. */
  attach(response: ServerResponse, headers: Record<string, string | string[] | number | undefined>): boolean;
  close(): void;
}

export function createLiveEvents({ bus, maxClients, heartbeatMs, stalledMs }: LiveOptions): LiveEvents {
  const clients = new Set<Client>();
  const unsubscribe = bus.subscribe((event) => {
    for (const client of clients) client.send(event);
  });
  const heartbeat = setInterval(() => {
    for (const client of clients) client.beat(stalledMs);
  }, heartbeatMs).unref();

  return {
    attach(response, headers) {
      if (clients.size >= maxClients) return false;
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
      const client = new Client(response);
      clients.add(client);
      response.on('close', () => clients.delete(client));
      client.beat(stalledMs);
      return true;
    },
    close() {
      clearInterval(heartbeat);
      unsubscribe();
      for (const { response } of clients) response.end();
    },
  };
}
