/**
 * What a capture tool loses while it does not say so: dumpcap gives its counts at the end only. The interface counts what
 * passes, and whoever reads the capture counts what came; what lies between them waits in the kernel's buffer, and what
 * does not fit there is lost. The estimate is a floor: what it cannot be sure of it leaves out.
 */
import type { LinkCounters } from './interfaces.ts';

export interface Seen {
  /** Frames as they were on the wire, and their bytes there. */
  frames: number;
  bytes: number;
}

/** The kernel's header in front of each frame in its buffer (TPACKET_V3), with what aligns it. */
const SLOT_BYTES = 96;
/** What the tool and the pipe hold beside the kernel's buffer. */
const PIPE_BYTES = 1 << 20;

/** The largest Ethernet frame of 1,500 bytes, with a VLAN tag; what the data of one that was cut up were carried in. */
const LARGEST_FRAME = 1_518;
const SEGMENT = 1_448;
const HEADERS = 66;

/** The kernel joins segments of one connection before it hands them out: one frame here, several on the wire. */
export const wireFrames = (length: number): number =>
  length <= LARGEST_FRAME ? 1 : Math.ceil((length - HEADERS) / SEGMENT);
export const wireBytes = (length: number): number => length + (wireFrames(length) - 1) * HEADERS;

export class Unseen {
  readonly #bufferBytes: number;
  #passed: LinkCounters | null = null;
  #seen: Seen = { frames: 0, bytes: 0 };
  #lost = 0;

  constructor(bufferMiB: number) {
    this.#bufferBytes = bufferMiB * (1 << 20) + PIPE_BYTES;
  }

  /** A run of the tool begins. */
  begin(passed: LinkCounters | null, seen: Seen): void {
    this.#passed = passed;
    this.#seen = { ...seen };
    this.#lost = 0;
  }

  /** Frames that are surely lost since the run began. */
  next(passed: LinkCounters | null, seen: Seen): number {
    if (this.#passed === null || passed === null) return 0;
    const frames = passed.packets - this.#passed.packets - (seen.frames - this.#seen.frames);
    const bytes = passed.bytes - this.#passed.bytes - (seen.bytes - this.#seen.bytes);
    // Cards count what the tool never sees (checksums of frames), and some count less: both have to miss something.
    if (frames <= 0 || bytes <= 0) return this.#lost;
    const size = bytes / frames;
    this.#lost = Math.max(this.#lost, Math.floor(frames - this.#bufferBytes / (size + SLOT_BYTES)));
    return this.#lost;
  }
}
