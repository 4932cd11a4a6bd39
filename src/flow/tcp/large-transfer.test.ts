import { expect, it } from 'vitest';
import { Endpoint4, Script } from '../../../test/capture/tcp-script.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import type { Conn } from '../conn.ts';
import { createConnectionTable } from '../table/connection-table.ts';

const MISSING = 600_000_000;

it('a transfer of which the capture holds next to nothing: all that was acknowledged and is not here is missed', () => {
  const script = new Script(new Endpoint4('10.0.0.1', 40_000), new Endpoint4('10.0.0.2', 50_000));
  script.syn(1).synAck(1.1).ack(1.2).orig(1.3, 'PA', 100);
  script.resp(1.35, 'A');
  for (const ts of [2, 3, 4]) {
    script
      .skip(MISSING)
      .orig(ts, 'PA', 100)
      .resp(ts + 0.1, 'A');
  }
  script.orig(5, 'FA').resp(5.1, 'FA').orig(5.2, 'A');
  const conns: Conn[] = [];
  const table = createConnectionTable({ onConn: (conn) => conns.push(conn), ignoreChecksums: true });
  const packet = new Packet();
  for (const { ts: at, bytes } of script.frames) {
    packet.load(bytes, 1, at);
    if (decodePacket(packet, false)) table.packet(packet);
  }
  table.flush();
  expect(conns).toHaveLength(1);
  expect(conns[0]).toMatchObject({ missed_bytes: 3 * MISSING, orig_bytes: 3 * MISSING + 400, conn_state: 'SF' });
});
