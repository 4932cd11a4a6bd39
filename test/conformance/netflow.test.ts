/** NetFlow and IPFIX as the documents define them, and what hostile exporters may try. */
import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { Tally } from '../../src/source/column/tally.ts';
import { allowListOf } from '../../src/source/netflow/allow-list.ts';
import { Collector } from '../../src/source/netflow/collector.ts';
import { Exporters } from '../../src/source/netflow/exporters.ts';
import { listenNetflow } from '../../src/source/netflow/listen.ts';
import { ipv6 } from '../../src/source/netflow/value.ts';
import { Rows } from '../../src/source/text/rows.ts';
import {
  bytesOf,
  EXPORTED,
  ipfix,
  ipfixMessage,
  netflowV5,
  netflowV9,
  set,
  template,
  u16,
  u32,
  u64,
  v9Header,
} from './netflow-builder.ts';
import { collect } from './netflow-collect.ts';

const halves = [
  template(256, [
    [8, 4],
    [12, 4],
    [7, 2],
    [11, 2],
    [4, 1],
    [2, 4],
    [1, 4],
  ]),
].flat();
const record = (last: number, port = 1000, to = 9): number[] => [
  10,
  0,
  0,
  last,
  10,
  0,
  0,
  to,
  ...u16(port),
  ...u16(80),
  6,
  ...u32(5),
  ...u32(500),
];

describe('two one-way flows', () => {
  it('become one connection of the side that began', () => {
    const { conns } = collect([netflowV5()]);
    expect(conns).toHaveLength(2);
    expect(conns.find((conn) => conn.id_resp_p === 443)).toMatchObject({
      id_orig_h: '192.168.1.7',
      id_orig_p: 50_000,
      id_resp_h: '198.51.100.4',
      orig_pkts: 10,
      resp_pkts: 8,
      resp_ip_bytes: 5320,
      conn_state: 'SF',
      duration: 2.5,
    });
    expect(conns.find((conn) => conn.id_resp_p === 23)).toMatchObject({ resp_pkts: 0, conn_state: 'S0' });
  });

  it('stay two when they are of different times or never meet', () => {
    const stream = [ipfix(set(2, halves), set(256, record(1))), ipfix(set(256, record(2)))];
    expect(collect(stream).conns.map((conn) => [conn.id_orig_h, conn.resp_pkts])).toEqual([
      ['10.0.0.1', 0],
      ['10.0.0.2', 0],
    ]);
  });

  it('wait in bounded memory', () => {
    const many = Array.from({ length: 200 }, (_, i) =>
      ipfix(
        set(2, halves),
        set(
          256,
          Array.from({ length: 2000 }, (_, j) =>
            record((i * 2000 + j) % 250, (i * 2000 + j) % 60_000, Math.floor((i * 2000 + j) / 60_000)),
          ).flat(),
        ),
      ),
    );
    const tally = new Tally('netflow');
    const collector = new Collector(new Rows('test', tally, () => {}));
    for (const message of many) collector.message(message, 'a');
    expect(tally.stats.parsed).toBeGreaterThan(400_000 - 65_536 - 1);
    collector.flush();
    expect(tally.stats.parsed).toBe(400_000);
  });
});

