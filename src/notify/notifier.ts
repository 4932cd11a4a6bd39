/** Tells the owner: decides by the rules who is told of an alert and when, and sees to it that it arrives. */
import { randomUUID } from 'node:crypto';
import type { Severity } from '../alert/severity.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { DeviceRisk } from './channel/define-channel.ts';
import type { ChannelConfig } from './channels.ts';
import type { ChannelQueue, QueueStatus } from './delivery/channel-queue.ts';
import { ChannelSet } from './delivery/channel-set.ts';
import type { Decision } from './delivery/decision.ts';
import { type Attempt, addAttempt, fromRow, newDelivery } from './delivery/delivery.ts';
import { type DeliveryRecord, type Explanation, explain, listDeliveries, toRecord } from './delivery/delivery-log.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import type { DeliveryQuery, Outbox } from './delivery/outbox.ts';
import { OutboxWriter } from './delivery/outbox-writer.ts';
import { composeTest, type Message } from './message/message.ts';
import { cleanSubject, type Origin, type Subject } from './message/subject.ts';
import { Decider, type Without } from './routing/decider.ts';
import type { StormLimits } from './routing/rate-limit.ts';
import { type CompleteSettings, complete, type NotifierSettings } from './settings/notifier-settings.ts';
import { attempt, type Failure } from './transport/attempt.ts';
import { createHttpPost, type HttpPost } from './transport/http-post.ts';
import { plainLine } from './transport/plain-text.ts';
import type { Secrets } from './transport/secret.ts';
import { createTargetGuard } from './transport/target-guard.ts';
import { systemTimers, type Timers } from './transport/timers.ts';

export interface NotifierOptions extends NotifierSettings {
  outbox: Outbox;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  /** The port on which Guardian listens: never a target. */
  ownPort?: number | null;
  storm?: StormLimits;
  /** Version of Guardian. */
  version?: string;
  timers?: Timers;
  random?: () => number;
  /** A delivery has left, failed or ended. */
  onDelivery?: (delivery: DeliveryRecord) => void;
}

/** What Guardian says of itself: that it is blind, that the disk is full. */
export type Notice = Pick<Subject, 'id' | 'severity' | 'sentence' | 'meaning' | 'advice'> & {
  /** In a few words: of a mail the subject. */
  title: string;
} & Origin;

export interface TestResult {
  ok: boolean;
  seconds: number;
  error: Pick<Failure, 'code' | 'message' | 'hint'> | null;
}

export interface ChannelStatus extends QueueStatus {
  name: string;
  kind: ChannelConfig['kind'];
  enabled: boolean;
  held: number;
}

export interface Notifier {
  /** Begins to send, with what an earlier run left. */
  start(): Promise<void>;
  /** Ends attempts under way; what waits is kept. */
  stop(): Promise<void>;
  /** Resolves when the new settings rule; what waits for a channel that stays is not lost. */
  configure(settings: NotifierSettings): Promise<void>;
  /**
   * Decides and keeps what follows; again with the same id, it tells only what has become more severe, and
   * nothing is decided where that was said before. Never waits for a channel.
   */
  notify(alert: Subject, without?: Without): Promise<Decision[]>;
  announce(notice: Notice, without?: Without): Promise<Decision[]>;
  /** What was decided about it is forgotten: the next time it is told anew. */
  renew(alert: string): void;
  /** Somebody looks after it: calls its escalations off. */
  acknowledge(alert: string): Promise<void>;
  /** For channels that show states: how a device stands now. */
  reportRisk(risk: DeviceRisk): void;
  forgetDevice(address: string): Promise<void>;
  /** Sends a test message at once, past rules and queue. Rejects with AppError `channel_not_found`. */
  sendTest(channel: string): Promise<TestResult>;
  /** Keeps in the log what was sent past rules and queue, by somebody else. */
  record(channel: string, message: Message, attempt: Attempt): Promise<void>;
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
  const { ownPort = null, storm = { messages: 5, windowMs: 600_000 }, onDelivery } = options;
  const attemptTools = { clock, timers, log, redact: secrets.redact };
  const journal = new OutboxWriter(outbox, timers, log);
  let settings = complete(options);

