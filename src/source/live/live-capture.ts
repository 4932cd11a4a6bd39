/**
 * Keeps a capture on an interface alive: starts the tool, watches its bytes, its answers, its end and the link, starts
 * it again with growing pauses, and records every time that was not seen. A quiet network is told from a blind sensor.
 */
import { type Clock, systemClock } from '../../clock.ts';
import { CaptureChild } from './capture-child.ts';
import { CaptureConnection } from './capture-connection.ts';
import { type LinkCounters, linkFault, readCounters, readLink } from './interfaces.ts';
import { RestartPause } from './restart-pause.ts';
import { BLIND_AFTER_MS, type Gap, REMEMBERED_GAPS, type SourceState } from './source.ts';
import { type CaptureCommand, type CaptureSocket, DEFAULT_BUFFER_MIB } from './tool.ts';
import { type Seen, Unseen } from './unseen.ts';

export interface LiveCaptureOptions {
  command: CaptureCommand | CaptureSocket;
  /** Reads one run of the tool to its end; throws where it was no capture. */
  readRun: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** What came of the capture so far. */
  seen?: () => Seen;
  onState: (state: SourceState, reason: string | null) => void;
  /** Called when a gap begins and when it ends. */
  onGap: (gap: Gap) => void;
  clock?: Clock;
}

export interface LiveCounters {
  bytes: number;
  /** Frames that the tool wrote, and those that the kernel lost before it. */
  captured: number;
  dropped: number;
  /** Frames that were in the kernel's buffer when the tool ended. */
  unread: number;
  /** How often the tool was started. */
  starts: number;
}

const TICK_MS = 1_000;
/** Frames on the interface that must have passed unseen before that is held against the tool. */
const UNSEEN_FRAMES = 3;
/** Share of the frames of one look-over that may be lost, and how long that is. */
const LOSS = 0.01;
const LOSS_WINDOW_MS = 5_000;

export class LiveCapture {
  readonly gaps: Gap[] = [];
  state: SourceState = 'starting';
  reason: string | null = null;
  readonly #options: LiveCaptureOptions;
  readonly #clock: Clock;
  readonly #past = { bytes: 0, captured: 0, dropped: 0, unread: 0 };
  #starts = 0;
  #child: CaptureChild | CaptureConnection | null = null;
  #run: Promise<void> = Promise.resolve();
  #ticker: NodeJS.Timeout | undefined;
  /** When the tool may be started again, by the monotonic clock. */
  #restartAt = 0;
  #tickedAt = 0;
  readonly #pause = new RestartPause();
  #startedAt = 0;
  /** Index of the interface that the tool was started on. */
  #index: number | null = null;
  #stopped = false;
  #signs = { bytes: 0, answers: 0, at: 0, link: null as LinkCounters | null };
  #fault: { reason: string; since: number } | null = null;
  #gap: Gap | null = null;
  /** When everything was last in order, for the start of a gap; seconds since 1970. */
  #goodAt: number;
  /** Of a tool that does not say what it loses; null where it does, or nothing is known of what passes. */
  readonly #unseen: Unseen | null;
  #lost = 0;
  #loss = { at: 0, captured: 0, dropped: 0, reason: null as string | null };

  constructor(options: LiveCaptureOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { answers, filtered, interface: name, bufferMiB = DEFAULT_BUFFER_MIB } = options.command;
    const isSilent = answers === 'never' && !filtered && name !== null && options.seen !== undefined;
    this.#unseen = isSilent ? new Unseen(bufferMiB) : null;
    this.#goodAt = this.#now();
  }