describe('templates', () => {
  it('are kept per exporter and domain', () => {
    const messages = [ipfix(set(2, halves)), ipfix(set(256, record(1))), ipfix(set(256, record(1)))];
    const { stats } = collect(messages, (i) => (i === 2 ? 'stranger' : 'a'));
    expect([stats.parsed, { ...stats.rejected }]).toEqual([1, { 'netflow.unknown_template': 1 }]);
  });

  it('are replaced by the newest and withdrawn', () => {
    const other = template(256, [
      [8, 4],
      [12, 4],
      [2, 4],
      [1, 4],
    ]);
    const short = [10, 0, 0, 1, 10, 0, 0, 2, ...u32(7), ...u32(70)];
    const withdrawal = [...u16(256), ...u16(0)];
    const { conns, stats } = collect([
      ipfix(set(2, halves), set(2, other), set(256, short)),
      ipfix(set(2, withdrawal), set(256, short)),
    ]);
    expect(conns).toMatchObject([{ orig_pkts: 7, orig_ip_bytes: 70, proto: null }]);
    expect({ ...stats.rejected }).toEqual({ 'netflow.unknown_template': 1 });
  });

  it('never make more than a bounded number of caches', () => {
    const exporters = new Exporters(16);
    const domain = (exporter: string, id = 0) => exporters.domain(exporter, 10, id, 'first record');
    const first = domain('0');
    const known = domain('known');
    known.understood = 1;
    for (let i = 1; i <= 16; i++) domain(String(i));
    expect(domain('0')).not.toBe(first);
    expect(domain('16')).toBe(domain('16'));
    for (let i = 1; i <= 100; i++) domain('known', i);
    expect(domain('known')).toBe(known);
  });

  it('without bytes, with too many fields or cut off are refused', () => {
    const empty = template(256, [[8, 0]]);
    const huge = template(
      256,
      Array.from({ length: 300 }, () => [8, 4] as [number, number]),
    );
    const cut = halves.slice(0, -3);
    for (const body of [empty, huge, cut]) {
      expect({ ...collect([ipfix(set(2, body))]).stats.rejected }).toEqual({ 'netflow.bad_template': 1 });
    }
  });
});

