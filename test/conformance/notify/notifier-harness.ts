/** A notifier on a real store and real receivers, with a clock that the test turns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createLog, type Log } from '../../../src/log.ts';
import type { Outbox } from '../../../src/notify/delivery/outbox.ts';
import { createNotifier, type Notifier, type NotifierOptions } from '../../../src/notify/notifier.ts';
import { type NotificationSettings, notificationSettingsSchema } from '../../../src/notify/settings/settings.ts';
import { createSecrets } from '../../../src/notify/transport/secret.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { type HttpBehaviour, type ReceivedRequest, startHttpSink } from './http-sink.ts';
import { ManualClock, until } from './manual-clock.ts';
import type { Sink } from './sink.ts';
import { noon } from './subject.ts';

export interface TestBench {
  clock: ManualClock;
  directory: string;
  store: Store;
  log: Log;
  logged(): string;
  /** A receiver, and the settings of a webhook to it. */
  receiver(name: string, behaviour?: HttpBehaviour): Promise<Receiver>;
  /** A started notifier; `settings` as an owner writes them. */
  start(settings: Record<string, unknown>, options?: Partial<NotifierOptions>): Promise<Notifier>;
  close(): Promise<void>;
}

export interface Receiver {
  sink: Sink<ReceivedRequest>;
  settings: Record<string, unknown>;
  /** Titles of the messages that came, in order. */
  titles(): string[];
  /** From now on it behaves like this. */
  become(behaviour: HttpBehaviour): void;
  bodies(): { id: string; type: string; data: { title: string; text: string; count: number } }[];
}

export async function createTestBench(): Promise<TestBench> {
  const directory = mkdtempSync(path.join(tmpdir(), 'guardian-notify-'));
  const clock = new ManualClock(noon);
  const lines: string[] = [];
  const log = createLog({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const store = await openSqliteStore({ directory, log });
  const started: Notifier[] = [];
  const sinks: Sink<ReceivedRequest>[] = [];
  return {
    clock,
    directory,
    store,
    log,
    logged: () => lines.join(''),
    async receiver(name, behaviour = 'ok') {
      const sink = await startHttpSink(behaviour);
      sinks.push(sink);
      const bodies = (): ReturnType<Receiver['bodies']> => sink.received.map(({ body }) => JSON.parse(body));
      return {
        sink,
        settings: { kind: 'webhook', name, url: `http://127.0.0.1:${sink.port}/` },
        bodies,
        become: sink.become,
        titles: () => bodies().map(({ data }) => data.title),
      };
    },
    async start(settings, options = {}) {
      const { channels, rules, lanTargets, storm }: NotificationSettings = notificationSettingsSchema.parse({
        lanTargets: ['127.0.0.1'],
        ...settings,
      });
      const notifier = createNotifier({
        channels,
        rules,
        lanTargets,
        storm: { messages: storm.messages, windowMs: storm.windowMinutes * 60_000 },
        outbox: store.outbox satisfies Outbox,
        clock,
        timers: clock,
        log,
        secrets: createSecrets({ env: {}, keyFile: path.join(directory, 'secret.key') }),
        timeZone: 'Europe/Berlin',
        random: () => 1,
        ...options,
      });
      await notifier.start();
      started.push(notifier);
      return notifier;
    },
    async close() {
      await Promise.all(started.map((notifier) => notifier.stop()));
      await Promise.all(sinks.map((sink) => sink.close()));
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

export const minute = 60_000;
export const hour = 60 * minute;

export const arrived = (receiver: Receiver, count: number): Promise<void> =>
  until(() => receiver.sink.received.length >= count, `${count} messages`);

export interface OnTestBench {
  bench: TestBench;
  phone: Receiver;
  /** Messages that the receiver has once the clock has gone on by `ms`. */
  countAfter(receiver: Receiver, ms: number): Promise<number>;
}

/** A bench and a receiver for each test; what it gives is filled in before each. */
export function onTestBench(): OnTestBench {
  const at = {
    async countAfter(receiver, ms) {
      await at.bench.clock.advance(ms);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return receiver.sink.received.length;
    },
  } as OnTestBench;
  beforeEach(async () => {
    at.bench = await createTestBench();
    at.phone = await at.bench.receiver('phone');
  });
  afterEach(() => at.bench.close());
  return at;
}
