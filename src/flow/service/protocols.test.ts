import { describe, expect, it } from 'vitest';
import {
  latin1,
  ldapBind,
  ldapBound,
  modbus,
  modbusAnswer,
  payload,
  TLS,
  type Turn,
  tcpDialogues,
  udpDialogues,
} from '../../../test/capture/protocol-dialogues.ts';
import { Endpoint4, Script } from '../../../test/capture/tcp-script.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { udpFrame } from '../../simulator/wire/udp.ts';
import type { AppRecord } from '../app-record.ts';
import type { Conn } from '../conn.ts';
import { createConnectionTable } from '../table/connection-table.ts';
import { OPENVPN } from '../tcp/signature.ts';
import { tcpSignature } from '../tcp/tcp-signature.ts';
import { udpService } from './udp-signature.ts';

interface Frame {
  ts: number;
  bytes: Uint8Array;
}

function run(frames: readonly Frame[]): { conns: Conn[]; records: AppRecord[] } {
  const conns: Conn[] = [];
  const records: AppRecord[] = [];
  const table = createConnectionTable({
    onConn: (conn) => conns.push(conn),
    onApp: (record) => records.push(record),
    ignoreChecksums: true,
  });
  const packet = new Packet();
  for (const { ts, bytes } of frames) {
    packet.load(bytes, 1, ts);
    if (decodePacket(packet, false)) table.packet(packet);
  }
  table.flush();
  return { conns, records };
}

const client = (port = 40_000) => new Endpoint4('192.168.1.20', port);
const server = (port: number) => new Endpoint4('192.168.1.5', port);

/** A TCP connection in which that is said, from its SYN on or (`begun`) without it. */
function dialogue(port: number, turns: readonly Turn[], begun = false): Frame[] {
  const script = new Script(client(), server(port));
  let ts = 100;
  const tick = (): number => {
    ts += 0.01;
    return ts;
  };
  if (!begun) script.syn(tick()).synAck(tick()).ack(tick());
  for (const [who, said] of turns) {
    if (who === '>') script.orig(tick(), 'PA', payload(said));
    else script.resp(tick(), 'PA', payload(said));
  }
  return script.frames;
}

function datagrams(port: number, turns: readonly Turn[]): Frame[] {
  return turns.map(([who, said], i) => {
    const [from, to] = who === '>' ? [client(), server(port)] : [server(port), client()];
    return { ts: 100 + i / 100, bytes: udpFrame(from, from.port, to, to.port, payload(said)).slice() };
  });
}

