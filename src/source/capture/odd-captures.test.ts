import { describe, expect, it } from 'vitest';
import { homeFrames } from '../../../test/capture/home-frames.ts';
import {
  block,
  concat,
  inPieces,
  pcapRecord,
  plainPcap,
  type TestFrame,
  writeCapture,
} from '../../../test/capture/write-capture.ts';
import { flowsFromCapture } from './flows-from-capture.ts';
import { readCapture } from './read-capture.ts';

const frames = homeFrames(40);

async function read(input: Uint8Array, piece = 4096) {
  const got: string[] = [];
  const stats = await readCapture(inPieces(input, piece), ({ bytes, offset, end, ts }) => {
    got.push(`${ts} ${Buffer.from(bytes.subarray(offset, end)).toString('hex')}`);
  });
  return { got, stats };
}

const plain = (await read(writeCapture(frames).bytes)).got;
const header = writeCapture([]).bytes;
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('captures that do not keep to the letter of their format', () => {
  it('a captured length over the original one by a check sequence: the frame without it', async () => {
    const records = frames.map(({ ts, bytes }) =>
      pcapRecord({ ts, bytes: concat(bytes, new Uint8Array(4)) }, undefined, { original: bytes.length }),
    );
    const { got, stats } = await read(concat(header, ...records));
    expect(got).toEqual(plain);
    expect(stats).toMatchObject({ rejected: {}, weirds: { 'capture.longer_than_original': 40 } });
  });

  it('records over the snapshot length', async () => {
    const { got, stats } = await read(
      concat(writeCapture([], { snaplen: 60 }).bytes, ...frames.map((one) => pcapRecord(one))),
    );
    expect(got).toEqual(plain);
    expect(stats.weirds['capture.longer_than_snaplen']).toBe(frames.filter(({ bytes }) => bytes.length > 60).length);
  });

  it.each([1, 50, 4096])('nanoseconds under the magic number of microseconds, in pieces of %i bytes', async (piece) => {
    const nanoseconds = writeCapture(frames, { nanoseconds: true }).bytes.slice();
    nanoseconds.set(header.subarray(0, 4));
    const { got, stats } = await read(nanoseconds, piece);
    expect(got).toEqual(plain);
    expect(stats).toMatchObject({ rejected: {}, weirds: { 'capture.nanoseconds_as_microseconds': 1 } });
  });

  it('one damaged time does not change the unit of the others', async () => {
    const records = frames.map((one, i) => pcapRecord(one, undefined, i === 20 ? { fraction: 5_000_000 } : {}));
    const { stats } = await read(concat(header, ...records));
    expect(stats).toMatchObject({ parsed: 39, rejected: { 'capture.bad_timestamp': 1 }, weirds: {} });
  });

  it.each([1, 7, 4096])('two files behind each other, in pieces of %i bytes', async (piece) => {
    const second = writeCapture(frames, { littleEndian: false, nanoseconds: true }).bytes;
    const { got, stats } = await read(concat(writeCapture(frames).bytes, second), piece);
    expect(got).toEqual([...plain, ...plain]);
    expect(stats).toMatchObject({ offered: 80, parsed: 80, weirds: { 'capture.joined_files': 1 } });
  });

  it.each(['pcap', 'pcapng'] as const)('text before a %s', async (format) => {
    const said = latin1('tcpdump: listening on br-lan, link-type EN10MB\r\n');
    for (const piece of [1, 4096]) {
      const { got, stats } = await read(concat(said, writeCapture(frames, { format }).bytes), piece);
      expect(got).toEqual(plain);
      expect(stats.weirds).toEqual({ 'capture.text_before': 1 });
    }
  });

  it.each([true, false])(
    'Kuznetzov’s records, as a Fritz!Box writes them (little endian: %s)',
    async (littleEndian) => {
      const head = writeCapture([], { littleEndian }).bytes.slice();
      new DataView(head.buffer).setUint32(0, 0xa1b2cd34, littleEndian);
      const more = Uint8Array.of(3, 0, 0, 0, 0, 8, 0, 0);
      const record = (frame: TestFrame): Uint8Array => {
        const whole = pcapRecord(frame, { ...plainPcap, littleEndian });
        return concat(whole.subarray(0, 16), more, whole.subarray(16));
      };
      expect((await read(concat(head, ...frames.map(record)), 13)).got).toEqual(plain);
    },
  );

  it('Navtel’s magic number counts nanoseconds', async () => {
    const bytes = writeCapture(frames, { nanoseconds: true }).bytes.slice();
    new DataView(bytes.buffer).setUint32(0, 0xa12b3c4d, true);
    expect((await read(bytes)).got).toEqual(plain);
  });

  it('a length in pcapng that is a little over', async () => {
    const { bytes } = writeCapture([], { format: 'pcapng' });
    const body = concat(new Uint8Array(12), Uint8Array.of(64, 0, 0, 0, 60, 0, 0, 0), new Uint8Array(64).fill(7));
    const { got, stats } = await read(concat(bytes, block(6, body)));
    expect(got).toHaveLength(1);
    expect(stats.weirds).toEqual({ 'capture.longer_than_original': 1 });
  });

  it('every beginning of them is read without a throw of another kind', async () => {
    const nanoseconds = writeCapture(frames.slice(0, 3), { nanoseconds: true }).bytes.slice();
    nanoseconds.set(header.subarray(0, 4));
    const joined = concat(latin1('hi\n'), nanoseconds, writeCapture(frames.slice(0, 2)).bytes);
    for (let length = 1; length <= joined.length; length += 3) {
      await read(joined.slice(0, length)).catch((error: { code?: string }) => {
        expect(['empty_file', 'unsupported_type']).toContain(error.code);
      });
    }
  });

  it.each([{}, { nanoseconds: true }])(
    'packets out of order are taken as they stand, and counted (%o)',
    async (form) => {
      const mixed = [...frames];
      for (let i = 3; i + 2 < mixed.length; i += 7) [mixed[i], mixed[i + 2]] = [mixed[i + 2], mixed[i]];
      const earlier = mixed.filter(({ ts }, i) => i > 0 && ts < mixed[i - 1].ts).length;
      const weirds = async (some: typeof frames): Promise<Record<string, number>> =>
        (await flowsFromCapture(inPieces(writeCapture(some, form).bytes, 4096), { ignoreChecksums: true }, () => {}))
          .weirds;
      expect((await weirds(mixed))['capture.out_of_order']).toBe(earlier);
      expect((await weirds(frames))['capture.out_of_order']).toBeUndefined();
    },
  );
});
