import { describe, expect, it } from 'vitest';
import { Endpoint4, Script } from '../../../test/capture/tcp-script.ts';
import { decodePacket } from '../../packet/decode.ts';
import { Packet } from '../../packet/packet.ts';
import type { Conn } from '../conn.ts';
import { type ConnectionTableOptions, createConnectionTable } from './connection-table.ts';

function run(script: Script, options: Partial<ConnectionTableOptions> = {}) {
  const list: Conn[] = [];
  const table = createConnectionTable({ onConn: (conn) => list.push(conn), ...options });
  for (const { ts, bytes } of script.frames) {
    const packet = new Packet();
    packet.bytes = bytes.slice();
    packet.view = new DataView(packet.bytes.buffer);
    packet.end = bytes.length;
    packet.origlen = bytes.length;
    packet.ts = ts;
    if (decodePacket(packet, true)) table.packet(packet);
  }
  const early = list.length;
  table.flush();
  return { list, early, table };
}

const client = new Endpoint4('192.168.1.10', 40_000);
const server = new Endpoint4('203.0.113.5', 8443);

const open = () => new Script(client, server).syn(0).synAck(0.01).ack(0.02);

describe('TCP: conn_state and history', () => {
  it.each<[state: string, history: string, script: Script]>([
    ['S0', 'S', new Script(client, server).syn(0)],
    ['REJ', 'Sr', new Script(client, server).syn(0).resp(0.1, 'RA')],
    ['S1', 'ShA', open()],
    [
      'SF',
      'ShADadFf',
      open()
        .orig(1, 'PA', 10)
        .resp(1.1, 'A')
        .resp(1.2, 'PA', 20)
        .orig(1.3, 'A')
        .orig(2, 'FA')
        .resp(2.1, 'FA')
        .orig(2.2, 'A'),
    ],
    ['S2', 'ShAF', open().orig(1, 'FA')],
    ['S3', 'ShAf', open().resp(1, 'FA')],
    ['RSTO', 'ShADR', open().orig(1, 'PA', 5).orig(2, 'R')],
    ['RSTR', 'ShADr', open().orig(1, 'PA', 5).resp(2, 'R')],
    ['RSTOS0', 'SR', new Script(client, server).syn(0).orig(0.1, 'R')],
    ['RSTRH', '^hr', new Script(client, server).resp(0, 'SA').resp(0.1, 'R')],
    ['SH', 'SF', new Script(client, server).syn(0).orig(0.1, 'F')],
    ['SHR', '^hf', new Script(client, server).resp(0, 'SA').resp(0.1, 'FA')],
    ['OTH', 'DdA', new Script(client, server).orig(0, 'PA', 5).resp(0.1, 'PA', 5).orig(0.2, 'A')],
    ['SH', 'Q', new Script(client, server).orig(0, 'SF')],
    ['RSTO', 'ShAI', open().orig(1, 'FR')],
  ])('%s %s', (state, history, script) => {
    // Port 443 is one that servers have: a SYN-ACK from there is known to be the responder's.
    const known = state === 'RSTRH' || state === 'SHR' ? script.withResponderPort(443) : script;
    const { list } = run(known);
    expect(list.map((conn) => [conn.conn_state, conn.history])).toEqual([[state, history]]);
  });

  it('letters of repeated events come the first, tenth and hundredth time', () => {
    const script = open().orig(1, 'PA', 10);
    for (let i = 0; i < 120; i++) script.again(1 + i / 100, 10);
    expect(run(script).list[0].history).toBe('ShADTTT');
  });

  it('a closed window', () => {
    expect(run(open().orig(1, 'A', 0, { window: 0 })).list[0].history).toBe('ShAW');
  });

  it('payload that is missing between what was acknowledged is a gap', () => {
    const script = open().orig(1, 'PA', 100).skip(500).orig(2, 'PA', 100).resp(2.1, 'A');
    expect(run(script).list[0]).toMatchObject({ missed_bytes: 500, orig_bytes: 700, history: 'ShADaG' });
  });

  it('out of order is no gap', () => {
    const script = open().skip(100).orig(1, 'PA', 100).back(200).orig(1.1, 'PA', 100).skip(100).resp(1.2, 'A');
    expect(run(script).list[0]).toMatchObject({ missed_bytes: 0, orig_bytes: 200 });
  });

  it('sequence numbers that wrap', () => {
    const script = new Script(client, server, 0xffff_fff0).syn(0).synAck(0.1).ack(0.2);
    for (let i = 0; i < 5; i++) script.orig(1 + i, 'PA', 100).resp(1.5 + i, 'A');
    script.orig(8, 'FA').resp(8.1, 'FA').orig(8.2, 'A');
    expect(run(script).list[0]).toMatchObject({ orig_bytes: 500, conn_state: 'SF', missed_bytes: 0 });
  });

  it('a SYN-ACK that was captured before its SYN', () => {
    const script = new Script(client, server).synAck(0).syn(0.001).ack(0.01).orig(1, 'PA', 5);
    expect(run(script).list[0]).toMatchObject({ id_orig_h: client.address, conn_state: 'S1' });
  });

  it('from a port of servers without a SYN: the sender is the responder', () => {
    const script = new Script(client, server).withResponderPort(443).resp(0, 'PA', 10);
    expect(run(script).list[0]).toMatchObject({ id_resp_p: 443, id_orig_h: client.address, history: '^d' });
  });

  it('a bad checksum is told and the packet left out; or taken, when told to', () => {
    const script = open().orig(1, 'PA', 10).damage();
    expect(run(script).list[0]).toMatchObject({ history: 'ShAC', orig_bytes: 0, orig_pkts: 2 });
    expect(run(script, { ignoreChecksums: true }).list[0]).toMatchObject({ history: 'ShAD', orig_bytes: 10 });
  });
});