describe('protocols, by what is said', () => {
  it.each(tcpDialogues)('TCP %s %s on port %i', (service, own, port, turns) => {
    const { conns } = run(dialogue(port, turns));
    expect([conns[0].service, conns[0].own_service]).toEqual([service, own]);
    expect(conns).toHaveLength(1);
  });

  it.each(udpDialogues)('UDP %s %s on port %i', (service, own, port, turns) => {
    const { conns } = run(datagrams(port, turns));
    expect([conns[0].service, conns[0].own_service]).toEqual([service, own]);
  });

  it('what two sides have to say is nothing when one says it', () => {
    for (const [service, , port, turns] of tcpDialogues) {
      // One side of these is enough.
      if (service === null || /smb|krb_tcp|sip|imap|xmpp|http|ftp/.test(service)) continue;
      expect(run(dialogue(port, [turns[0]])).conns[0].service, service).toBeNull();
    }
  });

  it('is recognised however the first message is cut into segments', () => {
    for (const [service, own, port, turns] of tcpDialogues) {
      const [[who, first], ...rest] = turns;
      const bytes = payload(first);
      // A message that has to fill its segment.
      if (/socks|redis|modbus|dnp3/.test(service ?? '') || own === 'telnet') continue;
      for (const at of [1, 5, bytes.length - 1]) {
        const cut: Turn[] = [[who, bytes.slice(0, at)], [who, bytes.slice(at)], ...rest];
        const [conn] = run(dialogue(port, cut)).conns;
        expect([conn.service, conn.own_service], `${service} cut at ${at}`).toEqual([service, own]);
      }
    }
  });

  it('never throws on a message that is cut, or on one byte of it that is wrong', () => {
    const packet = new Packet();
    const look = (bytes: Uint8Array, port: number): void => {
      for (let other = 0; other <= OPENVPN; other++) {
        const found = tcpSignature(bytes, 0, bytes.length, port, other);
        expect(found).toBeGreaterThanOrEqual(0);
      }
      packet.bytes = bytes;
      packet.payloadOffset = 0;
      packet.payloadCaptured = bytes.length;
      packet.srcPort = 40_000;
      packet.dstPort = port;
      expect(udpService(packet).handshake).toBeGreaterThanOrEqual(0);
    };
    for (const [, , port, turns] of [...tcpDialogues, ...udpDialogues]) {
      const bytes = payload(turns[0][1]);
      for (let at = 0; at < Math.min(64, bytes.length); at++) {
        const wrong = bytes.slice();
        wrong[at] ^= 0x81;
        look(bytes.slice(0, at + 1), port);
        look(wrong, port);
      }
    }
  });

  it('a request that is not answered is HTTP on HTTP’s ports only', () => {
    const ask: Turn[] = [
      ['>', 'GET / HTTP/1.1\r\n\r\n'],
      ['<', 'what?\r\n'],
    ];
    expect(run(dialogue(8080, ask)).conns[0].service).toBe('http');
    expect(run(dialogue(4444, ask)).conns[0].service).toBeNull();
  });

  it('LDAP, Modbus and the like are known without their beginning; others are not', () => {
    expect(
      run(
        dialogue(
          389,
          [
            ['>', ldapBind],
            ['<', ldapBound],
          ],
          true,
        ),
      ).conns[0].service,
    ).toBe('ldap_tcp');
    expect(
      run(
        dialogue(
          502,
          [
            ['>', modbus],
            ['<', modbusAnswer],
          ],
          true,
        ),
      ).conns[0].service,
    ).toBe('modbus');
    expect(
      run(
        dialogue(
          5900,
          [
            ['<', 'RFB 003.008\n'],
            ['>', 'RFB 003.008\n'],
          ],
          true,
        ),
      ).conns[0].service,
    ).toBeNull();
  });

  it.each([
    [
      'the server opens',
      [
        ['<', '220 hi\r\n'],
        ['>', 'USER a\r\n'],
        ['>', 'PASV\r\n'],
        ['<', '227 ok (192,168,1,5,195,80)\r\n'],
      ],
      false,
    ],
    [
      'extended',
      [
        ['<', '220 hi\r\n'],
        ['>', 'USER a\r\n'],
        ['>', 'EPSV\r\n'],
        ['<', '229 ok (|||50000|)\r\n'],
      ],
      false,
    ],
    [
      'the client opens',
      [
        ['<', '220 hi\r\n'],
        ['>', 'USER a\r\n'],
        ['>', 'PORT 192,168,1,20,195,80\r\n'],
      ],
      true,
    ],
    [
      'the client opens, extended',
      [
        ['<', '220 hi\r\n'],
        ['>', 'USER a\r\n'],
        ['>', 'EPRT |1|192.168.1.20|50000|\r\n'],
      ],
      true,
    ],
  ] as [string, Turn[], boolean][])('FTP’s data connection: %s', (_, turns, toClient) => {
    const from = toClient ? new Endpoint4('192.168.1.5', 20) : client(40_001);
    const to = toClient ? new Endpoint4('192.168.1.20', 50_000) : server(50_000);
    const data = new Script(from, to)
      .syn(101)
      .synAck(101.01)
      .ack(101.02)
      .orig(101.03, 'PA', latin1('GET / HTTP/1.1\r\n\r\n'));
    const other = new Script(client(40_002), server(50_001)).syn(102).synAck(102.01).ack(102.02).orig(102.03, 'PA', 20);
    const { conns } = run([...dialogue(21, turns), ...data.frames, ...other.frames]);
    const services = conns.map((conn) => conn.service);
    expect(services.sort()).toEqual(['ftp', 'ftp-data', null]);
  });

  it('a name behind STARTTLS and behind a proxy is told', () => {
    const { records } = run(
      dialogue(3128, [['>', 'CONNECT a:443 HTTP/1.1\r\n\r\n'], ['<', 'HTTP/1.1 200 ok\r\n\r\n'], ...TLS]),
    );
    expect(records.map((record) => record.kind)).toEqual(['http', 'tls']);
  });
});
