/** TCP segments (RFC 9293) and the option layouts of common stacks. */
import type { Endpoint } from './address.ts';
import { put16, put32 } from './bytes.ts';
import { ipFrame, Protocol, payloadOffset, transportChecksum } from './ip.ts';

export const Flag = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16 } as const;

export interface Segment {
  from: Endpoint;
  fromPort: number;
  to: Endpoint;
  toPort: number;
  seq: number;
  ack: number;
  flags: number;
  window: number;
  options?: Uint8Array;
}

const DONT_FRAGMENT = { dontFragment: true };
const EMPTY: Uint8Array = new Uint8Array(0);

/** One segment carrying `payload[start, end)`. */
export function tcpFrame(segment: Segment, payload = EMPTY, start = 0, end = payload.length): Uint8Array {
  const options = segment.options ?? EMPTY;
  const header = 20 + options.length;
  const length = header + end - start;
  const frame = ipFrame(segment.from, segment.to, Protocol.TCP, length, DONT_FRAGMENT);
  const at = payloadOffset(segment.from);
  put16(frame, at, segment.fromPort);
  put16(frame, at + 2, segment.toPort);
  put32(frame, at + 4, segment.seq);
  put32(frame, at + 8, segment.flags & Flag.ACK ? segment.ack : 0);
  frame[at + 12] = (header >> 2) << 4;
  frame[at + 13] = segment.flags;
  put16(frame, at + 14, segment.window);
  if (options.length > 0) frame.set(options, at + 20);
  if (end > start)
    frame.set(start === 0 && end === payload.length ? payload : payload.subarray(start, end), at + header);
  put16(frame, at + 16, transportChecksum(frame, at, length, Protocol.TCP));
  return frame;
}

/** How a stack lays out the options of its SYN; `lwip` is what small devices run. */
export type OptionLayout = 'linux' | 'windows' | 'apple' | 'lwip';

/** Whether the layout offers timestamps (RFC 7323). */
export function offersTimestamps(layout: OptionLayout): boolean {
  return layout === 'linux' || layout === 'apple';
}

/** Options of a SYN or SYN-ACK; `timestamps` null where they were not agreed. */
export function synOptions(
  layout: OptionLayout,
  mss: number,
  windowScale: number,
  timestamps: readonly [value: number, echo: number] | null,
): Uint8Array {
  const stamp = timestamps === null ? null : timestampOption(timestamps[0], timestamps[1]);
  const size = [2, 4, mss >> 8, mss & 255];
  switch (layout) {
    case 'lwip':
      return Uint8Array.from(size);
    case 'windows':
      return Uint8Array.from([...size, 1, 3, 3, windowScale, 1, 1, 4, 2]);
    case 'apple':
      return Uint8Array.from(
        stamp ? [...size, 1, 3, 3, windowScale, ...stamp, 4, 2, 0, 0] : [...size, 1, 3, 3, windowScale, 4, 2, 0, 0],
      );
    case 'linux':
      return Uint8Array.from(
        stamp
          ? [...size, 4, 2, ...stamp.subarray(2), 1, 3, 3, windowScale]
          : [...size, 1, 1, 4, 2, 1, 3, 3, windowScale],
      );
  }
}

/** NOP NOP TS: 12 bytes, of every segment after the handshake. */
export function timestampOption(value: number, echo: number): Uint8Array {
  const option = Uint8Array.of(1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0);
  put32(option, 4, value);
  put32(option, 8, echo);
  return option;
}
