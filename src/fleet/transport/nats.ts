/** The way to a hub over NATS: batches into its streams, cursors back over a subject of the house's own. */
import { JetStreamApiError, jetstream } from '@nats-io/jetstream';
import {
  type Authenticator,
  connect,
  headers,
  type NatsConnection,
  type NodeConnectionOptions,
  nkeyAuthenticator,
} from '@nats-io/transport-node';
import { z } from 'zod';
import { askSubject, cursorSubject, inboxOf, laneSubject } from '../wire/subject.ts';
import type { Cursor, Uplink, UplinkState } from './uplink.ts';

export interface NatsUplinkOptions {
  servers: string[];
  /** The authority that the broker's certificate must come from; undefined for a broker without TLS, on loopback. */
  ca?: string;
  sensor: string;
  /** The house's own secret key. */
  seed: string;
  /** Of this process. */
  run: string;
}

/** "maximum bytes exceeded", "maximum messages exceeded" and "insufficient storage" of JetStream. */
const FULL = new Set([10047, 10077]);
const ANSWER_MS = 10_000;

const cursorSchema = z.object({
  epoch: z.string(),
  lane: z.enum(['alert', 'bulk']),
  committed: z.int().min(0),
});

/** A broker that is away is waited for as long as it takes, and one that hangs is noticed within a minute. */
export const patience = (servers: string[], ca: string | undefined): NodeConnectionOptions => ({
  servers,
  ...(ca !== undefined && { tls: { ca } }),
  maxReconnectAttempts: -1,
  waitOnFirstConnect: true,
  reconnectTimeWait: 2_000,
  reconnectJitter: 1_000,
  pingInterval: 20_000,
  ignoreAuthErrorAbort: true,
});

/** Resolves at once: until the broker answers, its state is `away`. */
export function connectNats({ servers, ca, sensor, seed, run }: NatsUplinkOptions): Uplink {
  const cursorListeners: ((cursor: Cursor) => void)[] = [];
  const stateListeners: ((state: UplinkState) => void)[] = [];
  const say = (state: UplinkState): void => {
    for (const listener of stateListeners) listener(state);
  };
  let ended = false;
  const authenticator: Authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
  const connecting = connect({
    ...patience(servers, ca),
    authenticator,
    inboxPrefix: inboxOf(sensor),
    name: `guardian ${sensor}`,
  });
  let nats: NatsConnection | undefined;
  void connecting.then(
    (connection) => {
      nats = connection;
      if (ended) return void connection.close();
      say('connected');
      connection.subscribe(cursorSubject(sensor), {
        callback: (error, message) => {
          const cursor = error ? undefined : parseCursors(message.string());
          for (const one of cursor ?? []) for (const listener of cursorListeners) listener(one);
        },
      });
      void watch(connection, say);
    },
    () => say('refused'),
  );

  return {
    async publish({ lane, id, payload }) {
      const connection = nats ?? (await within(connecting, ANSWER_MS));
      const head = headers();
      head.set('Guardian-Run', run);
      head.set('Guardian-Sent', String(Date.now() / 1000));
      try {
        await jetstream(connection, { timeout: ANSWER_MS }).publish(laneSubject(sensor, lane), payload, {
          msgID: id,
          headers: head,
        });
        return 'kept';
      } catch (error) {
        if (error instanceof JetStreamApiError && FULL.has(error.code)) return 'full';
        throw error;
      }
    },
    async ask(epoch) {
      const connection = nats ?? (await within(connecting, ANSWER_MS));
      const answer = await connection.request(askSubject(sensor), JSON.stringify({ epoch }), { timeout: ANSWER_MS });
      return parseCursors(answer.string()) ?? [];
    },
    onCursor: (listener) => void cursorListeners.push(listener),
    onState: (listener) => void stateListeners.push(listener),
    async close() {
      ended = true;
      await nats?.close();
    },
  };
}

async function watch(connection: NatsConnection, say: (state: UplinkState) => void): Promise<void> {
  for await (const { type, ...rest } of connection.status()) {
    if (type === 'disconnect') say('away');
    else if (type === 'reconnect') say('connected');
    else if (type === 'error' && /authorization|authentication/i.test(String((rest as { error?: unknown }).error))) {
      say('refused');
    }
  }
}

function parseCursors(text: string): Cursor[] | undefined {
  try {
    return z.array(cursorSchema).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const within = <T>(promise: Promise<T>, ms: number): Promise<T> => {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the broker does not answer')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
