/** This thread's end of the thread that writes the history. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import { toStoreError } from '../sqlite/client.ts';
import type { HistoryAnswer, HistoryWorkerOptions, RequestName, Requests } from './worker.ts';

export interface HistoryThread {
  quarantined: string | null;
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<Requests[Name]['answer']>;
  close(): Promise<void>;
}

interface Pending {
  resolve: (answer: HistoryAnswer) => void;
  reject: (error: unknown) => void;
}

/** Rejects with AppError `database_newer` or `store_unavailable`. */
export async function startHistoryThread(options: HistoryWorkerOptions): Promise<HistoryThread> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: options });
  const exited = once(worker, 'exit');
  const pending = new Map<number, Pending>();
  let [lastId, ended] = [0, undefined as unknown];
  const end = (reason: unknown): void => {
    ended ??= new AppError('store_unavailable', { reason: 'the thread of the history has ended' }, { cause: reason });
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('error', end);
  worker.on('exit', end);
  worker.on('message', (answer: HistoryAnswer) => {
    pending.get(answer.id)?.resolve(answer);
    pending.delete(answer.id);
  });
  const answerTo = async (id: number, send?: () => void): Promise<unknown> => {
    const answer = await new Promise<HistoryAnswer>((resolve, reject) => {
      if (ended) return reject(ended);
      pending.set(id, { resolve, reject });
      send?.();
    });
    if (!('error' in answer)) return answer.value;
    throw answer.error.message.startsWith(NEWER) ? new AppError('database_newer', {}) : toStoreError(answer.error);
  };
  const quarantined = (await answerTo(0)) as string | null;
  const ask: HistoryThread['ask'] = async (name, ask) => {
    const id = ++lastId;
    return (await answerTo(id, () => worker.postMessage({ id, name, ask }))) as never;
  };
  return {
    quarantined,
    ask,
    async close() {
      if (!ended) await ask('close', null);
      await exited;
    },
  };
}

/** An error loses its class on the way between threads. */
const NEWER = new AppError('database_newer', {}).message;