describe('other parts of the messages', () => {
  it('count sampling, and read the exporter’s start from its options', () => {
    const sampled = collect([netflowV5(0x4064)]);
    expect({ ...sampled.stats.weirds }).toEqual({ 'netflow.sampled': 3 });
    // Of what was not counted nobody knows: no state, and nothing for rules about rates.
    expect(sampled.conns).toMatchObject([
      { orig_pkts: 1000, conn_state: null, coarse_ts: true },
      { orig_pkts: 100, conn_state: null, coarse_ts: true },
    ]);
    expect(collect([netflowV5()]).conns.every(({ coarse_ts }) => coarse_ts === undefined)).toBe(true);
    const options = [...u16(300), ...u16(2), ...u16(1), ...u16(149), ...u16(4), ...u16(160), ...u16(8)];
    const start = [...u32(0), ...u64((EXPORTED - 100) * 1000)];
    const timed = template(256, [
      [8, 4],
      [12, 4],
      [2, 4],
      [1, 4],
      [22, 4],
      [21, 4],
    ]);
    const flow = [10, 0, 0, 1, 10, 0, 0, 2, ...u32(7), ...u32(70), ...u32(500), ...u32(1500)];
    const { conns } = collect([ipfix(set(3, options), set(2, timed), set(256, flow), set(300, start))]);
    expect(conns).toMatchObject([{ ts: EXPORTED - 99.5, duration: 1 }]);
  });

  it('have no time where the exporter’s clock was never set', () => {
    const message = netflowV5();
    message.writeUInt32BE(5, 8);
    expect(collect([message]).conns.map((conn) => [conn.ts, conn.duration])).toEqual([
      [null, 2.5],
      [null, 2.5],
    ]);
  });

  it('read ICMP type and code', () => {
    const fields = template(256, [
      [8, 4],
      [12, 4],
      [11, 2],
      [4, 1],
      [2, 4],
      [1, 4],
    ]);
    const echo = [10, 0, 0, 1, 10, 0, 0, 2, ...u16(0x0800), 1, ...u32(1), ...u32(84)];
    expect(collect([ipfix(set(2, fields), set(256, echo))]).conns).toMatchObject([
      { id_orig_p: 8, id_resp_p: 0, proto: 'icmp', orig_bytes: 56 },
    ]);
  });

  it('say what a flow lacks', () => {
    const noAddress = template(256, [
      [2, 4],
      [1, 4],
    ]);
    const noCounter = template(257, [
      [8, 4],
      [12, 4],
    ]);
    const message = ipfix(
      set(2, [...noAddress, ...noCounter]),
      set(256, [...u32(1), ...u32(2)]),
      set(257, [1, 2, 3, 4, 5, 6, 7, 8]),
    );
    expect({ ...collect([message]).stats.rejected }).toEqual({ 'netflow.no_addresses': 1, 'netflow.no_counters': 1 });
  });

  it('write IPv6 addresses as RFC 5952 says', () => {
    const text = (hex: string): string =>
      ipv6(new DataView(Uint8Array.from(Buffer.from(hex.padEnd(32, '0'), 'hex')).buffer), 0);
    expect(
      [
        '',
        '20010db8',
        '20010db800000000000100000000',
        'fe80000000000000021788fffe75b382',
        '00000000000000000000ffff0a000001',
      ].map(text),
    ).toEqual(['::', '2001:db8::', '2001:db8:0:0:1::', 'fe80::217:88ff:fe75:b382', '::ffff:a00:1']);
  });

  it('of any damage cost only counted rejects', () => {
    const seeds = [netflowV5(), netflowV9(), ipfixMessage(), bytesOf([...v9Header(1), ...set(1, [1, 44, 0, 3, 0, 3])])];
    const flip = fc.tuple(
      fc.nat(3),
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
      fc.nat(400),
    );
    fc.assert(
      fc.property(flip, ([which, changes, length]) => {
        const bytes = Buffer.from(seeds[which]);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        for (const conn of collect([bytes.subarray(0, length), bytes]).conns) {
          for (const value of Object.values(conn))
            if (typeof value === 'number') expect(Number.isFinite(value) && value >= 0).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a listener', () => {
  const send = (port: number, messages: Uint8Array[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      let left = messages.length;
      for (const message of messages) {
        socket.send(message, port, '127.0.0.1', (error) => {
          if (error) reject(error);
          if (--left === 0) socket.close(() => resolve());
        });
      }
    });
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('takes datagrams of all versions and gives what waits when it closes', async () => {
    const conns: Conn[] = [];
    const listener = await listenNetflow({ port: 0, onConn: (conn) => conns.push(conn) });
    await send(listener.port, [netflowV5(), ipfixMessage(), Buffer.from('GET / HTTP/1.0'), Buffer.alloc(0)]);
    await until(() => Object.keys(listener.stats().rejected).length > 0 && listener.stats().bytes > 300);
    await listener.close();
    expect(listener.address).toBe('127.0.0.1');
    expect(conns).toHaveLength(4);
    expect(listener.stats().rejected['netflow.unknown_version']).toBe(2);
  });

  it('delivers a one-way flow when its other half does not come, and hears only its exporters', async () => {
    const conns: Conn[] = [];
    const listener = await listenNetflow({ port: 0, onConn: (conn) => conns.push(conn), pairMs: 20 });
    const deaf = await listenNetflow({
      port: 0,
      onConn: (conn) => conns.push(conn),
      exporters: allowListOf(['192.0.2.1'])!,
    });
    await send(listener.port, [ipfix(set(2, halves), set(256, record(1)))]);
    await send(deaf.port, [netflowV5()]);
    await until(() => conns.length === 1 && deaf.stats().offered === 1);
    expect({ ...deaf.stats().rejected }).toEqual({ 'netflow.stranger': 1 });
    await Promise.all([listener.close(), deaf.close()]);
    expect(conns).toHaveLength(1);
  });

  it('says that a port is taken', async () => {
    const listener = await listenNetflow({ port: 0, onConn: () => {} });
    await expect(listenNetflow({ port: listener.port, onConn: () => {} })).rejects.toMatchObject({
      code: 'listen_failed',
      exit: 4,
    });
    await listener.close();
  });
});
