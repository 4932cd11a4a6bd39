import { simulate } from '../../src/simulator/simulate.ts';
import type { TestFrame } from './write-capture.ts';

/** The first frames of a simulated home, the same ones every time. */
export function homeFrames(count: number, seed = 1): TestFrame[] {
  const home = simulate({ devices: 8, hours: 0.5, seed, bulk: 0.005 });
  const frames: TestFrame[] = [];
  for (const { ts, data } of home) {
    frames.push({ ts, bytes: data.slice() });
    if (frames.length === count) break;
  }
  return frames;
}

/** One frame of each kind that the home sends: by EtherType, protocol and ports. */
export function distinctFrames(count = 20_000): TestFrame[] {
  const kinds = new Map<string, TestFrame>();
  for (const frame of homeFrames(count)) {
    const key = kindOf(frame.bytes);
    if (!kinds.has(key)) kinds.set(key, frame);
  }
  return [...kinds.values()];
}

function kindOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const etherType = view.getUint16(12);
  const transport = etherType === 0x0800 ? 14 + (bytes[14] & 15) * 4 : 54;
  const proto = etherType === 0x0800 ? bytes[23] : etherType === 0x86dd ? bytes[20] : 0;
  if (proto !== 6 && proto !== 17) return `${etherType} ${proto} ${bytes[transport] ?? 0}`;
  const ports = [view.getUint16(transport), view.getUint16(transport + 2)].map((port) => Math.min(port, 10_000));
  const flags = proto === 6 ? bytes[transport + 13] : 0;
  return `${etherType} ${proto} ${ports.sort().join(' ')} ${flags} ${bytes.length > 70}`;
}
