/** Alerts that wait to be told together: quiet hours, digests, storms. */
import { randomUUID } from 'node:crypto';
import type { Brief } from '../message/subject.ts';
import type { Held } from './delivery.ts';

export type HoldReason = 'quiet' | 'digest' | 'storm';

/** Alerts of one kind that a message lists; further ones are counted on the last of them. */
const LISTED_PER_KIND = 20;
/** No digest is further away: a due time beyond it is a clock that was wrong. */
const FURTHEST_MS = 8 * 86_400_000;

/** Of an entry that stands for several alerts none can be taken back. */
const tellsOnly = ({ brief }: Held, alert: string): boolean => brief.id === alert && brief.count === 1;

/** What becomes one message. */
export interface HeldGroup {
  channel: string;
  reason: HoldReason;
  due: number;
  /** Id of the delivery that it will be. */
  delivery: string;
  entries: Held[];
}

export class HeldAlerts {
  readonly #groups = new Map<string, HeldGroup>();

  /** Returns the entry that was added, counted up, or says more of its alert now. */
  add(channel: string, reason: HoldReason, due: number, brief: Brief): Held {
    const group = this.#group(channel, reason, due, randomUUID());
    const before = group.entries.find((entry) => tellsOnly(entry, brief.id));
    if (before) {
      before.brief = brief;
      return before;
    }
    const alike = group.entries.filter((entry) => entry.brief.kind === brief.kind);
    if (alike.length >= LISTED_PER_KIND) {
      const last = alike.at(-1)!;
      last.brief = { ...last.brief, count: last.brief.count + brief.count };
      return last;
    }
    const { delivery } = group;
    const entry: Held = { id: randomUUID(), channel, reason, due: group.due, delivery, brief };
    group.entries.push(entry);
    return entry;
  }

  /** Takes up what was kept before a restart. */
  restore(held: Held[]): void {
    for (const entry of held) {
      this.#group(entry.channel, entry.reason as HoldReason, entry.due, entry.delivery).entries.push(entry);
    }
  }

  /** Takes out the groups that are due. */
  takeDue(now: number): HeldGroup[] {
    const due = [...this.#groups].filter(([, group]) => group.due <= now || group.due > now + FURTHEST_MS);
    for (const [key] of due) this.#groups.delete(key);
    return due.map(([, group]) => group);
  }

  /** Takes out what a channel was to be told of an alert: it is told now. Returns the ids of the entries. */
  replace(channel: string, alert: string): string[] {
    const gone: Held[] = [];
    for (const [key, group] of this.#groups) {
      if (group.channel !== channel) continue;
      gone.push(...group.entries.filter((entry) => tellsOnly(entry, alert)));
      group.entries = group.entries.filter((entry) => !tellsOnly(entry, alert));
      if (group.entries.length === 0) this.#groups.delete(key);
    }
    return gone.map(({ id }) => id);
  }

  /** Takes out what speaks of a device. */
  forget(address: string): void {
    for (const [key, group] of this.#groups) {
      group.entries = group.entries.filter(({ brief }) => brief.address !== address);
      if (group.entries.length === 0) this.#groups.delete(key);
    }
  }

  nextDue(): number | null {
    return this.#groups.size === 0 ? null : Math.min(...[...this.#groups.values()].map(({ due }) => due));
  }

  count(channel: string): number {
    const groups = [...this.#groups.values()].filter((group) => group.channel === channel);
    return groups.reduce((sum, { entries }) => sum + entries.reduce((inner, { brief }) => inner + brief.count, 0), 0);
  }

  #group(channel: string, reason: HoldReason, due: number, delivery: string): HeldGroup {
    // A storm has one end, whatever the rounding of clocks says.
    const key = JSON.stringify(reason === 'storm' ? [channel, reason] : [channel, reason, due]);
    let group = this.#groups.get(key);
    if (!group) {
      group = { channel, reason, due, delivery, entries: [] };
      this.#groups.set(key, group);
    }
    return group;
  }
}
