/** Writes that arrive together are committed together: one wait for the disk, however many callers. */
import type { Kysely, Transaction } from 'kysely';
import { AppError } from '../errors.ts';
import type { Tables } from './schema.ts';

type Work<T> = (transaction: Transaction<Tables>) => Promise<T>;

interface Job {
  work: Work<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export class WriteBatch {
  readonly #db: Kysely<Tables>;
  #waiting: Job[] = [];
  #busy = false;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Resolves with what `work` returned once it is on disk; work that throws changes nothing and harms no other. */
  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as Job['resolve'], reject });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#commit(jobs);
    }
    this.#busy = false;
  }

  async #commit(jobs: Job[]): Promise<void> {
    try {
      const values = await this.#db.transaction().execute(async (transaction) => {
        const results: unknown[] = [];
        for (const job of jobs) results.push(await job.work(transaction));
        return results;
      });
      for (const [i, job] of jobs.entries()) job.resolve(values[i]);
    } catch (error) {
      // Where the connection was lost nobody knows whether the commit was: what may be there already is not tried again.
      const isLost = error instanceof AppError && error.code === 'store_unavailable';
      if (jobs.length === 1 || isLost) for (const job of jobs) job.reject(error);
      // One of them failed and took the rest back with it: each by itself, so that only that one fails.
      else for (const job of jobs) await this.#commit([job]);
    }
  }
}
