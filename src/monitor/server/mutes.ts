/** What the owner does not want to be told, in the store; the thread of the monitor has a copy that acts. */
import { MOST_RULES, type MuteRule } from '../../alert/mute.ts';
import { AppError } from '../../errors.ts';
import type { StoredLive } from '../../store/live/index.ts';
import type { KeptMute } from '../protocol.ts';

/** Changes with what is hidden: more of it, or the newest goes on. */
const sum = ({ hidden: { count, alerts } }: KeptMute): string => `${count} ${alerts[0]?.end_ts}`;

export class MuteRepository {
  readonly #store: StoredLive['records'];
  readonly #mutes = new Map<string, { mute: KeptMute; created: number }>();

  constructor(store: StoredLive['records']) {
    this.#store = store;
  }

  async load(): Promise<void> {
    for (const { id, created, rule, hidden } of await this.#store.mutes()) {
      const mute = { ...(JSON.parse(rule) as MuteRule), hidden: JSON.parse(hidden) as KeptMute['hidden'] };
      this.#mutes.set(id, { mute, created });
    }
  }

  /** Those in force, oldest first. */
  list(now: number): KeptMute[] {
    return [...this.#mutes.values()].map(({ mute }) => mute).filter(({ until }) => until === undefined || now < until);
  }

  get(id: string): KeptMute | undefined {
    return this.#mutes.get(id)?.mute;
  }

  /** The exception that was made of that alert. */
  exception(alert: number): KeptMute | undefined {
    return [...this.#mutes.values()].map(({ mute }) => mute).find(({ said }) => said?.alert === alert);
  }

  /** What the word behind an exception has changed. */
  async say(id: string, said: NonNullable<MuteRule['said']>): Promise<void> {
    const known = this.#mutes.get(id);
    if (known) await this.#write({ ...known.mute, said }, known.created);
  }

  /** The exception covers what the owner has called expected by now. */
  async widen({ id, device, kind, destination, until, up_to, reason }: MuteRule): Promise<KeptMute> {
    const { mute, created } = this.#mutes.get(id)!;
    const { said, hidden } = mute;
    const wider = { id, device, kind, destination, until, ...(mute.up_to && { up_to }), reason, said, hidden };
    await this.#write(wider, created);
    return wider;
  }

  /** Throws AppError `too_many_mutes`: the copy that acts keeps as many, and what is listed acts. */
  async add(rule: MuteRule, now: number): Promise<KeptMute> {
    if (!this.#mutes.has(rule.id) && this.list(now).length >= MOST_RULES)
      throw new AppError('too_many_mutes', { most: MOST_RULES });
    const mute = { ...rule, hidden: { count: 0, alerts: [] } };
    await this.#write(mute, now);
    return mute;
  }

  /** What the copies have hidden so far. */
  async hid(mutes: readonly KeptMute[]): Promise<void> {
    for (const mute of mutes) {
      const known = this.#mutes.get(mute.id);
      if (known && sum(known.mute) !== sum(mute))
        await this.#write({ ...known.mute, hidden: mute.hidden }, known.created);
    }
  }

  /** False where there is none. */
  async remove(id: string): Promise<boolean> {
    const was = await this.#store.removeMute(id);
    this.#mutes.delete(id);
    return was;
  }

  /** Those that were over before that time. */
  async prune(before: number): Promise<void> {
    for (const { mute } of this.#mutes.values()) if ((mute.until ?? before) < before) await this.remove(mute.id);
  }

  async #write(mute: KeptMute, created: number): Promise<void> {
    const { hidden, ...rule } = mute;
    await this.#store.setMute({ id: mute.id, created, rule: JSON.stringify(rule), hidden: JSON.stringify(hidden) });
    this.#mutes.set(mute.id, { mute, created });
  }
}
