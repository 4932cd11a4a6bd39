/** Writes the history: one transaction a batch, in the thread of the history. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FlowMark, FlowRecord } from './flow.ts';
import {
  idAt,
  LOCAL_KNOWN,
  LOCAL_ORIG,
  LOCAL_RESP,
  minuteOf,
  NEW,
  OPEN,
  OUTWARD,
  PER_MINUTE,
  PER_MS,
  packUid,
  stateCode,
} from './layout.ts';
import { Sums } from './sums.ts';
import { Words } from './words.ts';

const COLUMNS = 20;
const GROWING = [
  ...['peer', 'service', 'tls', 'history', 'state', 'duration'],
  ...['orig_bytes', 'resp_bytes', 'orig_pkts', 'resp_pkts', 'score'],
];
/** Rows that one transaction deletes: reading and writing wait for no longer than that. */
const DELETED_AT_A_TIME = 5_000;
const NO_WORD = 0;

/** What of an open connection is counted already. */
interface Counted {
  id: number;
  sent: number;
  received: number;
}

const upsertSum = (table: string, span: string, columns: string): string =>
  `INSERT INTO ${table} (${span}, ${columns}, flows, sent, received) VALUES (?${', ?'.repeat(columns.split(',').length + 3)})
   ON CONFLICT DO UPDATE SET flows = flows + excluded.flows, sent = sent + excluded.sent,
     received = received + excluded.received`;