describe('time-outs, as in Zeek', () => {
  const later = (ts: number) => new Endpoint4('192.168.1.99', 1).udpTo(server, ts);

  it.each<[what: string, script: Script, alive: number, over: number]>([
    ['an unanswered SYN: 5 s from the first one', new Script(client, server).syn(0).again(3), 4.9, 5],
    ['a closed connection: 5 s', open().orig(1, 'FA').resp(1.1, 'FA').orig(1.2, 'A'), 6, 6.2],
    ['an idle connection: 300 s', open().orig(1, 'PA', 1), 300.9, 301],
    ['UDP: 60 s', new Script(client, server).udp(0, 10), 59.9, 60],
  ])('%s', (_what, script, alive, over) => {
    const before = run(script.copy().add(later(alive)));
    const after = run(script.copy().add(later(over + 2)));
    expect([before.early, after.early]).toEqual([0, 1]);
    // The next packet with the same addresses and ports: part of it, or of another one.
    expect(run(script.copy().udpOrData(alive)).list).toHaveLength(1);
    expect(run(script.copy().udpOrData(over)).list).toHaveLength(2);
  });

  it('telnet and SSH may be silent for an hour', () => {
    const script = open().orig(1, 'PA', 1).withResponderPort(23).add(later(3000));
    expect(run(script).early).toBe(0);
  });

  it('a new SYN with another number begins another connection', () => {
    const script = open().orig(1, 'FA').resp(1.1, 'FA').orig(1.2, 'A').restart(5_000_000).syn(2).synAck(2.1);
    expect(run(script).list.map(({ conn_state }) => conn_state)).toEqual(['SF', 'S1']);
  });

  it('DNS sessions are looked after every ten seconds', () => {
    const script = new Script(client, server).withResponderPort(53).udp(0, 30).udp(5, 30);
    expect(run(script.copy().add(later(10.5)).add(later(21))).early).toBe(1);
    expect(run(script.copy().add(later(60)), { services: false }).early).toBe(0);
  });

  it('a clock that jumps does not make durations negative', () => {
    const script = new Script(client, server).udp(1000, 10).udp(10, 10).udp(1001, 10);
    for (const conn of run(script).list) expect(conn.duration ?? 0).toBeGreaterThanOrEqual(0);
  });
});

describe('bounded and deterministic', () => {
  const scan = (count: number) => {
    const script = new Script(client, server);
    for (let i = 0; i < count; i++) {
      const target = new Endpoint4(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`, 23);
      script.add(...new Script(client, target).syn(i / 100_000).frames);
    }
    return script;
  };

  it('a scan of more targets than the table holds: the ceiling stands, every record is told', () => {
    const { list, table } = run(scan(5000), { maxConnections: 1000 });
    expect(list).toHaveLength(5000);
    expect(table.evictedEmergency).toBe(4000);
    expect(new Set(list.map(({ uid }) => uid)).size).toBe(5000);
  });

  it('the same input gives the same records, another seed other uids', () => {
    const script = scan(100);
    const uids = (seed: number) => run(script, { seed }).list.map(({ uid }) => uid);
    expect(uids(1)).toEqual(uids(1));
    expect(uids(1)).not.toEqual(uids(2));
    expect(run(script, { seed: 1 }).list.map(({ id_resp_h }) => id_resp_h)).toEqual(
      run(script, { seed: 2 }).list.map(({ id_resp_h }) => id_resp_h),
    );
    expect(uids(1)[0]).toMatch(/^C[0-9A-Za-z]{18}$/);
  });

  it('local networks: the private ones by default, others when told', () => {
    const script = open();
    expect(run(script).list[0]).toMatchObject({ local_orig: true, local_resp: true });
    expect(run(script, { localNets: ['192.168.0.0/16'] }).list[0]).toMatchObject({
      local_orig: true,
      local_resp: false,
    });
    expect(run(script, { localNets: [] }).list[0]).toMatchObject({ local_orig: null, local_resp: null });
  });

  it('knows the link-layer addresses of both sides', () => {
    expect(run(open()).list[0]).toMatchObject({
      orig_l2_addr: client.macText,
      resp_l2_addr: server.macText,
      vlan: null,
    });
  });
});

describe('connections that go on', () => {
  it('are given as they would be if they ended now, and end as ever', () => {
    const script = open().orig(1, 'PA', 10).resp(90, 'PA', 20);
    const seen: Conn[][] = [];
    const list: Conn[] = [];
    const table = createConnectionTable({ onConn: (conn) => list.push(conn) });
    const packet = new Packet();
    for (const { ts, bytes } of script.frames) {
      packet.bytes = bytes.slice();
      packet.view = new DataView(packet.bytes.buffer);
      Object.assign(packet, { offset: 0, end: bytes.length, origlen: bytes.length, ts });
      if (decodePacket(packet, true)) table.packet(packet);
      seen.push(table.open(60, 10));
    }
    expect(seen.map(({ length }) => length)).toEqual([0, 0, 0, 0, 1]);
    table.flush();
    expect(list).toEqual(seen.at(-1));
    expect(table.open(0, 10)).toEqual([]);
  });
});
