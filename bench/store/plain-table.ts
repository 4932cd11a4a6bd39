/** What one would write first: a table with a column for each field, as text where it is text, and the usual indexes. */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { FlowRecord } from '../../src/device/record/flow-record.ts';

const DAY = 86_400;
const COLUMNS = 20;

export class PlainTable {
  readonly #db: DatabaseSync;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.#db = new DatabaseSync(file);
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192;
      CREATE TABLE flow (id INTEGER PRIMARY KEY, ts REAL, uid TEXT, device TEXT, own TEXT, peer TEXT, name TEXT,
        orig_p INTEGER, resp_p INTEGER, proto INTEGER, service TEXT, tls TEXT, history TEXT, state TEXT, duration REAL,
        orig_bytes INTEGER, resp_bytes INTEGER, orig_pkts INTEGER, resp_pkts INTEGER, score REAL);
      CREATE INDEX flow_ts ON flow (ts);
      CREATE INDEX flow_device ON flow (device, ts);
      CREATE INDEX flow_peer ON flow (peer, ts);
      CREATE INDEX flow_name ON flow (name, ts);`);
  }

  add(flows: readonly FlowRecord[]): void {
    const insert = this.#db.prepare(`INSERT INTO flow VALUES (NULL${', ?'.repeat(COLUMNS - 1)})`);
    this.#db.exec('BEGIN');
    for (const f of flows) {
      insert.run(
        ...[f.ts, f.uid, f.device, f.own, f.peer, f.name, f.orig_p, f.resp_p, f.ip_proto, f.service],
        ...[f.tls, f.history, f.conn_state, f.duration, f.orig_bytes, f.resp_bytes, f.orig_pkts, f.resp_pkts, f.score],
      );
    }
    this.#db.exec('COMMIT');
  }

  deviceDay = (device: string, since: number): unknown =>
    this.#db
      .prepare('SELECT * FROM flow WHERE device = ? AND ts >= ? AND ts < ? ORDER BY ts DESC LIMIT 100')
      .all(device, since, since + DAY);
  otherEnd = (peer: string): unknown =>
    this.#db.prepare('SELECT * FROM flow WHERE peer = ? ORDER BY ts DESC LIMIT 100').all(peer);
  topMonth = (since: number): unknown =>
    this.#db
      .prepare(
        `SELECT coalesce(name, peer) AS k, count(*), sum(orig_bytes), sum(resp_bytes) FROM flow
         WHERE ts >= ? GROUP BY 1 ORDER BY 3 DESC LIMIT 10`,
      )
      .all(since);
  chart = (since: number): unknown =>
    this.#db
      .prepare('SELECT cast(ts / 3600 AS INTEGER) AS h, count(*), sum(orig_bytes) FROM flow WHERE ts >= ? GROUP BY 1')
      .all(since);

  /** Bytes of the file with everything in it. */
  close(): number {
    this.#db.close();
    return statSync(this.#file).size;
  }
}
