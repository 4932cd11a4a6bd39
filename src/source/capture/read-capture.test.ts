import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { homeFrames } from '../../../test/capture/home-frames.ts';
import {
  block,
  type CaptureShape,
  concat,
  enhancedBlock,
  inPieces,
  interfaceBlock,
  pcapRecord,
  plainPcap,
  sectionBlock,
  type TestFrame,
  writeCapture,
} from '../../../test/capture/write-capture.ts';
import type { AppError } from '../../errors.ts';
import type { Conn } from '../../flow/conn.ts';
import { openSource, type PacketSource } from '../open-source.ts';
import type { FrameSink } from './capture-parser.ts';
import { flowsFromCapture } from './flows-from-capture.ts';
import { readCapture } from './read-capture.ts';

const frames = homeFrames(50);

interface Read {
  frames: { ts: number; origlen: number; bytes: string }[];
  stats: Awaited<ReturnType<typeof readCapture>>;
}

const folder = mkdtempSync(join(tmpdir(), 'guardian-capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The content as a file that is opened as every input is. */
async function openFile(content: Uint8Array, onDamage?: (error: AppError) => void): Promise<PacketSource> {
  const file = join(folder, 'capture');
  writeFileSync(file, content);
  const source = await openSource(file, { onDamage });
  if (source.kind !== 'packets') throw new Error(`opened as ${source.format}`);
  return source;
}

async function read(input: Uint8Array | PacketSource, piece = 4096): Promise<Read> {
  const got: Read['frames'] = [];
  const sink: FrameSink = ({ bytes, offset, end, ts, origlen }) => {
    got.push({ ts, origlen, bytes: Buffer.from(bytes.subarray(offset, end)).toString('hex') });
  };
  const isFile = 'readFrames' in input;
  const stats = await (isFile ? input.readFrames(sink) : readCapture(inPieces(input, piece), sink));
  expect(stats.offered).toBe(stats.parsed + Object.values(stats.rejected).reduce((sum, count) => sum + count, 0));
  return { frames: got, stats };
}

async function errorOf(input: Uint8Array): Promise<AppError | null> {
  return read(input).then(
    () => null,
    (thrown: AppError) => thrown,
  );
}

async function codeOf(input: Uint8Array): Promise<string> {
  const error = await errorOf(input);
  return `${error?.code} ${error?.status}`;
}

const shapes: [name: string, shape: Partial<CaptureShape>][] = [];
for (const format of ['pcap', 'pcapng'] as const) {
  for (const littleEndian of [true, false]) {
    for (const nanoseconds of [true, false]) {
      const name = `${format}, ${nanoseconds ? 'ns' : 'µs'}, ${littleEndian ? 'little' : 'big'} endian`;
      shapes.push([name, { format, littleEndian, nanoseconds }]);
    }
  }
}

describe('the same packets in every variant', async () => {
  const expected = (await read(writeCapture(frames).bytes)).frames;
  const conns = async (bytes: Uint8Array): Promise<Conn[]> => {
    const list: Conn[] = [];
    await flowsFromCapture(inPieces(bytes, 1000), {}, (conn) => list.push(conn));
    return list;
  };
  const flows = await conns(writeCapture(frames).bytes);

  it('is what was written', () => {
    expect(expected).toEqual(
      frames.map(({ ts, bytes }) => ({
        ts: ts / 1e6,
        origlen: bytes.length,
        bytes: Buffer.from(bytes).toString('hex'),
      })),
    );
    expect(flows.length).toBeGreaterThan(3);
  });

  it.each(shapes)('%s', async (_name, shape) => {
    const { bytes } = writeCapture(frames, shape);
    expect((await read(bytes)).frames).toEqual(expected);
    expect(await conns(bytes)).toEqual(flows);
  });

  it.each([1, 7, 16, 100_000])('in pieces of %i bytes', async (piece) => {
    for (const format of ['pcap', 'pcapng'] as const) {
      expect((await read(writeCapture(frames, { format }).bytes, piece)).frames).toEqual(expected);
    }
  });

  it('from a file, plain and packed', async () => {
    const { bytes } = writeCapture(frames);
    for (const content of [bytes, gzipSync(bytes), zstdCompressSync(bytes)]) {
      const { frames: got, stats } = await read(await openFile(content));
      expect(got).toEqual(expected);
      expect(stats).toMatchObject({ truncated: false, offered: 50 });
    }
  });

  it('gzip of several members', async () => {
    const { bytes } = writeCapture(frames);
    const members = concat(gzipSync(bytes.subarray(0, 1000)), gzipSync(bytes.subarray(1000)));
    expect((await read(await openFile(members))).frames).toEqual(expected);
  });
});

describe('captures that end early', () => {
  for (const format of ['pcap', 'pcapng'] as const) {
    it(`every prefix of a ${format}: the whole records of it, and where the cut is`, async () => {
      const { bytes, ends } = writeCapture(frames.slice(0, 6), { format });
      for (let length = 0; length <= bytes.length; length++) {
        const prefix = bytes.subarray(0, length);
        const whole = ends.filter((end) => end <= length).length;
        if (length === 0) expect(await codeOf(prefix)).toBe('empty_file 400');
        else if (length < 4) expect(await codeOf(prefix)).toBe('unsupported_type 400');
        else {
          const { stats, frames: got } = await read(prefix);
          expect([length, got.length]).toEqual([length, whole]);
          expect(stats.truncatedAt === null).toBe(!stats.truncated);
          // Behind the last whole record, or in the file's own head.
          if (whole > 0) expect(stats.truncatedAt).toBe(length === ends[whole - 1] ? null : ends[whole - 1]);
        }
      }
    });
  }

  it('a packed file that ends early gives what was in it', async () => {
    // More than one block of zstd, which unpacks whole blocks only.
    const { bytes } = writeCapture(homeFrames(3000));
    for (const packed of [gzipSync(bytes), zstdCompressSync(bytes)]) {
      const { stats } = await read(await openFile(packed.subarray(0, packed.length / 2)));
      expect(stats.offered).toBeGreaterThan(10);
      expect(stats.truncated).toBe(true);
    }
  });

  it('a packed file that is damaged gives what came before, or an error that says so', async () => {
    const packed = new Uint8Array(gzipSync(writeCapture(homeFrames(2000)).bytes));
    const late = packed.slice();
    late.fill(0xff, Math.floor(packed.length * 0.9));
    const { stats } = await read(await openFile(late, () => {}));
    expect(stats.truncated).toBe(true);
    expect(stats.offered).toBeGreaterThan(10);
    const early = packed.slice();
    early.fill(0xff, 10);
    await expect(openFile(early).then(read)).rejects.toMatchObject({ code: 'corrupt_compression', status: 422 });
  });
});

describe('declared lengths are not believed', () => {
  const [first, second] = frames;
  const head = writeCapture([], {}).bytes;
  const withRecord = (declared: Parameters<typeof pcapRecord>[2], snaplen = 1000): Uint8Array =>
    concat(writeCapture([first], { snaplen }).bytes, pcapRecord(second, plainPcap, declared), pcapRecord(first));

  it.each([
    ['longer than it was on the wire', { original: 10 }, 'capture.longer_than_original'],
    ['a million microseconds', { fraction: 1_000_000 }, 'capture.bad_timestamp'],
  ])('%s: the record is refused, the next one read', async (_name, declared, reason) => {
    const { stats } = await read(withRecord(declared));
    expect(stats).toMatchObject({ offered: 3, parsed: 2, rejected: { [reason]: 1 }, truncated: false });
  });

  it.each([0, 0xffffffff])('a snapshot length of %i means none', async (snaplen) => {
    expect((await read(writeCapture([first], { snaplen }).bytes)).stats).toMatchObject({ parsed: 1, rejected: {} });
  });

  it('a frame of no bytes is given on', async () => {
    const { stats, frames: got } = await read(writeCapture([{ ts: 1e6, bytes: new Uint8Array(0), origlen: 60 }]).bytes);
    expect(stats.parsed).toBe(1);
    expect(got[0]).toMatchObject({ bytes: '', origlen: 60 });
  });

  it.each([0x7fffffff, 0xffffffff, 262_145])(
    'a length of %i ends the reading, and nothing is allocated for it',
    async (captured) => {
      const before = process.memoryUsage().arrayBuffers;
      const { stats } = await read(withRecord({ captured, original: captured }));
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
      expect(stats).toMatchObject({
        offered: 2,
        parsed: 1,
        rejected: { 'capture.record_length': 1 },
        truncated: true,
        truncatedAt: head.length + 16 + first.bytes.length,
      });
      // As the first record it makes the whole capture worthless.
      const only = concat(head, pcapRecord(first, plainPcap, { captured, original: captured }));
      expect(await codeOf(only)).toBe('capture_corrupt 422');
    },
  );
});

describe('what is no capture that can be read', () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);

  it.each([
    ['ELF', text('\x7fELF\x02\x01')],
    ['HTML', text('<!DOCTYPE html><html>')],
    ['ZIP', text('PK\x03\x04\x14\x00')],
    ['text', text('hello, world\n')],
    ['binary', Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7)],
  ])('%s: the message names it', async (what, content) => {
    const error = await errorOf(content);
    expect(error?.code).toBe('unsupported_type');
    expect(error?.message.toLowerCase()).toContain(what.toLowerCase());
  });

  it('a link type that cannot be decoded: 422, with its number', async () => {
    const { bytes } = writeCapture(frames, { linktype: 147 });
    const error = await errorOf(bytes);
    expect([error?.code, error?.status]).toEqual(['unsupported_linktype', 422]);
    expect(error?.message).toContain('147');
  });

  it('a file that is not there', async () => {
    await expect(readCapture('/nowhere/x.pcap', () => {})).rejects.toMatchObject({ code: 'file_not_found' });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    abort.abort();
    const reading = readCapture(inPieces(writeCapture(frames).bytes, 100), () => {}, { signal: abort.signal });
    await expect(reading).rejects.toThrow();
  });
});

