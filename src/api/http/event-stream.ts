/**
 * Live events for dashboards, as server-sent events. A client that does not read costs a bounded buffer and is let
 * go after a while; what it missed of a
 * progress or a state is worth nothing once a newer one is there.
 */
import type { ServerResponse } from 'node:http';
import type { EventBus } from '../../events.ts';
import type { LiveEvent } from '../contract.ts';

const MAX_WAITING = 1000;

export interface LiveOptions {
  bus: EventBus<LiveEvent>;
  maxClients: number;
  /** A comment is sent this often, so that both ends notice a dead connection. */
  heartbeatMs: number;
  /** A client that reads nothing for this long is let go. */
  stalledMs: number;
}

/** Whether the client may still hear what happens. */
export type MayStay = () => Promise<boolean>;

/** Rights that were taken on the command line are noticed so soon. */
const RECHECK_MS = 400;
/** How long the end of a stream may take. */
const LINGER_MS = 300;

class Client {
  readonly response: ServerResponse;
  readonly #mayStay: MayStay | undefined;
  /** Events that wait until the client reads again, by what a newer one of the same kind replaces. */
  readonly #waiting = new Map<string, LiveEvent>();
  #stalledSince: number | null = null;
  #serial = 0;

  constructor(response: ServerResponse, mayStay: MayStay | undefined) {
    this.response = response;
    this.#mayStay = mayStay;
    response.on('drain', () => this.#flush());
  }

  send(event: LiveEvent): void {
    if (this.#stalledSince === null) {
      this.#write(event);
      return;
    }
    const key = supersededBy(event) ?? `${++this.#serial}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, event);
    if (this.#waiting.size > MAX_WAITING) this.response.destroy();
  }

  beat(stalledMs: number): void {
    if (this.#stalledSince === null) this.#writeText(':\n\n');
    else if (performance.now() - this.#stalledSince > stalledMs) this.response.destroy();
  }

  async recheck(): Promise<void> {
    // A store that does not answer says nothing about anybody's rights; it is asked again.
    const stays = (await this.#mayStay?.().catch(() => true)) ?? true;
    if (stays) return;
    this.response.end();
    // Whoever does not read does not see the end either.
    setTimeout(() => this.response.destroy(), LINGER_MS).unref();
  }

  #write(event: LiveEvent): void {
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

/** What a newer event of the same name makes worthless; null where each says something of its own. */
function supersededBy(event: LiveEvent): string | null {
  switch (event.type) {
    case 'scan.progress':
      return `progress ${event.request_id}`;
    case 'monitor.traffic':
    case 'monitor.state':
      return event.type;
    case 'alert.updated':
      return `alert ${event.alert.id}`;
    case 'device.changed':
      return `device ${event.device.mac}`;
    default:
      return null;
  }
}

export interface LiveEvents {
  /** False when there are too many clients already; else the response belongs to the stream from now on. */
  attach(
    response: ServerResponse,
    headers: Record<string, string | string[] | number | undefined>,
    mayStay?: MayStay,
  ): boolean;
  /** Lets go who may not stay. */
  recheck(): void;
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

  const recheck = () => {
    for (const client of clients) void client.recheck();
  };
  const rechecking = setInterval(recheck, RECHECK_MS).unref();

  return {
    recheck,
    attach(response, headers, mayStay) {
      if (clients.size >= maxClients) return false;
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
      const client = new Client(response, mayStay);
      clients.add(client);
      response.on('close', () => clients.delete(client));
      client.beat(stalledMs);
      return true;
    },
    close() {
      clearInterval(heartbeat);
      clearInterval(rechecking);
      unsubscribe();
      for (const { response } of clients) response.end();
    },
  };
}
