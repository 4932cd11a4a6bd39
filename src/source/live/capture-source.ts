/** A capture as a live source: the packets of every run of the tool, and what became of each. */
import type { Clock } from '../../clock.ts';
import { readCapture } from '../capture/read-capture.ts';
import type { Accounting } from '../source.ts';
import { LiveCapture } from './live-capture.ts';
import type { Gap, LiveSink, LiveSource } from './source.ts';
import type { CaptureCommand, CaptureSocket } from './tool.ts';
import { wireBytes, wireFrames } from './unseen.ts';

export class CaptureSource implements LiveSource {
  readonly name: string;
  readonly #command: CaptureCommand | CaptureSocket;
  readonly #clock: Clock | undefined;
  #capture: LiveCapture | null = null;
  #frames = 0;
  /** The same as they were on the wire. */
  readonly #wire = { frames: 0, bytes: 0 };
  #stopped = false;
  /** Records that never became frames, by reason. */
  readonly #rejected: Record<string, number> = {};

  constructor(name: string, command: CaptureCommand | CaptureSocket, clock?: Clock) {
    this.name = name;
    this.#command = command;
    this.#clock = clock;
  }

  get gaps(): readonly Gap[] {
    return this.#capture?.gaps ?? [];
  }

  get starts(): number {
    return this.#capture?.counters.starts ?? 0;
  }

  get pid(): number | undefined {
    return this.#capture?.pid;
  }

  start(sink: LiveSink): void {
    this.#capture = new LiveCapture({
      command: this.#command,
      clock: this.#clock,
      seen: () => this.#wire,
      onState: (state, reason) => sink.onState(state, reason),
      onGap: (gap) => sink.onGap(gap),
      readRun: async (chunks) => {
        const take = (packet: Parameters<LiveSink['onPacket']>[0]): void => {
          this.#frames++;
          this.#wire.frames += wireFrames(packet.origlen);
          this.#wire.bytes += wireBytes(packet.origlen);
          sink.onPacket(packet);
        };
        const { rejected } = await readCapture(chunks, take, { name: this.name });
        for (const [reason, count] of Object.entries(rejected)) {
          this.#rejected[reason] = (this.#rejected[reason] ?? 0) + count;
        }
      },
    });
    this.#capture.start();
  }

  async stop(): Promise<void> {
    await this.#capture?.stop();
    this.#stopped = true;
  }

  /** `kernel`: its buffer was full; `unread`: they were in it at the tool's end; `pipe`: the tool's end tore a record. */
  account(): Accounting {
    const { captured = 0, dropped: kernel = 0, unread = 0 } = this.#capture?.counters ?? {};
    const refused = Object.values(this.#rejected).reduce((total, count) => total + count, 0);
    // While it runs, what it wrote is on its way; afterwards nobody can read it any more.
    const pipe = this.#stopped ? Math.max(0, captured - this.#frames - refused) : 0;
    const dropped = Object.entries({ kernel, unread, pipe }).filter(([, count]) => count > 0);
    return {
      offered: this.#frames + refused + kernel + unread + pipe,
      parsed: this.#frames,
      rejected: { ...this.#rejected },
      dropped: Object.fromEntries(dropped),
    };
  }
}