export class HistoryWriter {
  readonly #db: DatabaseSync;
  readonly #words: Words;
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #seen: StatementSync;
  readonly #met: StatementSync;
  readonly #hour: StatementSync;
  readonly #day: StatementSync;
  readonly #device: StatementSync;
  readonly #open: StatementSync;
  readonly #closed: StatementSync;
  readonly #mark: StatementSync;
  /** Open connections by uid. */
  #under = new Map<string, Counted>();
  readonly #whom = new Map<number, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#words = new Words(db);
    // What it was listed with, and that it was the first, stay while an open connection is brought up to date.
    const grown = `${[...GROWING].map((column) => `${column} = excluded.${column}`).join(', ')}`;
    this.#insert = db.prepare(
      `INSERT INTO flow VALUES (?${', ?'.repeat(COLUMNS - 1)})
       ON CONFLICT (id) DO UPDATE SET ${grown}, flags = excluded.flags | (flow.flags & ${NEW})`,
    );
    this.#last = db.prepare('SELECT max(id) AS id FROM flow WHERE id >= ? AND id < ?');
    this.#seen = db.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)');
    this.#met = db.prepare('INSERT OR IGNORE INTO met VALUES (?, ?)');
    this.#hour = db.prepare(upsertSum('hour_peer', 'hour', 'device, peer, service'));
    this.#day = db.prepare(upsertSum('day_peer', 'day', 'device, peer, service'));
    this.#device = db.prepare(upsertSum('hour_device', 'hour', 'device'));
    this.#open = db.prepare('INSERT OR REPLACE INTO open_flow VALUES (?, ?)');
    this.#closed = db.prepare('DELETE FROM open_flow WHERE uid = ?');
    this.#mark = db.prepare('UPDATE flow SET episode = ? WHERE id >= ? AND id < ? AND uid = ?');
    // Whoever followed them is gone.
    db.exec(`UPDATE flow SET flags = flags & ~${OPEN} WHERE id IN (SELECT id FROM open_flow); DELETE FROM open_flow`);
  }

  add(flows: readonly FlowRecord[], marks: readonly FlowMark[]): void {
    const before = new Map(this.#under);
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#write(flows);
      for (const { uid, ts, episode } of marks) {
        const id = idAt(ts);
        this.#mark.run(this.#words.of(episode), id, id + PER_MS, packUid(uid));
      }
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#under = before;
      this.#words.forget();
      this.#whom.clear();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #write(flows: readonly FlowRecord[]): void {
    const words = this.#words;
    const sums = new Sums();
    const seen = new Map<number, Set<number>>();
    for (const flow of flows) {
      const device = words.of(flow.device);
      const peer = words.peer(flow.peer, flow.name);
      const service = words.ofAny(flow.service);
      const uid = packUid(flow.uid);
      const counted = this.#under.get(flow.uid);
      const id = counted?.id ?? this.#free(idAt(flow.ts));
      const sent = (flow.outward ? flow.orig_bytes : flow.resp_bytes) ?? 0;
      const received = (flow.outward ? flow.resp_bytes : flow.orig_bytes) ?? 0;
      const isNew = counted === undefined && this.#isFirst(device, words.of(flow.name ?? flow.peer));
      this.#insert.run(
        id,
        uid,
        device,
        words.of(flow.own),
        peer,
        flow.orig_p,
        flow.resp_p,
        flow.ip_proto,
        service,
        words.ofAny(flow.tls),
        words.ofAny(flow.history),
        stateCode(flow.conn_state),
        flagsOf(flow, isNew),
        flow.duration === null ? null : Math.round(flow.duration * 1e6),
        flow.orig_bytes,
        flow.resp_bytes,
        flow.orig_pkts,
        flow.resp_pkts,
        flow.score === null ? null : Math.round(flow.score * 1000),
        null,
      );
      this.#follow(flow, uid, { id, sent, received }, counted !== undefined);
      sums.add({
        ...{ ts: flow.ts + (flow.duration ?? 0), device, peer, service: service ?? NO_WORD },
        flows: counted === undefined ? 1 : 0,
        sent: sent - (counted?.sent ?? 0),
        received: received - (counted?.received ?? 0),
      });
      note(seen, 2 * peer, minuteOf(id));
      note(seen, 2 * device + 1, minuteOf(id));
    }
    for (const [who, minutes] of seen) for (const minute of minutes) this.#seen.run(who, minute);
    this.#add(sums);
  }

  /** The next id of that millisecond that nobody has; of the next where all are taken. */
  #free(first: number): number {
    for (let at = first; ; at += PER_MS) {
      const last = this.#last.get(at, at + PER_MS)?.id as number | null;
      if (last === null) return at;
      if (last < at + PER_MS - 1) return last + 1;
    }
  }

  #add({ hours, days, devices }: Sums): void {
    for (const [statement, all] of [[this.#hour, hours] as const, [this.#day, days] as const]) {
      for (const { span, device, peer, service, flows, sent, received } of all.values()) {
        statement.run(span, device, peer, service, flows, sent, received);
      }
    }
    for (const { span, device, flows, sent, received } of devices.values()) {
      this.#device.run(span, device, flows, sent, received);
    }
  }

  #follow(flow: FlowRecord, uid: Uint8Array | string, counted: Counted, wasOpen: boolean): void {
    if (flow.open) {
      this.#under.set(flow.uid, counted);
      this.#open.run(uid, counted.id);
    } else if (wasOpen) {
      this.#under.delete(flow.uid);
      this.#closed.run(uid);
    }
  }

  #isFirst(device: number, whom: number): boolean {
    const key = device * 2 ** 26 + whom;
    if (this.#whom.has(key)) return false;
    if (this.#whom.size > 100_000) this.#whom.clear();
    this.#whom.set(key, 1);
    return Number(this.#met.run(device, whom).changes) > 0;
  }

  forget(device: string, addresses: readonly string[]): void {
    const names = [device, ...addresses];
    const places = names.map(() => '?').join(', ');
    const own = `SELECT id FROM word WHERE text IN (${places})`;
    const peers = `SELECT id FROM peer WHERE address IN (${places})`;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      this.#db.prepare(`DELETE FROM flow WHERE device IN (${own}) OR peer IN (${peers})`).run(...names, ...names);
      // What another device sent to it is no part of what that device has sent any more.
      const share = (column: string): string =>
        `${column} = ${column} - (SELECT sum(p.${column}) FROM hour_peer AS p
          WHERE p.hour = hour_device.hour AND p.device = hour_device.device AND p.peer IN (${peers}))`;
      this.#db
        .prepare(
          `UPDATE hour_device SET ${['flows', 'sent', 'received'].map(share).join(', ')}
           WHERE (hour, device) IN (SELECT hour, device FROM hour_peer WHERE peer IN (${peers}))`,
        )
        .run(...names, ...names, ...names, ...names);
      for (const table of ['hour_peer', 'day_peer']) {
        this.#db.prepare(`DELETE FROM ${table} WHERE device IN (${own}) OR peer IN (${peers})`).run(...names, ...names);
      }
      this.#db.prepare(`DELETE FROM hour_device WHERE device IN (${own})`).run(...names);
      this.#db.prepare(`DELETE FROM met WHERE device IN (${own}) OR whom IN (${own})`).run(...names, ...names);
      this.#db
        .prepare(`DELETE FROM seen WHERE who IN (SELECT 2 * id + 1 FROM word WHERE text IN (${places}))`)
        .run(...names);
      this.#db
        .prepare(`DELETE FROM seen WHERE who IN (SELECT 2 * id FROM peer WHERE address IN (${places}))`)
        .run(...names);
      this.#db.prepare(`DELETE FROM peer WHERE address IN (${places})`).run(...names);
      this.#db.prepare(`DELETE FROM word WHERE text IN (${places})`).run(...names);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#words.forget();
      this.#whom.clear();
      this.#under.clear();
    }
  }

  /** One step of deleting the oldest: gives how many connections went, 0 once nothing is left to go. */
  deleteBefore(id: number): number {
    const end = this.#db
      .prepare('SELECT id FROM flow WHERE id < ? ORDER BY id LIMIT 1 OFFSET ?')
      .get(id, DELETED_AT_A_TIME);
    const { changes } = this.#db.prepare('DELETE FROM flow WHERE id < ?').run((end?.id as number | undefined) ?? id);
    return Number(changes);
  }

  /** Which minutes an end was seen in, of before the oldest connection. */
  *forgetMinutes(): Generator<number> {
    const oldest = this.#db.prepare('SELECT min(id) AS id FROM flow').get()?.id as number | null;
    const before = oldest === null ? Number.MAX_SAFE_INTEGER : Math.floor(oldest / PER_MINUTE);
    const next = this.#db.prepare('SELECT min(who) AS who FROM seen WHERE who > ?');
    const remove = this.#db.prepare('DELETE FROM seen WHERE who = ? AND minute < ?');
    for (let who = next.get(-1)?.who as number | null; who !== null; who = next.get(who)?.who as number | null) {
      yield Number(remove.run(who, before).changes);
    }
  }

  deleteSums(before: number): void {
    const [hour, day] = [Math.floor(before / 3600), Math.floor(before / 86_400)];
    this.#db.prepare('DELETE FROM hour_peer WHERE hour < ?').run(hour);
    this.#db.prepare('DELETE FROM hour_device WHERE hour < ?').run(hour);
    this.#db.prepare('DELETE FROM day_peer WHERE day < ?').run(day);
  }
}

function flagsOf({ outward, local_orig, local_resp, open }: FlowRecord, isNew: boolean): number {
  const local = (local_orig ? LOCAL_ORIG : 0) | (local_resp ? LOCAL_RESP : 0);
  const known = local_orig === null && local_resp === null ? 0 : LOCAL_KNOWN;
  return (outward ? OUTWARD : 0) | local | known | (isNew ? NEW : 0) | (open ? OPEN : 0);
}

function note(seen: Map<number, Set<number>>, who: number, minute: number): void {
  const minutes = seen.get(who);
  if (minutes === undefined) seen.set(who, new Set([minute]));
  else minutes.add(minute);
}
