/** Tells of every connection as a history keeps it: when it has ended, and every minute while one goes on for long. */

import type { Inventory } from '../../device/inventory.ts';
import { type FlowRecord, FlowRecorder } from '../../device/record/flow-record.ts';
import type { AppRecord } from '../../flow/app-record.ts';
import type { Conn } from '../../flow/conn.ts';
import type { ConnectionTable } from '../../flow/table/connection-table.ts';
import type { OwnSearch } from './own-search.ts';

/** What goes on for longer is told of so often, and of so many at most. */
const LONG_SECONDS = 60;
const EVERY_MS = 60_000;
const MOST_OPEN = 1_000;

export class HistoryFeed {
  readonly #inventory: Inventory;
  readonly #ownSearch: OwnSearch;
  readonly #onRecord: ((record: FlowRecord) => void) | undefined;
  readonly #recorder: FlowRecorder;
  #toldAt = Number.NaN;

  /** Without `onRecord` only the inventory is told. */
  constructor(inventory: Inventory, ownSearch: OwnSearch, onRecord: ((record: FlowRecord) => void) | undefined) {
    this.#inventory = inventory;
    this.#ownSearch = ownSearch;
    this.#onRecord = onRecord;
    this.#recorder = new FlowRecorder((address) => inventory.ownerOf(address));
  }

  app(record: AppRecord): void {
    this.#inventory.app(record);
    if (this.#onRecord) this.#recorder.app(record);
  }

  /** `score`: nats above ordinary. */
  conn(conn: Conn, score: number | null, open = false): void {
    const record = this.#onRecord && this.#recorder.record(conn, score, open);
    if (record) this.#onRecord!(record);
  }

  /** Hours are long to wait until what goes on is known. `now` is of a clock that cannot be set, in milliseconds. */
  tick(now: number, table: ConnectionTable): void {
    if (Number.isNaN(this.#toldAt)) this.#toldAt = now;
    if (!this.#onRecord || now - this.#toldAt < EVERY_MS) return;
    this.#toldAt = now;
    for (const conn of table.open(LONG_SECONDS, MOST_OPEN)) {
      if (!this.#ownSearch.coversConn(conn)) this.conn(conn, null, true);
    }
  }
}
