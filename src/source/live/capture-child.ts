/**
 * dumpcap, tcpdump or ssh as a child: one run of it, from the spawn to its end. It is given a fixed argument array and
 * an environment without secrets, no shell of this machine takes part, and what it says on standard error is kept in
 * bounded memory.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type CaptureCommand, parseCounters, type ToolCounters } from './tool.ts';

const LONGEST_LINE = 512;
const REMEMBERED_LINES = 20;
/** Of all that a tool says at its end, the line that tells why. */
const TELLING =
  /permission|not permitted|denied|no such|not up|went down|disappeared|syntax error|not found|refused|timed out|verification failed|not resolve/i;
/** After being asked to end, and then being told. */
const GRACE_MS = 2_000;
/** After its end, for what is still in the pipes: a process that it left behind may hold them open for ever. */
const DRAIN_MS = 500;
/** What tcpdump says that is no complaint. */
const CHATTER = /listening on|^Capturing on|^File: |verbose output suppressed|dropped privs/;
/** Nothing of ours: what is in it may be a secret. */
export const CHILD_ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

export class CaptureChild {
  readonly counters: ToolCounters = { captured: 0, dropped: 0, received: 0 };
  /** Bytes of the capture that came so far. */
  bytes = 0;
  /** How often it answered that it is alive. */
  answers = 0;
  /** Why it ended, once it has. */
  end: string | null = null;
  /** Resolves when the process is gone and its pipes are closed. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #command: CaptureCommand;
  readonly #said: string[] = [];
  #line = '';

  constructor(command: CaptureCommand) {
    this.#command = command;
    this.#child = spawn(command.path, command.args, {
      shell: false,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: CHILD_ENVIRONMENT,
    });
    const child = this.#child;
    child.stderr.setEncoding('latin1').on('data', (text: string) => this.#hear(text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      this.end = `${command.path} could not be started: ${error.code ?? error.message}`;
    });
    child.once('exit', () => {
      const timer = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_MS);
      child.once('close', () => clearTimeout(timer));
    });
    this.closed = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.#take();
        this.end ??= this.#describeEnd(code, signal);
        resolve();
      });
      // A program that cannot be started has no pipes that could close.
      child.on('error', () => child.pid === undefined && resolve());
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The capture as it comes; taking it slowly fills the pipe, then the kernel's buffer, and then drops are counted. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of this.#child.stdout) {
        this.bytes += (chunk as Uint8Array).length;
        yield chunk as Uint8Array;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    }
  }

  /** Asks tcpdump for its counts, which it gives in any state but stopped; others cannot be asked. */
  ask(): boolean {
    return this.#command.answers === 'asked' && this.end === null && this.#child.kill('SIGUSR1');
  }

  /** Lets it end, so that it writes out what it has and says its counts; kills it where it does not. */
  async stop(): Promise<void> {
    if (this.end !== null || this.pid === undefined) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(`${this.#command.name} did not end when it was asked to`), GRACE_MS);
    await this.closed;
    clearTimeout(timer);
  }

  /** Ends it for that reason, even while it is stopped (SIGSTOP). */
  kill(reason: string): void {
    this.end ??= reason;
    this.#child.kill('SIGKILL');
  }

  #hear(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#line += text.slice(from, Math.min(at, from + LONGEST_LINE));
      this.#take();
      from = at + 1;
    }
    if (this.#line.length < LONGEST_LINE) this.#line += text.slice(from, from + LONGEST_LINE);
  }

  #take(): void {
    const line = this.#line.trim();
    this.#line = '';
    if (line === '' || CHATTER.test(line)) return;
    if (parseCounters(line, this.counters)) {
      this.answers++;
      return;
    }
    this.#said.push(line.slice(0, LONGEST_LINE));
    if (this.#said.length > REMEMBERED_LINES) this.#said.shift();
  }

  #describeEnd(code: number | null, signal: string | null): string {
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    const why = this.#said.find((line) => TELLING.test(line)) ?? this.#said.at(-1);
    return `${this.#command.name} ${how}${why === undefined ? '' : `: ${why.replace(/^tcpdump: /, '')}`}`;
  }
}
