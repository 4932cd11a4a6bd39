/** Tells the owner: decides by the rules who is told of an alert and when, and sees to it that it arrives. */
import { randomUUID } from 'node:crypto';
import type { Severity } from '../alert/severity.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import { attempt, type Failure } from './attempt.ts';
import { ChannelQueue } from './channel-queue.ts';
import { type ChannelConfig, createChannel } from './channels.ts';
import { Decider } from './decide.ts';
import type { ChannelTools, DeviceRisk } from './define-channel.ts';
import { addAttempt, fromRow, newDelivery } from './delivery.ts';
import { type DeliveryRecord, type Explanation, explain, listDeliveries } from './delivery-log.ts';
import { Dispatcher } from './dispatcher.ts';
import { createHttpPost } from './http-post.ts';
import { Journal } from './journal.ts';
import { cleanSubject, composeTest, type Subject } from './message.ts';
import type { DeliveryQuery, Outbox } from './outbox.ts';
import { plainLine } from './plain-text.ts';
import type { Decision } from './route.ts';
import { defaultRule, type Rule } from './rule.ts';
import type { Secrets } from './secret.ts';
import type { StormLimits } from './storm.ts';
import { createTargetGuard } from './target-guard.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface NotifierOptions {
  channels: ChannelConfig[];
  /** None: everything from Medium up on every channel. */
  rules: Rule[];
  outbox: Outbox;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  /** Machines of the owner's network that HTTP channels may reach. */
  lanTargets?: string[];
  /** The port on which Guardian listens: never a target. */
  ownPort?: number | null;
  timeZone?: string;
  storm?: StormLimits;
  /** Version of Guardian. */
  version?: string;
  timers?: Timers;
  random?: () => number;
}

/** What Guardian says of itself: that it is blind, that the disk is full. */
export type Notice = Pick<Subject, 'id' | 'severity' | 'sentence' | 'meaning' | 'advice'>;

export interface TestResult {
  ok: boolean;
  seconds: number;
  error: Pick<Failure, 'code' | 'message' | 'hint'> | null;
}

export interface ChannelStatus {
  name: string;
  kind: ChannelConfig['kind'];
  enabled: boolean;
  waiting: number;
  held: number;
  /** Null while it works; times in milliseconds since 1970 UTC. */
  failing: { code: string; message: string; nextAttempt: number } | null;
}

export interface Notifier {
  /** Begins to send, with what an earlier run left. */
  start(): Promise<void>;
  /** Ends attempts under way; what waits is kept. */
  stop(): Promise<void>;
  /** Decides and keeps what follows; again with the same id, it tells only what has become more severe. Never waits for a channel. */
  notify(alert: Subject): Promise<Decision[]>;
  announce(notice: Notice): Promise<Decision[]>;
  /** Somebody looks after it: calls its escalations off. */
  acknowledge(alert: string): Promise<void>;
  /** For channels that show states: an alert raises the risk of its device by itself, this also lowers it. */
  reportRisk(risk: DeviceRisk): void;
  forgetDevice(address: string): Promise<void>;
  /** Sends a test message at once, past rules and queue. Rejects with AppError `channel_not_found`. */
  sendTest(channel: string): Promise<TestResult>;
  /** Newest first. */
  deliveries(query?: Partial<DeliveryQuery>): Promise<DeliveryRecord[]>;
  /** Sends a dead letter again. Rejects with AppError `delivery_not_found` or `channel_not_found`. */
  retry(delivery: string): Promise<void>;
  /** Why somebody was, or was not, notified of an alert. */
  explain(alert: string): Promise<Explanation>;
  status(): ChannelStatus[];
}

/** Decisions of an earlier run that a start takes up. */
const REMEMBERED_DECISIONS = 10_000;

