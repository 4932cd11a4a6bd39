import { describe, expect, it } from 'vitest';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import { simulate } from '../../simulator/simulate.ts';
import type { AppRecord } from '../app-record.ts';
import type { Conn } from '../conn.ts';
import { createConnectionTable } from '../table/connection-table.ts';

/** A simulated home through the table, with everything that its protocols say. */
function runHome() {
  const conns: Conn[] = [];
  const records: AppRecord[] = [];
  const table = createConnectionTable({ onConn: (conn) => conns.push(conn), onApp: (record) => records.push(record) });
  const packet = new Packet();
  const home = simulate({ devices: 12, hours: 2, seed: 5, bulk: 0.005 });
  for (const { ts, data } of home) {
    packet.bytes = data.slice();
    packet.view = new DataView(packet.bytes.buffer);
    packet.end = data.length;
    packet.origlen = data.length;
    packet.ts = ts / 1e6;
    expect(decodePacket(packet, true)).toBe(true);
    table.packet(packet);
  }
  table.flush();
  return { conns, records, home, weirds: table.weirds.toRecord() };
}

const { conns, records, home, weirds } = runHome();
const ofKind = <K extends AppRecord['kind']>(kind: K) =>
  records.filter((record): record is Extract<AppRecord, { kind: K }> => record.kind === kind);

describe('services of a simulated home, from the payload', () => {
  /** Ports where the simulator speaks one protocol only. */
  const expected: [port: number, service: string][] = [
    [53, 'dns'],
    [67, 'dhcp'],
    [123, 'ntp'],
    [443, 'ssl'],
    [5353, 'dns'],
  ];

  it.each(expected)('port %i: %s wherever a client said something', (port, service) => {
    const there = conns.filter((conn) => conn.id_resp_p === port && (conn.orig_pkts ?? 0) > 0 && conn.proto !== 'icmp');
    // Of connections that were open before, or idle for longer than they are kept, the beginning was not seen.
    const isWhole = ({ history, proto }: Conn) => (proto === 'tcp' ? /^S.*D/.test(history ?? '') : port !== 443);
    const spoke = there.filter(isWhole);
    expect(spoke.length).toBeGreaterThan(0);
    const others = spoke.filter((conn) => !conn.service?.split(',').includes(service) && conn.service !== 'quic,ssl');
    expect(others.map((conn) => [conn.history, conn.service])).toEqual([]);
  });

  it('names nothing that is not there', () => {
    const known = new Set([
      'dns',
      'dhcp',
      'ntp',
      'ssl',
      'quic,ssl',
      'http',
      'mqtt',
      'ssh',
      'irc',
      'ftp',
      'smtp',
      'sip',
    ]);
    for (const { service } of conns) if (service !== null) expect(known).toContain(service);
  });

  it('has no malformed traffic', () => {
    expect(weirds).toEqual({});
  });
});

describe('what the protocols say', () => {
  it('every device asks for an address under its name', () => {
    const macs = new Set(ofKind('dhcp').map(({ mac }) => mac));
    for (const device of home.devices) expect(macs).toContain(device.mac);
    expect(
      ofKind('dhcp').some(({ message }) => message.hostName !== null && message.parameterRequestList.length > 0),
    ).toBe(true);
  });

  it('DNS transactions have query, answer and a time between them', () => {
    const answered = ofKind('dns').filter(({ rtt }) => rtt !== null);
    expect(answered.length).toBeGreaterThan(20);
    for (const { query, rtt, rcode_name } of answered) {
      expect(query).toMatch(/\./);
      expect(rtt).toBeGreaterThanOrEqual(0);
      expect(rcode_name).toMatch(/^[A-Z]+$/);
    }
    expect(answered.some(({ answers }) => answers.some((answer) => /^\d+\.\d+\.\d+\.\d+$/.test(answer)))).toBe(true);
  });

  it('TLS and QUIC handshakes name the server, and have fingerprints', () => {
    const sessions = ofKind('tls');
    expect(new Set(sessions.map(({ transport }) => transport))).toEqual(new Set(['tcp', 'quic']));
    const named = sessions.filter(({ server_name }) => server_name !== null);
    expect(named.length).toBeGreaterThan(10);
    for (const session of named) {
      expect(session.server_name).toMatch(/^[a-z0-9.-]+$/);
      expect(session.ja4).toMatch(session.transport === 'quic' ? /^q13/ : /^t1/);
    }
    expect(sessions.filter(({ version }) => version !== null).length).toBeGreaterThan(10);
  });

  it('names are announced, and services', () => {
    const announced = ofKind('announcement').filter(({ isResponse }) => isResponse);
    expect(announced.some(({ records: list }) => list.some(({ type }) => type === 'PTR'))).toBe(true);
    expect(ofKind('ssdp').some(({ server }) => server !== null)).toBe(true);
  });

  it('records belong to connections that are told too', () => {
    const uids = new Set(conns.map(({ uid }) => uid));
    for (const record of records) if ('uid' in record) expect(uids).toContain(record.uid);
  });

  it('without a listener nothing is parsed, and the services are the same', () => {
    const quiet: Conn[] = [];
    const table = createConnectionTable({ onConn: (conn) => quiet.push(conn) });
    const packet = new Packet();
    for (const { ts, data } of simulate({ devices: 12, hours: 2, seed: 5, bulk: 0.005 })) {
      packet.bytes = data.slice();
      packet.view = new DataView(packet.bytes.buffer);
      packet.end = data.length;
      packet.origlen = data.length;
      packet.ts = ts / 1e6;
      if (decodePacket(packet, true)) table.packet(packet);
    }
    table.flush();
    expect(quiet).toEqual(conns);
  });
});
