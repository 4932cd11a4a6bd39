/** The store thread: runs statements one after the other, so that waiting for a disk never stops the server. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase, openShared, releaseLock } from './database.ts';

export interface WorkerOptions {
  file: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Without the lock of the folder. */
  shared: boolean;
}

export interface Statement {
  id: number;
  sql: string;
  parameters: SQLInputValue[];
}

export interface StatementResult {
  rows: unknown[];
  changes: number | null;
  insertId: number | null;
}

/** `id` 0 is the answer to the start itself. */
export type Answer =
  | ({ id: number } & StatementResult)
  | { id: number; error: { message: string; errcode?: number } }
  | { id: 0; quarantined: string | null };

/** Statements that are kept prepared; the oldest makes room. */
const PREPARED = 200;

const port = parentPort!;
const { file, now, shared } = workerData as WorkerOptions;

function toError(error: unknown): { message: string; errcode?: number } {
  const { message, errcode } = error as { message: string; errcode?: number };
  return { message, errcode };
}

try {
  const { db, quarantined } = shared ? openShared(file) : openDatabase(file, now);
  const prepared = new Map<string, StatementSync>();

  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = db.prepare(sql);
      if (prepared.size >= PREPARED) prepared.delete(prepared.keys().next().value!);
      prepared.set(sql, statement);
    }
    return statement;
  };

  const execute = (sql: string, parameters: SQLInputValue[]): StatementResult => {
    // After a full disk or an I/O error SQLite has rolled back by itself already.
    if (sql === 'rollback' && !db.isTransaction) return { rows: [], changes: null, insertId: null };
    const statement = prepare(sql);
    if (statement.columns().length > 0) return { rows: statement.all(...parameters), changes: null, insertId: null };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], changes: Number(changes), insertId: Number(lastInsertRowid) };
  };

  port.on('message', (message: Statement | 'close') => {
    if (message === 'close') {
      db.close();
      releaseLock();
      port.close();
      return;
    }
    try {
      port.postMessage({ id: message.id, ...execute(message.sql, message.parameters) } satisfies Answer);
    } catch (error) {
      port.postMessage({ id: message.id, error: toError(error) } satisfies Answer);
    }
  });
  port.postMessage({ id: 0, quarantined } satisfies Answer);
} catch (error) {
  port.postMessage({ id: 0, error: toError(error) } satisfies Answer);
  port.close();
}
