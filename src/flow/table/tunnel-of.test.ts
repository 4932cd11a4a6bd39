import { describe, expect, it } from 'vitest';
import { bytes, datagram6, ethernet, ipv4, udp } from '../../../test/capture/layered-frames.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import type { Conn } from '../conn.ts';
import { createConnectionTable } from './connection-table.ts';

function connsOf(payload: Uint8Array): Conn[] {
  const conns: Conn[] = [];
  const table = createConnectionTable({ onConn: (conn) => conns.push(conn) });
  const packet = new Packet();
  const frame = ethernet(0x0800, ipv4(udp(payload, 50_000, 32_900), { source: '10.0.0.1', destination: '10.0.0.2' }));
  packet.bytes = frame;
  packet.view = new DataView(frame.buffer);
  packet.end = frame.length;
  packet.origlen = frame.length;
  packet.ts = 1;
  if (decodePacket(packet, false)) table.packet(packet);
  table.flush();
  return conns;
}

const inside = { id_orig_h: '2001:db8::1', id_resp_h: '2001:db8::7' };

describe('a tunnel on a port of its own choice', () => {
  it.each([
    ['Teredo with an origin', 'teredo', bytes('0000 3fff ffffffff', datagram6)],
    [
      'Teredo with a login and an origin',
      'teredo',
      bytes('0001 0000 0000000000000000 00 0000 3fff ffffffff', datagram6),
    ],
    ['AYIYA', 'ayiya', bytes('4452 1129 00000000', new Uint8Array(16), new Uint8Array(20), datagram6)],
  ])('%s: known by what it holds', (_, service, payload) => {
    const [tunnel, carried] = connsOf(payload);
    expect(tunnel).toMatchObject({ id_resp_p: 32_900, service });
    expect(carried).toMatchObject({ ...inside, tunnel_parents: [tunnel.uid] });
  });

  it.each([
    ['one byte more than its length', bytes('0000 3fff ffffffff', datagram6, '00')],
    ['an IPv6 packet that is none of Teredo’s', datagram6],
    ['STUN, which begins alike', bytes('0001 0000 2112a442 000102030405060708090a0b', new Uint8Array(30))],
  ])('%s: an ordinary datagram', (_, payload) => {
    expect(connsOf(payload)).toHaveLength(1);
  });
});
