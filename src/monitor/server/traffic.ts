/** Traffic by the minute: gathered from the seconds that the monitor tells, and kept in the store. */
import type { Traffic, TrafficPoint } from '../../api/contract.ts';
import type { StoredLive } from '../../store/live/index.ts';
import type { StoredTraffic } from '../../store/live/record.ts';
import { join, type TrafficSecond } from '../traffic-second.ts';

const MINUTE = 60;
/** Up to so many minutes are shown in stretches of so many: a few thousand points at most. */
const STEPS = [
  [1440, 1],
  [7 * 1440, 5],
  [31 * 1440, 30],
  [Number.POSITIVE_INFINITY, 360],
] as const;
/** The key of the whole network. */
const HOUSE = '';

export class TrafficRepository {
  readonly #records: StoredLive['records'];
  /** Minutes that may still grow, and those that the store has not got yet. */
  readonly #rows = new Map<string, StoredTraffic>();
  readonly #unwritten = new Set<string>();

  constructor(records: StoredLive['records']) {
    this.#records = records;
  }

  add({ ts, devices, ...house }: TrafficSecond): void {
    const minute = Math.floor(ts / MINUTE);
    this.#add(minute, HOUSE, house);
    for (const { mac, ...amount } of devices) this.#add(minute, mac, amount);
  }

  /** Writes what is new; a row that cannot be written is written with the next. */
  async flush(): Promise<void> {
    const keys = [...this.#unwritten];
    this.#unwritten.clear();
    try {
      await this.#records.addTraffic(keys.map((key) => this.#rows.get(key)!));
    } catch (error) {
      for (const key of keys) this.#unwritten.add(key);
      throw error;
    }
    // The newest minute stays: it goes on growing.
    const newest = Math.max(...[...this.#rows.values()].map(({ minute }) => minute));
    for (const [key, { minute }] of this.#rows) {
      if (minute < newest && !this.#unwritten.has(key)) this.#rows.delete(key);
    }
  }

  /** What an earlier run has counted of the minutes from `since` on. */
  async resume(since: number): Promise<void> {
    const minute = Math.floor(since / MINUTE);
    for (const row of await this.#records.trafficOfAll(minute)) this.#rows.set(`${row.minute} ${row.mac}`, row);
  }

  /** The last minutes before `until`, of one device or of the network, in stretches that a chart can show. */
  async query({ until, minutes, mac = HOUSE }: { until: number; minutes: number; mac?: string }): Promise<Traffic> {
    const step = STEPS.find(([most]) => minutes <= most)![1];
    const end = Math.ceil((until / MINUTE + 1) / step) * step;
    const since = Math.floor((until / MINUTE - minutes) / step) * step;
    // What cannot be written now is shown once it can.
    if (step > 1) await this.flush().catch(() => undefined);
    const points = new Map<number, TrafficPoint>();
    const isShown = (row: StoredTraffic): boolean => row.mac === mac && row.minute >= since && row.minute < end;
    const own = step > 1 ? [] : [...this.#rows.values()].filter(isShown);
    for (const row of [...(await this.#records.traffic({ mac, since, until: end, step })), ...own]) {
      const { minute, mac: _mac, ...amount } = row;
      points.set(minute, { ts: minute * MINUTE, ...amount });
    }
    return { step: step * MINUTE, points: [...points.values()].sort((a, b) => a.ts - b.ts) };
  }

  forget(mac: string): void {
    for (const key of this.#rows.keys()) {
      if (!key.endsWith(` ${mac}`)) continue;
      this.#rows.delete(key);
      this.#unwritten.delete(key);
    }
  }

  #add(minute: number, mac: string, amount: Omit<TrafficPoint, 'ts'>): void {
    const key = `${minute} ${mac}`;
    const known = this.#rows.get(key);
    if (known) join(known, amount);
    else this.#rows.set(key, { minute, mac, ...amount });
    this.#unwritten.add(key);
  }
}
