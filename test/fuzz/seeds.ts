import { distinctFrames, homeFrames } from '../capture/home-frames.ts';
import { layeredFrames } from '../capture/layered-frames.ts';
import { type TestFrame, writeCapture } from '../capture/write-capture.ts';

/** Captures to start from: each kind of frame alone, conversations, and every layer, in both formats. */
export function seeds(): Uint8Array[] {
  const single = distinctFrames().map((frame) => writeCapture([frame]).bytes);
  const conversation = homeFrames(60);
  const layers = layeredFrames().map(({ frame, linktype }) => writeCapture([frame], { linktype }).bytes);
  return [
    ...single,
    ...layers,
    ...variants(conversation.slice(0, 20)),
    ...variants(conversation.slice(20, 60)),
    writeCapture(
      layeredFrames()
        .filter(({ linktype }) => linktype === 1)
        .map(({ frame }) => frame),
    ).bytes,
  ];
}

function variants(frames: TestFrame[]): Uint8Array[] {
  return [
    writeCapture(frames).bytes,
    writeCapture(frames, { littleEndian: false, nanoseconds: true }).bytes,
    writeCapture(frames, { format: 'pcapng' }).bytes,
    writeCapture(frames, { format: 'pcapng', littleEndian: false, nanoseconds: true }).bytes,
  ];
}
