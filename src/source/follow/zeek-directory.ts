/** The log directory of a running Zeek: its conn.log is followed through rotations, as TSV or as JSON. */
import path from 'node:path';
import { AppError } from '../../errors.ts';
import { Tally } from '../column/tally.ts';
import type { FlowReadOptions, OnConn } from '../flow-format.ts';
import { requireConnLog } from '../format/zeek-json.ts';
import { ZeekLines } from '../format/zeek-tsv.ts';
import type { SourceStats } from '../source.ts';
import { parseObject } from '../text/json-object.ts';
import { jsonReader } from '../text/json-rows.ts';
import { Rows } from '../text/rows.ts';
import { FileTail, type TailSink } from './file-tail.ts';

const POLL_MS = 500;

export interface FollowOptions extends FlowReadOptions {
  onConn: OnConn;
  /** Ends following; `followZeek` then resolves with the account. */
  signal: AbortSignal;
  /** What is in the log already is counted, but only what comes from now on is handed over. */
  fromEnd?: boolean;
  pollMs?: number;
  /** Whether there is a log at the moment: called when that changes. */
  onState?: (present: boolean) => void;
  /** Called after each look at the log, with the account so far. */
  onLook?: (stats: SourceStats) => void;
  /** A log that cannot be used (its columns lack something): reading goes on with the next one. */
  onError?: (error: AppError) => void;
}

/** Follows `conn.log` in `directory` (or the file itself) until `signal`. */
export async function followZeek(directory: string, options: FollowOptions): Promise<SourceStats> {
  const { signal, pollMs = POLL_MS, onState, onLook } = options;
  const file = directory.endsWith('.log') ? directory : path.join(directory, 'conn.log');
  const tally = new Tally('zeek');
  const log = new FollowedLog(file, tally, options);
  const tail = new FileTail(file, log);
  let present: boolean | null = null;
  try {
    while (!signal.aborted) {
      const there = await tail.poll(signal);
      tally.stats.bytes = tail.bytes;
      log.live = true;
      if (there !== present) onState?.(there);
      present = there;
      onLook?.(tally.stats);
      await pause(pollMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    tally.stats.bytes = tail.bytes;
    await tail.close();
  }
  return tally.stats;
}

/** One log after the other under the same name. */
class FollowedLog implements TailSink {
  /** What was there before following began has been read. */
  live: boolean;
  private readonly file: string;
  private readonly options: FollowOptions;
  private readonly rows: Rows;
  private read: ((line: string, number: number) => void) | null = null;

  constructor(file: string, tally: Tally, options: FollowOptions) {
    this.file = file;
    this.options = options;
    this.live = !options.fromEnd;
    this.rows = new Rows(file, tally, (conn) => {
      if (this.live) options.onConn(conn);
    });
  }

  begin(): void {
    this.read = null;
  }

  line(line: string, number: number): void {
    try {
      this.read ??= this.readerFor(line);
      this.read(line, number);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Every row until the next #fields would fail in the same way: say it once, count the rows.
      this.options.onError?.(error);
      this.read = (_line, at) => this.rows.tally.reject('row.unusable_log', at);
      // TSV says before its rows what it is, JSON with the first of them.
      if (line.startsWith('{')) this.read(line, number);
    }
  }

  tooLong(number: number): void {
    this.rows.tally.reject('row.too_long', number);
  }

  unfinished(number: number): void {
    this.rows.tally.reject('row.unfinished', number);
  }

  private readerFor(line: string): (line: string, number: number) => void {
    if (line.startsWith('{')) {
      requireConnLog(this.file, line);
      const read = jsonReader(this.rows);
      return (text, number) => {
        const object = parseObject(text);
        if (object === null) this.rows.tally.reject('row.not_json', number);
        else read(object, number);
      };
    }
    const zeek = new ZeekLines(this.file, this.rows, this.options);
    return (text, number) => zeek.line(text, number);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
