/** This thread's end of the store thread: a statement in, a promise of its rows out. */
import { once } from 'node:events';
import path from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import { SQLITE } from './database.ts';
import type { Answer, Statement, StatementResult, WorkerOptions } from './worker.ts';

interface Pending {
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface SqliteClient {
  /** Where a damaged database was put aside at the start. */
  quarantined: string | null;
  execute(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** After every statement before it; the write-ahead log is folded in. */
  close(): Promise<void>;
}

/** Rejects with AppError `data_in_use`, `data_not_writable` or `store_unavailable`. */
export async function startSqlite(options: WorkerOptions): Promise<SqliteClient> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: options });
  const exited = once(worker, 'exit');
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ended: unknown;

  const end = (reason: unknown): void => {
    ended ??= new AppError('store_unavailable', { reason: 'its thread has ended' }, { cause: reason });
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('error', end);
  worker.on('exit', end);
  worker.on('message', (answer: Answer) => {
    pending.get(answer.id)?.resolve(answer);
    pending.delete(answer.id);
  });

  const answerTo = (id: number, send?: () => void): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      pending.set(id, { resolve, reject });
      send?.();
    });

  const ready = await answerTo(0);
  if ('error' in ready) {
    await exited;
    if (ready.error.errcode === SQLITE.busy) throw new AppError('data_in_use', { file: options.file, process: '' });
    if (ready.error.errcode !== undefined) throw toStoreError(ready.error);
    throw new AppError('data_not_writable', { directory: path.dirname(options.file), reason: ready.error.message });
  }

  return {
    quarantined: 'quarantined' in ready ? ready.quarantined : null,
    async execute(sql, parameters) {
      const id = ++lastId;
      const statement: Statement = { id, sql, parameters: parameters.map(toSqlValue) };
      const answer = await answerTo(id, () => worker.postMessage(statement));
      if ('error' in answer) throw toStoreError(answer.error);
      return answer as StatementResult;
    },
    async close() {
      worker.postMessage('close');
      await exited;
    },
  };
}

/** SQLite has neither booleans nor dates. */
function toSqlValue(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return (value ?? null) as SQLInputValue;
}

/** Makes an AppError of what the owner can act on; everything else is a bug in a statement and stays what it is. */
export function toStoreError({ message, errcode }: { message: string; errcode?: number }): Error {
  const code = errcode === undefined ? undefined : errcode & 0xff;
  const cause = new Error(message);
  if (code === SQLITE.full) return new AppError('storage_full', {}, { cause });
  // A table that is not there was lost: those that were never made are a fault that tests find.
  const isLost = code === SQLITE.error && /no such (table|column)|malformed/.test(message);
  if (isLost || (code !== undefined && operational.has(code))) {
    return new AppError('store_unavailable', { reason: message }, { cause });
  }
  return cause;
}

const operational = new Set([
  SQLITE.busy,
  SQLITE.locked,
  SQLITE.readonly,
  SQLITE.ioerr,
  SQLITE.cantopen,
  SQLITE.corrupt,
  SQLITE.notadb,
]);
