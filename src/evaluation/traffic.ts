/** Captures in memory, so that they can be re-timed, merged and played again; for evaluation sizes only. */

import { AppError } from '../errors.ts';
import { decodePacket } from '../packet/decode.ts';
import { Packet } from '../packet/packet.ts';
import { openSource } from '../source/open-source.ts';

export interface Frame {
  ts: number;
  bytes: Uint8Array<ArrayBuffer>;
  origlen: number;
  linktype: number;
}

/** Throws AppError as `openSource` does, and `unsupported_type` for a log. */
export async function readFrames(file: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  const source = await openSource(file);
  if (source.kind !== 'packets') {
    await source.close();
    throw new AppError('unsupported_type', { file, found: 'a log of connections', supported: 'captures here' });
  }
  await source.readFrames(({ ts, bytes, offset, end, origlen, linktype }) => {
    frames.push({ ts, bytes: Uint8Array.from(bytes.subarray(offset, end)), origlen, linktype });
  });
  return frames;
}

/** The same frames, begun at `start`. */
export function retime(frames: readonly Frame[], start: number): Frame[] {
  const shift = start - (frames[0]?.ts ?? start);
  return frames.map((frame) => ({ ...frame, ts: frame.ts + shift }));
}

/** Several captures as one, in time order; of equal times the earlier argument comes first. */
export function merge<F extends Frame>(...captures: readonly (readonly F[])[]): F[] {
  return captures.flat().sort((a, b) => a.ts - b.ts);
}

/** Gives every frame that can be decoded to `take` in one reused packet, with the index of the frame. */
export function play(frames: readonly Frame[], take: (packet: Packet, index: number) => void): void {
  const packet = new Packet();
  for (let i = 0; i < frames.length; i++) {
    const { bytes, ts, origlen, linktype } = frames[i];
    packet.load(bytes, linktype, ts);
    packet.origlen = origlen;
    if (decodePacket(packet, false)) take(packet, i);
  }
}