  get counters(): LiveCounters {
    const { bytes = 0, counters = { captured: 0, dropped: 0 } } = this.#child ?? {};
    const { captured, dropped } = counters;
    const past = this.#past;
    return {
      bytes: past.bytes + bytes,
      captured: past.captured + captured,
      dropped: past.dropped + Math.max(dropped, this.#lost),
      unread: past.unread,
      starts: this.#starts,
    };
  }

  /** Process id of the tool while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#options.onState('starting', null);
    this.#begin();
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Lets the tool write out what it has, and reads it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#ticker);
    await this.#child?.stop();
    await this.#run;
    this.#endGap();
  }

  #now(): number {
    return this.#clock.now() / 1000;
  }

  #begin(): void {
    this.#starts++;
    this.#startedAt = this.#clock.monotonic();
    const { command } = this.#options;
    const child = 'socket' in command ? new CaptureConnection(command) : new CaptureChild(command);
    this.#child = child;
    this.#index = command.interface === null ? null : readLink(command.interface).index;
    this.#signs = { bytes: 0, answers: 0, at: this.#startedAt, link: this.#linkCounters() };
    this.#unseen?.begin(this.#signs.link, this.#seen());
    this.#run = this.#follow(child);
  }

  async #follow(child: CaptureChild | CaptureConnection): Promise<void> {
    let fault: string | null = null;
    try {
      await this.#options.readRun(child.chunks());
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    // Standard output was closed, or is no capture: whatever is left of the process has no use.
    if (child.end === null) await child.stop();
    await child.closed;
    this.#past.bytes += child.bytes;
    this.#past.captured += child.counters.captured;
    this.#past.dropped += Math.max(child.counters.dropped, this.#lost);
    this.#lost = 0;
    // The kernel counts frames of the loopback interface twice, the tools do not.
    const { received, captured, dropped } = child.counters;
    const { interface: name } = this.#options.command;
    if (name !== null && !readLink(name).loopback) this.#past.unread += Math.max(0, received - captured - dropped);
    this.#child = null;
    if (this.#stopped) return;
    const said = child.bytes === 0 || fault === null ? child.end : fault;
    this.#fail(said ?? 'the capture ended');
    const now = this.#clock.monotonic();
    this.#pause.ranFor(now - this.#startedAt);
    this.#restartAt = now + this.#pause.next();
  }

  #tick(): void {
    const { interface: name } = this.#options.command;
    const link = name === null ? null : readLink(name);
    const fault = link === null ? null : linkFault(name!, link);
    const now = this.#clock.monotonic();
    // After a pause of this process itself, what the tool said meanwhile is still to be read.
    if (now - this.#tickedAt > 2 * TICK_MS) this.#signs.at = now;
    this.#tickedAt = now;
    if (fault !== null) {
      this.#fail(fault);
      // The tool would only fail: it is started as soon as the link is there again.
      this.#restartAt = 0;
      this.#pause.reset();
    }
    const child = this.#child;
    if (child === null) {
      if (fault === null && now >= this.#restartAt) this.#begin();
      this.#escalate();
      return;
    }
    child.ask();
    this.#lost = this.#unseen?.next(this.#linkCounters(), this.#seen()) ?? 0;
    const hang = this.#hang(child, link?.index ?? null);
    if (hang !== null) {
      this.#fail(hang);
      child.kill(hang);
    } else if (fault === null && child.bytes > 0) this.#recover();
    this.#escalate();
  }

  /** Why the tool has to be started again; null while it is fine or the network is just quiet. */
  #hang(child: CaptureChild | CaptureConnection, index: number | null): string | null {
    const { name, interface: watched, answers, filtered, opensWithin, answersWithin } = this.#options.command;
    const now = this.#clock.monotonic();
    if (index !== null && this.#index !== null && index !== this.#index) return `${watched} is another interface now`;
    const signs = this.#signs;
    if (child.bytes > signs.bytes || child.answers > signs.answers) {
      const link = child.bytes > signs.bytes ? this.#linkCounters() : signs.link;
      this.#signs = { bytes: child.bytes, answers: child.answers, at: now, link };
      return null;
    }
    if (now - signs.at < (child.bytes === 0 ? opensWithin : answersWithin)) return null;
    if (answers !== 'never') return `${name} does not answer`;
    const link = this.#linkCounters();
    if (filtered || link === null || signs.link === null) return null;
    const unseen = link.packets - signs.link.packets;
    return unseen >= UNSEEN_FRAMES ? `${unseen} frames passed ${watched} and none of them was captured` : null;
  }

  #seen(): Seen {
    return this.#options.seen?.() ?? { frames: 0, bytes: 0 };
  }

  #linkCounters(): LinkCounters | null {
    const { interface: name } = this.#options.command;
    return name === null ? null : readCounters(name);
  }

  #fail(reason: string): void {
    if (this.#fault === null) {
      this.#fault = { reason, since: this.#clock.monotonic() };
      this.#gap = { from: this.#goodAt, to: null, reason };
      this.gaps.push(this.#gap);
      if (this.gaps.length > REMEMBERED_GAPS) this.gaps.shift();
      this.#options.onGap(this.#gap);
    } else this.#fault.reason = reason;
    this.#enter(this.state === 'blind' ? 'blind' : 'degraded', reason);
  }

  #recover(): void {
    this.#goodAt = this.#now();
    this.#fault = null;
    this.#endGap();
    this.#pause.ranFor(this.#clock.monotonic() - this.#startedAt);
    const loss = this.#losing();
    if (loss === null) this.#enter('watching', null);
    else this.#enter('blind', loss);
  }

  #endGap(): void {
    if (this.#gap === null) return;
    // The clock may have been set back meanwhile.
    this.#gap.to = Math.max(this.#gap.from, this.#now());
    this.#options.onGap(this.#gap);
    this.#gap = null;
  }

  /** More than one in a hundred frames lost is not watching. */
  #losing(): string | null {
    const now = this.#clock.monotonic();
    const { captured, dropped } = this.counters;
    const loss = this.#loss;
    if (now - loss.at < LOSS_WINDOW_MS) return loss.reason;
    const lost = dropped - loss.dropped;
    const share = lost / Math.max(1, captured - loss.captured + lost);
    const reason = lost > 0 && share > LOSS ? `${(100 * share).toFixed(0)} % of the packets are lost` : null;
    this.#loss = { at: now, captured, dropped, reason };
    return reason;
  }

  #escalate(): void {
    if (this.#fault === null || this.#clock.monotonic() - this.#fault.since < BLIND_AFTER_MS) return;
    this.#enter('blind', this.#fault.reason);
  }

  #enter(state: SourceState, reason: string | null): void {
    if (state === this.state && reason === this.reason) return;
    this.state = state;
    this.reason = reason;
    this.#options.onState(state, reason);
  }
}
