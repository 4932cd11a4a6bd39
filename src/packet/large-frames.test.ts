import { describe, expect, it } from 'vitest';
import {
  bytes,
  datagram,
  ethernet,
  ipv4,
  MAC_DESTINATION,
  MAC_SOURCE,
  udp,
} from '../../test/capture/layered-frames.ts';
import { inPieces, writeCapture } from '../../test/capture/write-capture.ts';
import type { Conn } from '../flow/conn.ts';
import { flowsFromCapture } from '../source/capture/flows-from-capture.ts';
import { decodePacket } from './decode.ts';
import { Packet } from './packet.ts';

function decoded(frame: Uint8Array): Packet {
  const packet = new Packet();
  packet.bytes = frame;
  packet.view = new DataView(frame.buffer);
  packet.end = frame.length;
  packet.origlen = frame.length;
  expect(decodePacket(packet, true)).toBe(true);
  return packet;
}

const SEGMENT = 80_000;
/** A TCP header without options, and data. */
const segment = bytes('9c40 01bb 00000001 00000001 5010 ffff 0000 0000', new Uint8Array(SEGMENT));
const address6 = '20010db8000000000000000000000001';

describe('frames that hold more than a packet', () => {
  it('IPv6 of length 0, before the network card cuts it: all of the frame', () => {
    const packet = decoded(ethernet(0x86dd, bytes('60000000 0000 06 40', address6, address6, segment)));
    expect(packet).toMatchObject({ srcPort: 40_000, payloadLength: SEGMENT, ipTotalLength: SEGMENT + 60 });
  });

  it('IPv6 with the option for jumbograms: its length', () => {
    const option = bytes('06 00 c204', [0, 1, (SEGMENT + 28 - 65_536) >> 8, (SEGMENT + 28) & 0xff]);
    const packet = decoded(ethernet(0x86dd, bytes('60000000 0000 00 40', address6, address6, option, segment, '0000')));
    expect(packet).toMatchObject({ srcPort: 40_000, payloadLength: SEGMENT });
  });

  it('every packet of an aggregate that an access point sends through GRE', async () => {
    const other = ipv4(udp(new Uint8Array(3), 41_000, 9999));
    const subframe = (packet: Uint8Array): Uint8Array => {
      const length = 8 + packet.length;
      const whole = bytes(MAC_DESTINATION, MAC_SOURCE, [length >> 8, length & 255], 'aaaa03 000000 0800', packet);
      return bytes(whole, new Uint8Array(-whole.length & 3));
    };
    const wifi = bytes(
      '8801 0000',
      MAC_DESTINATION,
      MAC_SOURCE,
      '020000000003 0000 8000',
      subframe(datagram),
      subframe(other),
    );
    const outer = ipv4(bytes('0000 8200', wifi), { proto: 47, source: '10.0.0.1', destination: '10.0.0.2' });
    const capture = writeCapture([{ ts: 1e15, bytes: ethernet(0x0800, outer) }]).bytes;
    const conns: Conn[] = [];
    await flowsFromCapture(inPieces(capture, 4096), {}, (conn) => conns.push(conn));
    expect(conns.map((conn) => conn.id_orig_p).sort()).toEqual([40_000, 41_000]);
    expect(new Set(conns.map((conn) => conn.tunnel_parents?.[0])).size).toBe(1);
  });
});
