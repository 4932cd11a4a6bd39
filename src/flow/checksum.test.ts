import { describe, expect, it } from 'vitest';
import { Endpoint4, Script } from '../../test/capture/tcp-script.ts';
import { decodePacket } from '../packet/decode.ts';
import { Packet } from '../packet/packet.ts';
import type { Conn } from './conn.ts';
import { createConnectionTable } from './table/connection-table.ts';

const host = new Endpoint4('192.168.1.2', 50_000);
const server = new Endpoint4('203.0.113.9', 80);

function run(frames: { ts: number; bytes: Uint8Array }[], ignoreChecksums: boolean | 'auto'): Conn[] {
  const list: Conn[] = [];
  const table = createConnectionTable({ onConn: (conn) => list.push(conn), ignoreChecksums });
  for (const { ts, bytes } of frames) {
    const packet = new Packet();
    packet.bytes = bytes.slice();
    packet.view = new DataView(packet.bytes.buffer);
    packet.end = bytes.length;
    packet.origlen = bytes.length;
    packet.acceptsOffload = ignoreChecksums === 'auto';
    packet.ts = ts;
    if (decodePacket(packet, ignoreChecksums !== true)) table.packet(packet);
  }
  table.flush();
  return list;
}

/** Everything that the host sends has a transport checksum that nobody filled in. */
function offloaded(script: Script): { ts: number; bytes: Uint8Array }[] {
  return script.frames.map(({ ts, bytes }) => {
    const copy = bytes.slice();
    if (copy[29] === 2) copy.set([0, 0], 14 + 20 + 16);
    return { ts, bytes: copy };
  });
}

const conversation = () =>
  new Script(host, server).syn(0).synAck(0.1).ack(0.2).orig(1, 'PA', 50).resp(1.1, 'PA', 70).orig(1.2, 'A');

describe('checksums', () => {
  it('are right in both directions, for every length', () => {
    for (let length = 0; length < 70; length++) {
      const script = new Script(host, server).syn(0).synAck(0.1).ack(0.2).orig(1, 'PA', length);
      expect(run(script.frames, false)[0].history).not.toContain('C');
      const udp = new Script(host, server).udp(0, length);
      expect(run(udp.frames, false)[0].history).toBe('D');
    }
  });

  it('of one flipped bit anywhere in the segment are wrong', () => {
    const { bytes } = new Script(host, server).udp(0, 9).frames[0];
    for (let at = 14 + 20; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 0x10;
      // Length fields make it another packet, and the checksum field 0 would mean that there is none.
      const isLength = at === 14 + 20 + 4 || at === 14 + 20 + 5;
      if (!isLength) expect(run([{ ts: 0, bytes: damaged }], false)[0].history).toMatch(/C$/);
    }
  });

  it('of a machine that captures itself: taken, when left to decide', () => {
    const frames = offloaded(conversation());
    expect(run(frames, false)[0].history).toContain('C');
    expect(run(frames, 'auto')).toEqual(run(conversation().frames, false));
    expect(run(frames, true)).toEqual(run(conversation().frames, false));
  });

  it('of a sender that has shown right ones: damage, also when left to decide', () => {
    const frames = conversation().orig(2, 'PA', 30).damage().frames;
    expect(run(frames, 'auto')[0].history).toContain('C');
  });

  it('an IPv4 checksum that nobody filled in is none, when left to decide', () => {
    const frames = conversation().frames.map(({ ts, bytes }) => {
      const copy = bytes.slice();
      copy.set([0, 0], 24);
      return { ts, bytes: copy };
    });
    expect(run(frames, false)).toEqual([]);
    expect(run(frames, 'auto')).toHaveLength(1);
  });
});