export function createNotifier(options: NotifierOptions): Notifier {
  const { outbox, clock, log, secrets, timers = systemTimers, random = Math.random, version = 'dev' } = options;
  const { lanTargets = [], ownPort = null, storm = { messages: 5, windowMs: 600_000 } } = options;
  const timeZone = options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const rules = options.rules.length > 0 ? options.rules : [defaultRule];
  const channels = options.channels.filter(({ enabled }) => enabled);

  const journal = new Journal(outbox, timers, log);
  const attemptTools = { clock, timers, log, redact: secrets.redact };
  const guard = createTargetGuard({ lanTargets, ownPort });
  const tools: ChannelTools = {
    post: createHttpPost(guard, `home-iot-guardian/${version}`, () => clock.now()),
    reveal: secrets.reveal,
    clock,
    timers,
    log,
    version,
  };
  const queues = new Map(
    channels.map((config) => {
      const { name } = config;
      const queue = new ChannelQueue({
        ...attemptTools,
        name,
        channel: createChannel(config, tools),
        random,
        onChange(delivery) {
          journal.delivery(delivery);
          void journal.flush();
        },
        onIdle: () => dispatcher.run(),
      });
      return [name, queue] as const;
    }),
  );
  const dispatcher = new Dispatcher({ queues, journal, outbox, clock, timers, timeZone, log });
  const decider = new Decider({ channels, rules, storm, dispatcher, clock, timeZone });

  async function tell(raw: Subject): Promise<Decision[]> {
    const subject = cleanSubject(raw);
    const decisions = decider.decide(subject);
    const { id: alert, severity, address } = subject;
    journal.decide({ alert, ts: clock.now(), severity, address, decisions: JSON.stringify(decisions) });
    await dispatcher.settle();
    return decisions;
  }

  function reportRisk(risk: DeviceRisk): void {
    const clean = {
      ...risk,
      address: plainLine(risk.address, 100),
      device: plainLine(risk.device, 100),
      sentence: risk.sentence && plainLine(risk.sentence, 500),
    };
    for (const { channel } of queues.values()) channel.setRisk?.(clean);
  }

  function queueOf(name: string): ChannelQueue {
    const queue = queues.get(name);
    if (queue) return queue;
    const known = [...queues.keys()].join(', ') || 'none';
    throw new AppError('channel_not_found', { name: plainLine(name, 64), known });
  }

  return {
    async start() {
      const state = await outbox.load({ decisions: REMEMBERED_DECISIONS }).catch((error) => {
        // Better to tell of new alerts without the old ones than not at all.
        log.error({ err: error }, 'Notifications of an earlier run cannot be read');
        return { deliveries: [], held: [], decisions: [] };
      });
      for (const { alert, severity } of state.decisions) decider.remember(alert, severity as Severity);
      await dispatcher.start(state);
    },

    stop: () => dispatcher.stop(),

    notify(alert) {
      const { address, device, severity, sentence, ts, kind } = alert;
      if (kind !== 'notice') reportRisk({ address, device, severity, kind, sentence, since: ts });
      return tell(alert);
    },

    announce(notice) {
      const ts = Math.floor(clock.now() / 1000);
      const itself = { kind: 'notice', device: 'Home IoT Guardian', address: '', detector: 'guardian' } as const;
      return tell({ ...notice, ...itself, confidence: 1, ts, end_ts: ts, evidence: {}, uids: [], flows: 0 });
    },

    async acknowledge(alert) {
      for (const queue of queues.values()) queue.cancel(({ escalates }) => escalates === alert);
      await dispatcher.settle();
    },

    reportRisk,

    async forgetDevice(address) {
      dispatcher.forget(address);
      for (const { channel } of queues.values()) channel.forget?.(address);
      await journal.flush();
      await outbox.forget(address);
    },

    async sendTest(name) {
      const { channel } = queueOf(name);
      const now = clock.now();
      const message = composeTest(name, { id: randomUUID(), now, timeZone });
      const { seconds, failure } = await attempt(
        `Channel "${name}"`,
        (signal) => channel.send(message, signal),
        attemptTools,
      );
      const error = failure && { code: failure.code, message: failure.message, hint: failure.hint };
      const delivery = newDelivery(name, message, now);
      addAttempt(delivery, { ts: now, seconds, error });
      delivery.status = failure ? 'dead' : 'delivered';
      delivery.ended = clock.now();
      journal.delivery(delivery);
      await journal.flush();
      return { ok: !failure, seconds, error };
    },

    async deliveries(query) {
      await journal.flush();
      return listDeliveries(outbox, journal.unwritten(), { limit: 100, ...query });
    },

    async retry(id) {
      await journal.flush();
      const [row] = await outbox.deliveriesById([id]);
      if (row?.status !== 'dead') throw new AppError('delivery_not_found', {});
      queueOf(row.channel);
      const now = clock.now();
      // Its age begins anew, else it would be too old at once.
      dispatcher.enqueue({ ...fromRow(row), status: 'waiting', created: now, due: now, ended: null, attempts: 0 });
      await dispatcher.settle();
    },

    async explain(alert) {
      await journal.flush();
      return explain(outbox, journal.unwritten(), alert);
    },

    status: () =>
      options.channels.map(({ name, kind, enabled }) => {
        const { waiting, failing } = queues.get(name)?.status() ?? { waiting: 0, failing: null };
        return { name, kind, enabled, waiting, held: dispatcher.heldFor(name), failing };
      }),
  };
}
