/** The logs of a running Zeek as a live source: what is added to its conn.log from now on. */
import type { Clock } from '../../clock.ts';
import { followZeek } from '../follow/zeek-directory.ts';
import type { Accounting, SourceStats } from '../source.ts';
import { describe, QUIET_MS } from './netflow-source.ts';
import { Silence } from './silence.ts';
import type { Gap, LiveSink, LiveSource } from './source.ts';

export interface ZeekSourceOptions {
  /** Folder of conn.log, or the file itself. */
  directory: string;
  /** Milliseconds without a record after which nothing is seen. */
  quietMs?: number;
  /** See `followZeek`. */
  pollMs?: number;
  clock?: Clock;
}

export class ZeekSource implements LiveSource {
  readonly name: string;
  readonly starts = 1;
  readonly #options: ZeekSourceOptions;
  readonly #end = new AbortController();
  #silence: Silence | null = null;
  #done: Promise<unknown> = Promise.resolve();
  #stats: SourceStats | null = null;

  constructor(options: ZeekSourceOptions) {
    this.#options = options;
    this.name = `Zeek's log in ${options.directory}`;
  }

  get gaps(): readonly Gap[] {
    return this.#silence?.gaps ?? [];
  }

  start(sink: LiveSink): void {
    const { directory, quietMs = QUIET_MS, pollMs, clock } = this.#options;
    const silence = new Silence({
      ...{ sink, clock, after: quietMs },
      reason: `nothing was added to the conn.log in ${directory} for ${describe(quietMs)}`,
    });
    this.#silence = silence;
    this.#done = followZeek(directory, {
      fromEnd: true,
      pollMs,
      signal: this.#end.signal,
      onConn: (conn) => {
        silence.sign();
        sink.onConn(conn);
      },
      onState: (present) => (present ? silence.sign() : silence.fail(`there is no conn.log in ${directory}`)),
      onError: (error) => silence.fail(error.message),
      onLook: (stats) => {
        this.#stats = stats;
      },
    }).catch((error: unknown) => silence.fail(error instanceof Error ? error.message : String(error)));
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#done;
    this.#silence?.end();
  }

  account(): Accounting {
    const { offered = 0, parsed = 0, rejected = {}, dropped = {} } = this.#stats ?? {};
    return { offered, parsed, rejected: { ...rejected }, dropped: { ...dropped } };
  }
}
