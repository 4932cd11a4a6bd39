import { describe, expect, it } from 'vitest';
import { bytes, ethernet, ipv4, ipv6, PORTS, SOURCE, udp, udp6 } from '../../../test/capture/layered-frames.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import type { Conn } from '../conn.ts';
import { createConnectionTable } from './connection-table.ts';

const MORE = 0x2000;

/** Frames with their times through a table. */
function conns(frames: readonly [ts: number, frame: Uint8Array, origlen?: number][]) {
  const list: Conn[] = [];
  const table = createConnectionTable({ onConn: (conn) => list.push(conn) });
  for (const [ts, frame, origlen] of frames) {
    const packet = new Packet();
    packet.bytes = frame.slice();
    packet.view = new DataView(packet.bytes.buffer);
    packet.end = frame.length;
    packet.origlen = origlen ?? frame.length;
    packet.ts = ts;
    if (decodePacket(packet, true)) table.packet(packet);
  }
  table.flush();
  return { list, weirds: table.weirds.toRecord() };
}

const payload = Uint8Array.from({ length: 3000 }, (_, i) => i & 0xff);
const datagram = udp(payload);

/** Bytes [from, to) of the datagram as a fragment. */
function piece(from: number, to: number, id = 7, data = datagram): Uint8Array {
  const fragment = (to < data.length ? MORE : 0) | (from >>> 3);
  return ethernet(0x0800, ipv4(data.subarray(from, to), { id, fragment }));
}

const whole = { orig_pkts: 1, orig_ip_bytes: 20 + datagram.length, id_orig_p: PORTS.source, history: 'D' };
const inOrder = [piece(0, 1480), piece(1480, 2960), piece(2960, datagram.length)];

describe('fragments', () => {
  it.each([
    ['in order', inOrder],
    ['reversed', [...inOrder].reverse()],
    ['one twice', [inOrder[0], inOrder[1], inOrder[1], inOrder[2]]],
    ['overlapping', [piece(0, 1480), piece(1400, 2960), piece(2400, datagram.length)]],
  ])('%s: one packet, bytes counted once', (_name, frames) => {
    const { list } = conns(frames.map((frame, i) => [i, frame]));
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject(whole);
  });

  it('of bytes that come twice the first ones count: a later forgery does not change the ports', () => {
    const forged = datagram.slice();
    forged.set([0xff, 0xff], 0);
    const { list, weirds } = conns([
      [0, piece(0, 1480)],
      [1, piece(0, 1480, 7, forged)],
      [2, piece(1480, datagram.length)],
    ]);
    expect(list.map(({ id_orig_p }) => id_orig_p)).toEqual([PORTS.source]);
    expect(weirds).toMatchObject({ fragment_overlap: 1 });
  });

  it('teardrop: a last fragment inside the first', () => {
    const { list } = conns([
      [0, piece(0, 1480)],
      [1, ethernet(0x0800, ipv4(datagram.subarray(24, 80), { id: 7, fragment: 3 }))],
    ]);
    expect(list.length).toBeLessThanOrEqual(1);
  });

  it('a hole is not filled by guessing, and no port is guessed without the first fragment', () => {
    const [first, middle, last] = inOrder;
    for (const frames of [
      [first, last],
      [middle, last],
    ])
      expect(conns(frames.map((frame, i) => [i, frame])).list).toEqual([]);
  });

  it('the same id again begins another datagram', () => {
    const { list } = conns([...inOrder, ...inOrder].map((frame, i) => [i, frame]));
    expect(list[0].orig_pkts).toBe(2);
  });

  it('what is not complete after thirty seconds is forgotten', () => {
    const { list, weirds } = conns([
      [0, inOrder[0]],
      [1, inOrder[1]],
      [40, inOrder[2]],
    ]);
    expect(list).toEqual([]);
    expect(weirds).toMatchObject({ fragment_timeout: 1 });
  });

  it('a fragment that the capture cut: the first one still tells its connection', () => {
    const { list, weirds } = conns([
      [0, inOrder[0].subarray(0, 60), inOrder[0].length],
      [1, inOrder[1].subarray(0, 60), inOrder[1].length],
    ]);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ orig_pkts: 1, id_orig_p: PORTS.source });
    expect(weirds).toMatchObject({ incompletely_captured_fragment: 2 });
  });

  it('65,000 datagrams that are never completed cost bounded memory', () => {
    const frames = Array.from({ length: 65_000 }, (_, i) => piece(0, 1480, i));
    const before = process.memoryUsage().arrayBuffers;
    const list: Conn[] = [];
    const table = createConnectionTable({ onConn: (conn) => list.push(conn), maxConnections: 16 });
    const packet = new Packet();
    for (const [i, frame] of frames.entries()) {
      packet.bytes = frame;
      packet.view = new DataView(frame.buffer);
      packet.end = frame.length;
      packet.origlen = frame.length;
      packet.ts = i / 65_000;
      decodePacket(packet, true);
      table.packet(packet);
    }
    expect(table.weirds.toRecord().fragment_evicted).toBeGreaterThan(50_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
    table.flush();
    expect(list).toEqual([]);
  });

  it('IPv6', () => {
    const whole6 = udp6(payload);
    const part = (from: number, to: number): Uint8Array => {
      const offset = from | (to < whole6.length ? 1 : 0);
      const header = [17, 0, offset >>> 8, offset & 0xff, 0, 0, 0, 9];
      return ethernet(0x86dd, ipv6(bytes(header, whole6.subarray(from, to)), 44));
    };
    const { list } = conns([
      [0, part(0, 1448)],
      [1, part(1448, 2896)],
      [2, part(2896, whole6.length)],
    ]);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ orig_pkts: 1, orig_ip_bytes: 40 + whole6.length, id_orig_p: PORTS.source });
  });

  it('in a tunnel', () => {
    const outer = (inner: Uint8Array) => ethernet(0x0800, ipv4(inner, { proto: 4, source: '10.0.0.1' }));
    const { list } = conns(inOrder.map((frame, i) => [i, outer(frame.subarray(14))]));
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ ...whole, id_orig_h: SOURCE });
    expect(list[0].tunnel_parents).toHaveLength(1);
  });
});
