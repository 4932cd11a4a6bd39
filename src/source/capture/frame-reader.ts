import { AppError } from '../../errors.ts';
import { WINDOW_BYTES } from '../../flow/table/connection-memory.ts';
import { linktypes } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { detectFormat } from '../detect.ts';
import type { SourceStats } from '../source.ts';
import { ByteWindow } from './byte-window.ts';
import { type CaptureParser, CorruptCapture, type FrameSink } from './capture-parser.ts';
import { captureBehindText, detectCapture, MAXIMUM_PREFACE, textLength } from './detect-capture.ts';
import { PcapParser } from './pcap.ts';
import { PCAP_HEADER } from './pcap-variant.ts';
import { PcapngParser } from './pcapng.ts';

/** So many bytes tell what a capture is. */
export const MAGIC_BYTES = 4;
export const SUPPORTED_CAPTURES = 'pcap and pcapng captures, plain or compressed with gzip or zstd';

/** Takes the bytes of one capture as they come, in any pieces, and gives its frames to the sink. */
export class FrameReader {
  readonly window: ByteWindow;
  readonly #sink: FrameSink;
  readonly #name: string;
  #parser: CaptureParser | null = null;
  #corrupt: CorruptCapture | null = null;
  #hasPreface = false;

  constructor(sink: FrameSink, name: string) {
    this.window = new ByteWindow(sink.window ?? new Uint8Array(WINDOW_BYTES));
    this.#sink = sink;
    this.#name = name;
  }

  /** Nothing behind this point can be read. */
  get isCorrupt(): boolean {
    return this.#corrupt !== null;
  }

  /** Takes what is in the window, and makes room in it. */
  take(): void {
    if (this.#parser === null && !this.#detect()) return;
    try {
      this.#parser?.parse(this.window);
    } catch (error) {
      this.fail(error);
    }
    this.window.makeRoom();
  }

  push(chunk: Uint8Array): void {
    for (let used = 0; used < chunk.length && !this.isCorrupt; ) {
      used += this.window.append(used === 0 ? chunk : chunk.subarray(used));
      this.take();
    }
  }

  /** A capture that was damaged behind its first packet is good up to there. */
  fail(error: unknown): void {
    if (!(error instanceof CorruptCapture)) throw error;
    if (this.#parser === null || this.#parser.offered === 0) {
      const { position, what } = error;
      throw new AppError('capture_corrupt', { file: this.#name, offset: position, what }, { cause: error });
    }
    this.#corrupt = error;
    const { rejected } = this.#parser;
    const reason = `capture.${error.what}`;
    rejected[reason] = (rejected[reason] ?? 0) + 1;
  }

  #detect(): boolean {
    const { bytes, start, end } = this.window;
    if (end - start < MAGIC_BYTES) return false;
    const format = detectCapture(bytes.subarray(start, end));
    if (format !== 'pcap' && format !== 'pcapng') return this.#skipText();
    const packet = new Packet();
    this.#parser = format === 'pcap' ? new PcapParser(packet, this.#sink) : new PcapngParser(packet, this.#sink);
    return true;
  }

  /** A program may have said something into the same pipe before its capture. */
  #skipText(): boolean {
    const { bytes, start, end } = this.window;
    const at = captureBehindText(bytes.subarray(start, end));
    if (at >= 0) {
      this.window.advance(at);
      this.#hasPreface = true;
      return this.#detect();
    }
    // Of the header behind the text all may not be here yet.
    const text = textLength(bytes.subarray(start, end));
    if (text === 0 || end - start - text >= PCAP_HEADER || text >= MAXIMUM_PREFACE) throw this.#unsupported();
    return false;
  }

  #unsupported(): AppError {
    const { bytes, start, end } = this.window;
    const format = detectFormat(bytes.subarray(start, end));
    const found = format.kind === 'unsupported' ? format.found : 'a text file of records';
    return new AppError('unsupported_type', { file: this.#name, found, supported: SUPPORTED_CAPTURES });
  }

  /** The account of the run, once everything was taken. */
  finish(): SourceStats {
    const { window } = this;
    const left = window.end - window.start;
    if (this.#parser === null) {
      if (left === 0) throw new AppError('empty_file', { file: this.#name });
      throw this.#unsupported();
    }
    const { format, rejected, weirds } = this.#parser;
    this.#requireKnownLinktype(this.#parser);
    // A record whose length made no sense was offered too, although it could not be taken.
    const offered = this.#parser.offered + (this.#corrupt === null ? 0 : 1);
    const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0);
    const truncated = this.#corrupt !== null || left > 0;
    return {
      format,
      bytes: window.position + left,
      offered,
      parsed: offered - refused,
      rejected,
      dropped: {},
      truncated,
      truncatedAt: truncated ? window.position : null,
      rejectedLines: [],
      weirds: this.#hasPreface ? { ...weirds, 'capture.text_before': 1 } : { ...weirds },
    };
  }

  /** A capture none of whose interfaces can be decoded is refused, and the link type named. */
  #requireKnownLinktype(parser: CaptureParser): void {
    const found = parser.linktypes();
    if (found.length === 0 || found.some((linktype) => linktypes.has(linktype))) return;
    throw new AppError('unsupported_linktype', {
      file: this.#name,
      linktype: found.join(', '),
      supported: [...new Set(linktypes.values())].join(', '),
    });
  }
}
