/** Everything that follows from one alert: which channels are told at once, with others, later, or not, and why. */
import { randomUUID } from 'node:crypto';
import { severityRank } from '../../alert/severity.ts';
import type { Clock } from '../../clock.ts';
import { type ChannelConfig, channelDefinitions } from '../channels.ts';
import type { Decision } from '../delivery/decision.ts';
import { newDelivery } from '../delivery/delivery.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import { composeAlert, type Message } from '../message/message.ts';
import { type Subject, toBrief } from '../message/subject.ts';
import type { Rule } from '../settings/rule.ts';
import { RateLimit, type StormLimits } from './rate-limit.ts';
import { type Route, routeSubject } from './route.ts';

const REMEMBERED_ALERTS = 10_000;

export interface DeciderSettings {
  /** Those that are switched on. */
  channels: ChannelConfig[];
  rules: readonly Rule[];
  timeZone: string;
}

export interface DeciderOptions {
  storm: StormLimits;
  dispatcher: Dispatcher;
  clock: Clock;
}

/** Channels that are left out this time, and the reason as a sentence. */
export interface Without {
  channels: string[];
  reason: string;
}

type KnownChannels = Map<string, { config: ChannelConfig; gate: RateLimit }>;

export class Decider {
  readonly #options: DeciderOptions;
  #settings: DeciderSettings;
  #channels: KnownChannels = new Map();
  /** Worst severity that each alert was decided with, the latest at the end. */
  readonly #told = new Map<string, number>();
  /** Alerts that have come again without having become worse: an alert that goes on does so every second. */
  readonly #repeated = new Set<string>();

  constructor(options: DeciderOptions, settings: DeciderSettings) {
    this.#options = options;
    this.#settings = settings;
    this.configure(settings);
  }

  /** What was told stays told; a channel that stays keeps count of its storm. */
  configure(settings: DeciderSettings): void {
    this.#settings = settings;
    const gateOf = (name: string): RateLimit => this.#channels.get(name)?.gate ?? new RateLimit(this.#options.storm);
    this.#channels = new Map(settings.channels.map((config) => [config.name, { config, gate: gateOf(config.name) }]));
  }

  /** An earlier run has decided this alert. */
  remember(alert: string, severity: Subject['severity']): void {
    const worst = Math.max(severityRank(severity), this.#told.get(alert) ?? 0);
    this.#told.delete(alert);
    this.#told.set(alert, worst);
    this.#repeated.delete(alert);
    if (this.#told.size <= REMEMBERED_ALERTS) return;
    const oldest = this.#told.keys().next().value!;
    this.#told.delete(oldest);
    this.#repeated.delete(oldest);
  }

  /** As if nothing had been decided about it. */
  forget(alert: string): void {
    this.#told.delete(alert);
    this.#repeated.delete(alert);
  }

  /** Empty where the same has been decided before. `without`: channels that tell it in another way, and why nothing is sent there. */
  decide(subject: Subject, without?: Without): Decision[] {
    const { clock } = this.#options;
    const { rules, timeZone } = this.#settings;
    const nothing = (outcome: Decision['outcome'], reason: string): Decision[] => [
      { channel: null, rule: null, outcome, reason, delivery: null },
    ];
    if (severityRank(subject.severity) <= (this.#told.get(subject.id) ?? -1)) {
      if (this.#repeated.has(subject.id)) return [];
      this.#repeated.add(subject.id);
      return nothing('already-told', 'It was decided before, and the alert has not become more severe.');
    }
    this.remember(subject.id, subject.severity);
    if (this.#channels.size === 0) return nothing('dropped', 'No channel is set up and switched on.');

    const { routes, escalations, decisions } = routeSubject(
      subject,
      rules,
      [...this.#channels.keys()],
      clock.now(),
      timeZone,
    );
    for (const route of routes) {
      const { channel, rule } = route;
      const apart = without?.channels.includes(channel);
      const other = { channel, rule, outcome: 'dropped', reason: without?.reason ?? '', delivery: null } as const;
      decisions.push(apart ? other : this.#follow(route, subject));
    }
    const planned = new Map<string, number[]>();
    for (const { channel } of escalations) {
      if (!planned.has(channel)) planned.set(channel, this.#replace(channel, subject, 'escalation'));
    }
    for (const { channel, rule, due: wanted } of escalations.toSorted((a, b) => a.due - b.due)) {
      // What somebody was to hear by then is not put off because it has become worse.
      const due = Math.min(wanted, planned.get(channel)?.shift() ?? wanted);
      const delivery = this.#send(channel, subject, 'escalation', due);
      if (!delivery) continue;
      const minutes = Math.max(0, Math.round((due - clock.now()) / 60_000));
      const reason = `Rule "${rule}" tells it in ${minutes} minutes unless somebody acknowledges it.`;
      decisions.push({ channel, rule, outcome: 'escalation-planned', reason, delivery });
    }
    return decisions;
  }

  #follow({ channel, rule, later, because }: Route, subject: Subject): Decision {
    const { dispatcher, clock, storm } = this.#options;
    const known = this.#channels.get(channel);
    if (!known) {
      const reason = `Channel "${channel}" is switched off or not there.`;
      return { channel, rule, outcome: 'dropped', reason, delivery: null };
    }
    if (later) {
      const delivery = dispatcher.hold(channel, later.reason, later.due, toBrief(subject));
      return { channel, rule, outcome: 'held', reason: because, delivery };
    }
    const wait = known.gate.admit(subject, clock.monotonic());
    if (wait !== null) {
      const delivery = dispatcher.hold(channel, 'storm', clock.now() + wait, toBrief(subject));
      const reason = `${because} But ${storm.messages} messages have just left, so it comes with the others in one.`;
      return { channel, rule, outcome: 'held', reason, delivery };
    }
    this.#replace(channel, subject, 'alert');
    return { channel, rule, outcome: 'sent', reason: because, delivery: this.#send(channel, subject, 'alert') };
  }

  /** An older message on the same alert that still waits would come behind the new one. Returns when each was due. */
  #replace(channel: string, { id }: Subject, type: 'alert' | 'escalation'): number[] {
    return this.#options.dispatcher.replace(channel, id, type).sort((a, b) => a - b);
  }

  /** Returns the id of the delivery; null where there is no such channel. */
  #send(channel: string, subject: Subject, type: 'alert' | 'escalation', due?: number): string | null {
    const { dispatcher, clock } = this.#options;
    const known = this.#channels.get(channel);
    if (!known) return null;
    const delivery = newDelivery(channel, this.#compose(known.config, subject, type), clock.now(), due);
    if (type === 'escalation') delivery.escalates = subject.id;
    dispatcher.enqueue(delivery);
    return delivery.id;
  }

  #compose({ kind, title, text }: ChannelConfig, subject: Subject, type: 'alert' | 'escalation'): Message {
    const { timeZone } = this.#settings;
    const now = this.#options.clock.now();
    const template = title ?? subject.title ?? channelDefinitions.find((one) => one.kind === kind)?.title;
    return composeAlert(subject, type, { id: randomUUID(), now, timeZone, title: template, text });
  }
}