  const postOf = ({ lanTargets }: CompleteSettings): HttpPost =>
    createHttpPost(createTargetGuard({ lanTargets, ownPort }), `home-iot-guardian/${version}`, () => clock.now());
  let post = postOf(settings);
  const set = new ChannelSet(
    {
      tools: { post: (request) => post(request), reveal: secrets.reveal, clock, timers, log, version },
      attemptTools,
      random,
      onChange(delivery) {
        journal.delivery(delivery);
        void journal.flush();
        onDelivery?.(toRecord(delivery));
      },
      onIdle: () => dispatcher.run(),
    },
    settings.active,
  );
  const timeZone = (): string => settings.timeZone;
  const dispatcher = new Dispatcher({ channels: set, journal, clock, timers, timeZone });
  const decider = new Decider({ storm, dispatcher, clock }, { ...settings, channels: settings.active });

  async function tell(raw: Subject, without?: Without): Promise<Decision[]> {
    const subject = cleanSubject(raw);
    const decisions = decider.decide(subject, without);
    if (decisions.length === 0) return [];
    const { id: alert, severity, address } = subject;
    journal.decide({ alert, ts: clock.now(), severity, address, decisions: JSON.stringify(decisions) });
    await dispatcher.settle();
    return decisions;
  }

  function queueOf(name: string): ChannelQueue {
    const queue = set.queues.get(name);
    if (queue) return queue;
    const known = [...set.queues.keys()].join(', ') || 'none';
    throw new AppError('channel_not_found', { name: plainLine(name, 64), known });
  }

  async function record(channel: string, message: Message, made: Attempt): Promise<void> {
    const delivery = newDelivery(channel, message, made.ts);
    addAttempt(delivery, made);
    delivery.status = made.error ? 'dead' : 'delivered';
    delivery.ended = clock.now();
    journal.delivery(delivery);
    if (!made.error) set.queues.get(channel)?.recover();
    onDelivery?.(toRecord(delivery));
    await dispatcher.settle();
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

    async configure(changed) {
      settings = complete(changed);
      post = postOf(settings);
      decider.configure({ ...settings, channels: settings.active });
      dispatcher.takeUp(await set.replace(settings.active));
      await dispatcher.settle();
    },

    notify: tell,

    announce(notice, without) {
      const ts = Math.floor(clock.now() / 1000);
      const itself = { kind: 'notice', device: 'Home IoT Guardian', address: '', detector: 'guardian' } as const;
      const subject = { ...notice, ...itself, confidence: 1, ts, end_ts: ts, evidence: {}, uids: [], flows: 0 };
      return tell(subject, without);
    },

    renew: (alert) => decider.forget(alert),

    async acknowledge(alert) {
      for (const queue of set.queues.values()) queue.cancel(({ escalates }) => escalates === alert);
      await dispatcher.settle();
    },

    reportRisk: (risk) => set.setRisk(risk),

    async forgetDevice(address) {
      dispatcher.forget(address);
      set.forget(address);
      await journal.flush();
      await outbox.forget(address);
    },

    async sendTest(name) {
      const queue = queueOf(name);
      const now = clock.now();
      const message = composeTest(name, { id: randomUUID(), now, timeZone: timeZone() });
      const { seconds, failure } = await attempt(
        `Channel "${name}"`,
        (signal) => queue.channel.send(message, signal),
        attemptTools,
      );
      const error = failure && { code: failure.code, message: failure.message, hint: failure.hint };
      await record(name, message, { ts: now, seconds, error });
      return { ok: !failure, seconds, error };
    },

    record,

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
      settings.channels.map(({ name, kind, enabled }) => {
        const idle = { waiting: 0, sendingSince: null, failing: null };
        const state = set.queues.get(name)?.status() ?? idle;
        return { name, kind, enabled, held: dispatcher.heldFor(name), ...state };
      }),
  };
}
