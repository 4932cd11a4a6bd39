/** Where every reader delivers: good records go on, the rest is counted, and records without an id get one. */
import type { Conn } from '../../flow/conn.ts';
import { RowCheck } from '../column/row-check.ts';
import type { Tally } from '../column/tally.ts';
import { makeUid, saltOf } from '../column/uid.ts';

export class Rows {
  readonly check = new RowCheck();
  readonly tally: Tally;
  private readonly salt: number;
  private readonly onConn: (conn: Conn) => void;

  /** `name` of the file: rows without an id get one from it and their number. */
  constructor(name: string, tally: Tally, onConn: (conn: Conn) => void) {
    this.salt = saltOf(name);
    this.tally = tally;
    this.onConn = onConn;
  }

  /** A record that was read without a problem. */
  offerSound(conn: Conn): void {
    this.tally.accept();
    if (conn.uid === '') conn.uid = makeUid(this.tally.stats.offered, conn.ts, this.salt);
    this.onConn(conn);
  }

  /** Call `check.begin()` first, fill the record through `check`, then offer it. `line` is null where there are none. */
  offer(conn: Conn, line: number | null): void {
    const { check, tally } = this;
    if (check.problem !== null) {
      tally.reject(check.problem, line);
      return;
    }
    if (check.unreadableTime) tally.weird('row.unreadable_time');
    if (check.ambiguousDate) tally.weird('row.ambiguous_date');
    if (check.coarseTime) {
      tally.weird('row.time_without_seconds');
      conn.coarse_ts = true;
    }
    this.offerSound(conn);
  }
}