describe('pcapng', () => {
  const shape: CaptureShape = { ...plainPcap, format: 'pcapng' };
  const [first, second, third] = frames;
  const start = concat(sectionBlock(shape), interfaceBlock(shape));
  const packet = (frame: TestFrame): Uint8Array => enhancedBlock(frame, shape);

  it('two sections of opposite byte order', async () => {
    const big = writeCapture([second], { format: 'pcapng', littleEndian: false }).bytes;
    const { frames: got } = await read(
      concat(writeCapture([first], shape).bytes, big, writeCapture([third], shape).bytes),
    );
    expect(got.map(({ ts }) => ts)).toEqual([first, second, third].map(({ ts }) => ts / 1e6));
  });

  it('a packet of an interface that was never described is refused', async () => {
    const { stats } = await read(concat(start, enhancedBlock(first, shape, 7), packet(second)));
    expect(stats).toMatchObject({ offered: 2, parsed: 1, rejected: { 'capture.unknown_interface': 1 } });
  });

  it('simple and obsolete packet blocks', async () => {
    const length = first.bytes.length;
    const simple = block(3, concat(new Uint8Array(new Uint32Array([length]).buffer), first.bytes));
    const ticks = BigInt(second.ts);
    const fields = new Uint32Array([
      0,
      Number(ticks >> 32n),
      Number(ticks & 0xffffffffn),
      second.bytes.length,
      second.bytes.length,
    ]);
    const obsolete = block(2, concat(new Uint8Array(fields.buffer), second.bytes));
    const { frames: got } = await read(concat(start, simple, obsolete));
    expect(got.map(({ bytes }) => bytes)).toEqual(
      [first, second].map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    );
    expect(got[1].ts).toBe(second.ts / 1e6);
  });

  it('blocks of other kinds are passed over, however long', async () => {
    const others = [4, 5, 10, 0xbad, 0x40000bad].map((type) =>
      block(type, new Uint8Array(type === 5 ? 3_000_000 : 20)),
    );
    const { stats } = await read(concat(start, packet(first), ...others, packet(second)));
    expect(stats).toMatchObject({ offered: 2, parsed: 2, truncated: false });
  });

  it.each([
    ['length 0', block(6, new Uint8Array(20), true, 0)],
    ['length 8', block(6, new Uint8Array(20), true, 8)],
    ['odd length', block(6, new Uint8Array(20), true, 33)],
    ['trailer that differs', block(6, new Uint8Array(20), true, 32, 36)],
    ['length 2^32 - 4', block(6, new Uint8Array(20), true, 0xfffffffc)],
    ['interface options that overrun', interfaceBlock(shape, null, Uint8Array.of(2, 0, 200, 0, 1, 2, 3, 4))],
    [
      'a section of version 9',
      block(0x0a0d0d0a, Uint8Array.of(0x4d, 0x3c, 0x2b, 0x1a, 9, 0, 0, 0, ...new Array(8).fill(255))),
    ],
    ['a section of no byte order', block(0x0a0d0d0a, new Uint8Array(16))],
  ])('%s: an error with its offset, and what came before is kept', async (_name, bad) => {
    const good = concat(start, packet(first));
    const { stats } = await read(concat(good, bad, packet(second)));
    expect(stats).toMatchObject({ offered: 2, parsed: 1, truncated: true, truncatedAt: good.length });
    const opening = concat(sectionBlock(shape), bad);
    expect(await codeOf(opening)).toBe('capture_corrupt 422');
  });

  it.each([
    [0x00, 1],
    [0x03, 1e3],
    [0x06, 1e6],
    [0x09, 1e9],
    [0x8a, 2 ** 10],
    [0x94, 2 ** 20],
  ])('if_tsresol 0x%s', async (resolution, perSecond) => {
    const seconds = 1_700_000_000;
    const ticks = BigInt(seconds) * BigInt(perSecond) + BigInt(Math.floor(perSecond / 2));
    const fields = new Uint32Array([0, Number(ticks >> 32n), Number(ticks & 0xffffffffn), 4, 4, 0]);
    const capture = concat(
      sectionBlock(shape),
      interfaceBlock(shape, resolution),
      block(6, new Uint8Array(fields.buffer)),
    );
    expect((await read(capture)).frames[0].ts).toBe(seconds + Math.floor(perSecond / 2) / perSecond);
  });

  it('if_tsresol 0xff, and an offset of the clock', async () => {
    const tiny = concat(sectionBlock(shape), interfaceBlock(shape, 0xff), packet(first));
    expect((await read(tiny)).frames[0].ts).toBeCloseTo(0);
    const option = Uint8Array.of(14, 0, 8, 0, 10, 0, 0, 0, 0, 0, 0, 0);
    const moved = concat(sectionBlock(shape), interfaceBlock(shape, null, option), packet(first));
    expect((await read(moved)).frames[0].ts).toBe(first.ts / 1e6 + 10);
  });

  it('a frame longer than its block is refused', async () => {
    const fields = new Uint32Array([0, 0, 0, 200, 200]);
    const bad = block(6, concat(new Uint8Array(fields.buffer), new Uint8Array(20)));
    const { stats } = await read(concat(start, bad, packet(first)));
    expect(stats).toMatchObject({ offered: 2, parsed: 1, rejected: { 'capture.longer_than_block': 1 } });
  });
});
