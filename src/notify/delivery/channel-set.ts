/**
 * The channels that are set up, each with its queue. They can be replaced while messages wait: a channel whose settings
 * stay is not touched, one that changes hands what waits on to its successor.
 */

import type { ChannelTools, DeviceRisk } from '../channel/define-channel.ts';
import { type ChannelConfig, createChannel } from '../channels.ts';
import type { AttemptTools } from '../transport/attempt.ts';
import { plainLine } from '../transport/plain-text.ts';
import { ChannelQueue, type ChannelQueueOptions } from './channel-queue.ts';
import type { Delivery } from './delivery.ts';

/** Devices whose risk a channel that joins later is told; a home has dozens. */
const MAX_DEVICES = 1000;
/** An alert that goes on has a new number in its sentence every second: that alone is told this often. */
const SENTENCE_PAUSE_MS = 30_000;

export interface ChannelSetOptions extends Pick<ChannelQueueOptions, 'random' | 'onChange' | 'onIdle'> {
  tools: ChannelTools;
  attemptTools: AttemptTools;
}

export class ChannelSet {
  /** Of the channels that are switched on. */
  readonly queues = new Map<string, ChannelQueue>();
  readonly #options: ChannelSetOptions;
  readonly #settings = new Map<string, string>();
  readonly #risks = new Map<string, { risk: DeviceRisk; toldAt: number }>();

  constructor(options: ChannelSetOptions, channels: ChannelConfig[]) {
    this.#options = options;
    for (const config of channels) this.#add(config);
  }

  /** Resolves with what waited for channels that have changed or are gone, once nothing of it is on its way any more. */
  async replace(channels: ChannelConfig[]): Promise<Delivery[]> {
    const wanted = new Map(channels.map((config) => [config.name, JSON.stringify(config)]));
    const retired = [...this.queues].filter(([name]) => wanted.get(name) !== this.#settings.get(name));
    for (const [name] of retired) {
      this.queues.delete(name);
      this.#settings.delete(name);
    }
    // There at once, so that nothing that is told meanwhile misses it; but two must not speak for one channel.
    const added = channels.filter(({ name }) => !this.queues.has(name)).map((config) => this.#add(config));
    for (const queue of added) queue.pause();
    const left = await Promise.all(retired.map(([, queue]) => queue.retire()));
    for (const queue of added) {
      queue.channel.start?.();
      for (const { risk } of this.#risks.values()) queue.channel.setRisk?.(risk);
      queue.resume();
    }
    return left.flat();
  }

  start(): void {
    for (const { channel } of this.queues.values()) channel.start?.();
  }

  setRisk(risk: DeviceRisk): void {
    const clean = {
      ...risk,
      address: plainLine(risk.address, 100),
      device: plainLine(risk.device, 100),
      sentence: risk.sentence && plainLine(risk.sentence, 500),
    };
    const now = this.#options.tools.clock.monotonic();
    const before = this.#risks.get(clean.address);
    const isNews = !before || !isAlike(before.risk, clean) || now - before.toldAt >= SENTENCE_PAUSE_MS;
    this.#risks.delete(clean.address);
    this.#risks.set(clean.address, { risk: clean, toldAt: isNews ? now : before.toldAt });
    if (this.#risks.size > MAX_DEVICES) this.#risks.delete(this.#risks.keys().next().value!);
    if (isNews) for (const { channel } of this.queues.values()) channel.setRisk?.(clean);
  }

  forget(address: string): void {
    this.#risks.delete(plainLine(address, 100));
    for (const { channel } of this.queues.values()) channel.forget?.(address);
  }

  #add(config: ChannelConfig): ChannelQueue {
    const { tools, attemptTools, random, onChange, onIdle } = this.#options;
    const { name } = config;
    const queue = new ChannelQueue({
      ...attemptTools,
      name,
      channel: createChannel(config, tools),
      random,
      onChange,
      onIdle,
    });
    this.queues.set(name, queue);
    this.#settings.set(name, JSON.stringify(config));
    return queue;
  }
}

const isAlike = (a: DeviceRisk, b: DeviceRisk): boolean =>
  a.severity === b.severity && a.kind === b.kind && a.device === b.device && a.since === b.since;
