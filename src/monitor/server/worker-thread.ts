/** Keeps the thread of the live monitor alive: starts it, asks it, and starts it again when it dies. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import { RestartPause } from '../../source/live/restart-pause.ts';
import type { Batch, CommandName, Commands, FromLive, LiveSetup, ToLive } from '../protocol.ts';

export interface LiveThreadOptions {
  /** What it is to know at a start; asked for every time. */
  setup: () => Promise<LiveSetup>;
  onReady: (source: string) => void;
  /** The batch was taken once the promise resolves: until then the thread holds back. */
  onBatch: (batch: Batch) => Promise<void>;
  /** It died, or could not begin; it is started again by itself. */
  onDeath: (reason: string) => void;
  onTrouble: (line: string) => void;
  heapMb?: number;
  /** It always has something to say: when it is silent for four of these, it hangs. */
  beatMs?: number;
}

const STOP_WITHIN_MS = 10_000;
const BEAT_MS = 15_000;
const MOST_MISSED = 4;

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? '../worker/main.ts' : '../worker/main.js', import.meta.url);

interface Pending {
  resolve: (answer: never) => void;
  reject: (error: unknown) => void;
}

export class LiveThread {
  readonly #options: LiveThreadOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  /** The worker that was started last, ready or not. */
  #latest: Worker | null = null;
  #taking: Promise<void> = Promise.resolve();
  #untaken = 0;
  #asked = 0;
  readonly #pause = new RestartPause();
  #again: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: LiveThreadOptions) {
    this.#options = options;
  }

  /** Resolves once it watches; rejects with an AppError where it cannot, and is then not started again. */
  async start(): Promise<void> {
    try {
      await this.#begin();
    } catch (error) {
      this.#stopping = true;
      throw error;
    }
  }

  /** As `start`, but never gives up. */
  startLasting(): void {
    this.#begin().catch((error: Error) => this.#fail(error.message));
  }

  /** Rejects with AppError `monitor_off` while it is not there to answer. */
  ask<Name extends CommandName>(name: Name, ask: Commands[Name]['ask']): Promise<Commands[Name]['answer']> {
    const worker = this.#worker;
    if (worker === null) return Promise.reject(new AppError('monitor_off', {}));
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ type: 'command', id, name, ask } as ToLive);
    });
  }

  /** Lets it save what it knows, and takes everything that it has to say. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const late = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
    await Promise.race([this.ask('stop', null).catch(() => {}), late]);
    await Promise.race([this.#taking, late]);
    await this.#latest?.terminate();
  }

  async #begin(): Promise<void> {
    const workerData = await this.#options.setup();
    if (this.#stopping) return;
    const { heapMb = 512, beatMs = BEAT_MS } = this.#options;
    const worker = new Worker(workerUrl, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.#latest = worker;
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      let isReady = false;
      let missed = 0;
      const beat = setInterval(() => {
        // It waits for us as long as batches are not taken.
        missed = this.#untaken > 0 ? 0 : missed + 1;
        if (missed < MOST_MISSED) return;
        reason = 'the thread that watches does not answer';
        void worker.terminate();
      }, beatMs);
      worker.on('message', (message: FromLive) => {
        missed = 0;
        if (message.type === 'ready') {
          isReady = true;
          this.#worker = worker;
          this.#options.onReady(message.source);
          resolve();
        } else if (message.type === 'refused') {
          const refused = new AppError(message.code, message.parameters);
          if (isReady) {
            this.#fail(refused.message);
            isReady = false;
          } else reject(refused);
          void worker.terminate();
        } else this.#receive(worker, message);
      });
      let reason = 'the thread that watches has ended';
      worker.on('error', (error: Error) => {
        reason = `the thread that watches has failed: ${error.message}`;
        this.#options.onTrouble(error.stack ?? error.message);
      });
      worker.on('exit', () => {
        clearInterval(beat);
        this.#lose(worker);
        if (!isReady) reject(new Error(reason));
        else if (!this.#stopping) {
          this.#pause.ranFor(performance.now() - began);
          this.#fail(reason);
        }
      });
    });
  }

  #receive(worker: Worker, message: Exclude<FromLive, { type: 'ready' | 'refused' }>): void {
    switch (message.type) {
      case 'trouble':
        this.#options.onTrouble(message.line);
        return;
      case 'answer': {
        // What it said before the answer is to be known when the answer is.
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        void this.#taking.then(() => pending?.resolve(message.answer as never));
        return;
      }
      case 'batch':
        this.#untaken++;
        this.#taking = this.#taking.then(async () => {
          // What cannot be taken is lost, and only that.
          await this.#options.onBatch(message).catch((error: Error) => this.#options.onTrouble(error.stack ?? ''));
          this.#untaken--;
          worker.postMessage({ type: 'taken', serial: message.serial } satisfies ToLive);
        });
    }
  }

  #lose(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(new AppError('monitor_off', {}));
    this.#pending.clear();
  }

  #fail(reason: string): void {
    if (this.#stopping) return;
    this.#options.onDeath(reason);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.startLasting(), this.#pause.next());
  }
}
