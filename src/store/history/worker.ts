/** The thread that writes the history: batches in, nothing held up but themselves. */
import { statfsSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { SQLITE } from '../sqlite/database.ts';
import { openHistoryFile, usedBytes } from './file.ts';
import type { FlowMark, FlowRecord } from './flow.ts';
import { idAt, timeOf } from './layout.ts';
import { HistoryWriter } from './writer.ts';

export interface HistoryWorkerOptions {
  file: string;
  /** Milliseconds since 1970. */
  now: number;
}

export interface Requests {
  add: { ask: { flows: readonly FlowRecord[]; marks: readonly FlowMark[] }; answer: null };
  forget: { ask: { device: string; addresses: readonly string[] }; answer: null };
  prune: { ask: { before: number; sumsBefore: number; bytes: number }; answer: number };
  usedBytes: { ask: null; answer: number };
  oldest: { ask: null; answer: number | null };
  checkIntegrity: { ask: null; answer: string[] };
  close: { ask: null; answer: null };
}
export type RequestName = keyof Requests;
export type Request = { [Name in RequestName]: { id: number; name: Name; ask: Requests[Name]['ask'] } }[RequestName];
/** `id` 0 is the answer to the start. */
export type HistoryAnswer =
  | { id: number; value: unknown }
  | { id: number; error: { message: string; errcode?: number } };

const port = parentPort!;
const { file, now } = workerData as HistoryWorkerOptions;
/** Pages that are given back to the disk at a time, between writes. */
const VACUUMED_AT_A_TIME = 200;
/** Free pages that are kept for what comes. */
const SPARE_PAGES = 2_000;

const ROOM_BYTES = 16 * 1024 * 1024;

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function open(): { db: DatabaseSync; writer: HistoryWriter; quarantined: string | null } {
  const opened = openHistoryFile(file, now);
  return { ...opened, writer: new HistoryWriter(opened.db) };
}

async function main(): Promise<void> {
  const { db, writer, quarantined } = open();
  const answer = {
    add({ flows, marks }) {
      const { bavail, bsize } = statfsSync(path.dirname(file));
      // Alerts are dearer: the last of the room is theirs.
      if (bavail * bsize < ROOM_BYTES)
        throw Object.assign(new Error('the disk is almost full'), { errcode: SQLITE.full });
      writer.add(flows, marks);
    },
    forget({ device, addresses }) {
      db.exec('PRAGMA secure_delete = ON');
      writer.forget(device, addresses);
      db.exec('PRAGMA secure_delete = FAST; PRAGMA wal_checkpoint(TRUNCATE)');
    },
    prune: (limits) => prune(limits),
    usedBytes: () => usedBytes(db),
    oldest() {
      const id = db.prepare('SELECT min(id) AS id FROM flow').get()?.id as number | null;
      return id === null ? null : timeOf(id);
    },
    checkIntegrity: () =>
      (db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((line) => line !== 'ok'),
    close: () => db.close(),
  } satisfies { [Name in RequestName]: (ask: Requests[Name]['ask']) => unknown };

  async function prune({ before, sumsBefore, bytes }: Requests['prune']['ask']): Promise<number> {
    let gone = 0;
    const deleteBefore = async (id: number): Promise<void> => {
      for (let some = -1; some !== 0; gone += some) {
        some = writer.deleteBefore(id);
        await breath();
      }
    };
    if (before > 0) await deleteBefore(idAt(before));
    for (let used = usedBytes(db); used > bytes; used = usedBytes(db)) {
      const { first, last } = db.prepare('SELECT min(id) AS first, max(id) AS last FROM flow').get() as {
        first: number | null;
        last: number | null;
      };
      if (first === null || last === null) break;
      // The share of time that is too much; what is left is looked at again.
      const share = Math.min(1, Math.max(0.02, 1 - bytes / used));
      await deleteBefore(share === 1 ? last + 1 : Math.ceil(first + (last - first) * share) + 1);
    }
    let steps = 0;
    for (const _ of writer.forgetMinutes()) if (++steps % 500 === 0) await breath();
    if (sumsBefore > 0) writer.deleteSums(sumsBefore);
    const free = () => db.prepare('PRAGMA freelist_count').get()!.freelist_count as number;
    while (gone > 0 && free() > SPARE_PAGES + VACUUMED_AT_A_TIME) {
      db.exec(`PRAGMA incremental_vacuum(${VACUUMED_AT_A_TIME})`);
      await breath();
    }
    return gone;
  }

  port.on('message', async ({ id, name, ask }: Request) => {
    try {
      const value = await (answer[name] as (given: typeof ask) => unknown)(ask);
      port.postMessage({ id, value: value ?? null } satisfies HistoryAnswer);
      if (name === 'close') port.close();
    } catch (error) {
      port.postMessage({ id, error: toError(error) } satisfies HistoryAnswer);
    }
  });
  port.postMessage({ id: 0, value: quarantined } satisfies HistoryAnswer);
}

function toError(error: unknown): { message: string; errcode?: number } {
  const { message, errcode } = error as { message: string; errcode?: number };
  return { message, errcode };
}

try {
  await main();
} catch (error) {
  port.postMessage({ id: 0, error: toError(error) } satisfies HistoryAnswer);
  port.close();
}
