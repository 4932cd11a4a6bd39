/** Logs as rotation, loggers and spreadsheets leave them: one bad line never decides for a file. */
import { describe, expect, test } from 'vitest';
import { read, refusal } from './read-text.ts';

const event = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    timestamp: '2026-03-02T17:01:09.420018+0000',
    flow_id: 8215,
    event_type: 'flow',
    src_ip: '192.168.1.28',
    src_port: 59_224,
    dest_ip: '192.168.1.1',
    dest_port: 53,
    proto: 'UDP',
    flow: { pkts_toserver: 1, pkts_toclient: 1, bytes_toserver: 74, bytes_toclient: 90, start: '2026-03-02T17:00:09Z' },
    ...changes,
  });
const half = (src: string, from: number, dest: string, to: number, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    timestamp: '2026-03-02T17:01:09.420018+0000',
    flow_id: 8215,
    event_type: 'netflow',
    ...{ src_ip: src, src_port: from, dest_ip: dest, dest_port: to, proto: 'TCP' },
    netflow: { pkts: from, bytes: 100 * from, start: '2026-03-02T17:00:09Z', end: '2026-03-02T17:00:10Z' },
    ...more,
  });
const lines = (...all: string[]): string => `${all.join('\n')}\n`;

describe('EVE', () => {
  test('whose first line was cut off is read', async () => {
    const { format, conns, stats } = await read(lines(event().slice(180), event(), event()));
    expect([format, conns.length, { ...stats.rejected }]).toEqual(['eve', 2, { 'row.not_json': 1 }]);
  });

  test.each([
    ['behind a syslog prefix', (text: string) => `Mar  2 17:01:09 router suricata[812]: ${text}`],
    ['behind RFC 5424', (text: string) => `<134>1 2026-03-02T17:01:09Z router suricata - - - @cee: ${text}`],
    ['as Docker keeps it', (text: string) => JSON.stringify({ log: `${text}\n`, stream: 'stdout' })],
    ['as Filebeat ships it', (text: string) => JSON.stringify({ '@timestamp': 'now', message: text })],
  ])('%s is read', async (_what, wrap) => {
    const { format, conns } = await read(lines('systemd[1]: Started.', wrap(event()), wrap(event())));
    expect([format, conns.length]).toEqual(['eve', 2]);
  });

  test('of netflow events alone: both directions make a connection', async () => {
    const { conns } = await read(
      lines(
        half('192.168.1.9', 5, '203.0.113.1', 443, { tcp: { tcp_flags: '1b' } }),
        half('203.0.113.1', 443, '192.168.1.9', 5, { tcp: { tcp_flags: '1b' } }),
        half('192.168.1.9', 6, '203.0.113.1', 23, { flow_id: 9, tcp: { tcp_flags: '02' } }),
      ),
    );
    expect(conns).toMatchObject([
      { id_orig_h: '192.168.1.9', orig_pkts: 5, resp_pkts: 443, conn_state: 'SF', duration: 1 },
      { id_resp_p: 23, orig_pkts: 6, resp_pkts: 0, conn_state: 'S0' },
    ]);
  });

  test('of both says each flow once', async () => {
    const { conns, stats } = await read(lines(half('1.2.3.4', 5, '5.6.7.8', 6), event(), event({ event_type: 'dns' })));
    expect([conns.length, { ...stats.weirds }]).toEqual([1, { 'eve.netflow_beside_flow': 1, 'eve.other_event': 1 }]);
  });

  test('in an array, or over several lines, is read', async () => {
    const pretty = JSON.stringify([JSON.parse(event({ host: 'a "}{" b\\' })), JSON.parse(event())], null, 2);
    expect((await read(pretty)).conns).toHaveLength(2);
    expect((await read(`[${event()},${event()}]`)).conns).toHaveLength(2);
    expect((await read(pretty.slice(0, -40))).stats.rejected).toEqual({ 'row.not_json': 1 });
  });
});

describe('Zeek', () => {
  const conn =
    '"ts":1.7e9,"uid":"C1","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","orig_pkts":1,"resp_pkts":1,"conn_state":"SF"';
  const dns = '"ts":1.7e9,"uid":"C1","id.orig_h":"10.0.0.1","query":"a.example","qtype":1';

  test('JSON streams hold all logs, with the name of each or around each', async () => {
    for (const text of [
      lines(`{"_path":"dns",${dns}}`, `{"_path":"conn",${conn}}`, `{"_path":"weird","ts":1,"name":"x"}`),
      lines(`{"dns":{${dns}}}`, `{"conn":{${conn}}}`, `{"weird":{"ts":1,"name":"x"}}`),
      lines(`{${dns}}`, `{${conn}}`, `{"ts":1,"uid":"C","name":"odd","notice":false}`),
    ]) {
      const { format, conns, stats } = await read(text);
      expect([format, conns.length, { ...stats.weirds }]).toEqual(['zeek-json', 1, { 'zeek.other_log': 2 }]);
    }
  });

  test('another log alone is refused by its name', async () => {
    expect((await refusal(lines(`{${dns}}`, `{${dns}}`))).message).toContain('dns');
  });

  test('a log whose beginning was cut goes on at its next header', async () => {
    const fields = '#fields\tts\tuid\tid.orig_h\tid.resp_h\torig_pkts\tresp_pkts\torig_bytes\tresp_bytes';
    const row = '1700000000\tC1\t10.0.0.1\t10.0.0.2\t1\t1\t2\t3';
    const { conns, stats } = await read(lines('0.0.2\t1\t1', '#separator \\x09', fields, row));
    expect([conns.length, { ...stats.rejected }]).toEqual([1, { 'row.before_fields': 1 }]);
  });
});

const HEADER = 'ts,id.orig_h,id.resp_h,orig_pkts,resp_pkts,orig_bytes,resp_bytes';
const row = (ts: string, host = 1): string => `${ts},192.168.1.${host},192.168.1.200,1,1,2,3`;

describe('a table', () => {
  test('behind a title and a remark, and with its header again', async () => {
    const { conns, stats } = await read(
      lines('Export of 2 March, by ntop', '# "all" flows', HEADER, row('1700000000'), HEADER, row('1700000001')),
    );
    expect(conns).toHaveLength(2);
    expect({ ...stats.weirds }).toEqual({ 'table.line_before_header': 2, 'table.header_again': 1 });
  });

  test('whose UID is that of a user keeps ids of its own', async () => {
    const users = lines(
      `UID,${HEADER}`,
      `1000,${row('1700000000')}`,
      `1000,${row('1700000001')}`,
      `0,${row('1700000002')}`,
    );
    expect(new Set((await read(users)).conns.map(({ uid }) => uid)).size).toBe(3);
    const own = await read(lines(`uid,${HEADER}`, `CaXX01,${row('1700000000')}`, `CaXX02,${row('1700000001')}`));
    expect(own.conns.map(({ uid }) => uid)).toEqual(['CaXX01', 'CaXX02']);
  });
});

describe('what a spreadsheet has saved anew', () => {
  const header = 'ts;id.orig_h;id.resp_h;duration;orig_pkts;resp_pkts;orig_bytes;resp_bytes';
  const cells = (ts: string, bytes = '40'): string => `${ts};192.168.1.7;192.168.1.200;1,25;1;1;${bytes};3`;

  test('with semicolons, decimal commas and Excel’s first line is read, in UTF-16 too', async () => {
    const text = `sep=;\r\n${header}\r\n${cells('1700000000,5')}\r\n`;
    for (const content of [text, Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
      const { conns } = await read(content);
      expect(conns).toMatchObject([{ ts: 1_700_000_000.5, duration: 1.25, orig_bytes: 40 }]);
    }
    // A count has no fraction: thousands may be meant, or not.
    expect({
      ...(await read(lines(header, cells('1700000000'), cells('1700000000', '1,234')))).stats.rejected,
    }).toEqual({
      'row.not_a_number': 1,
    });
  });

  test('with times that it has shortened: they say when, but not how fast', async () => {
    const { conns, stats } = await read(lines(header, cells('1,70000E+09'), cells('1700000000,25')));
    expect(conns.map(({ ts, coarse_ts }) => [ts, coarse_ts])).toEqual([
      [1_700_000_000, true],
      [1_700_000_000.25, undefined],
    ]);
    expect(stats.weirds['row.time_without_seconds']).toBe(1);
  });
});

describe('Wireshark', () => {
  test('its list of packets is refused by name', async () => {
    const list = lines(
      '"No.","Time","Source","Destination","Protocol","Length","Info"',
      '"1","0.0","10.0.0.1","10.0.0.2","TCP","66","x"',
    );
    expect((await refusal(list)).message).toContain('pcapng');
  });
});

describe("a spreadsheet's dates", () => {
  const MARCH = Date.UTC(2026, 2, 2, 17) / 1000;
  const FEBRUARY = Date.UTC(2026, 1, 3, 17) / 1000;
  const times = async (dates: string[], options = {}) =>
    (await read(lines(HEADER, ...dates.map((date) => row(`"${date}"`))), options)).conns.map(({ ts }) => ts);

  test('that could be two days are no times, until a day tells the order', async () => {
    expect(await times(['02/03/26 5:00 PM', '02/03/26 5:01 PM'])).toEqual([null, null]);
    expect((await times(['02/03/26 5:00 PM', '13/03/26 5:01 PM']))[0]).toBe(MARCH);
    expect((await times(['02/03/26 5:00 PM', '02/13/26 5:01 PM']))[0]).toBe(FEBRUARY);
    expect(await times(['02/02/2026 17:00:05'])).toEqual([Date.UTC(2026, 1, 2, 17, 0, 5) / 1000]);
    expect(await times(['2.3.2026, 17:00'])).toEqual([MARCH]);
  });

  test('are in the order that the owner names', async () => {
    expect(await times(['02/03/26 5:00 PM'], { dates: 'day-first' })).toEqual([MARCH]);
    expect(await times(['02/03/26 5:00 PM'], { dates: 'month-first' })).toEqual([FEBRUARY]);
  });

  test('without seconds are coarse, as days they are exact', async () => {
    const { conns, stats } = await read(lines(HEADER, row('13/03/26 17:00'), row('13/03/26 17:00:01')));
    expect(conns.map(({ coarse_ts }) => coarse_ts)).toEqual([true, undefined]);
    expect(stats.weirds['row.time_without_seconds']).toBe(1);
    const days = (MARCH / 86_400 + 25_569).toFixed(8);
    expect((await times([days, (Number(days) + 1 / 1440).toFixed(8)])).map((ts) => Math.round(ts ?? 0))).toEqual([
      MARCH,
      MARCH + 60,
    ]);
    // Seconds since the start of a measurement stay what they are.
    expect(await times(['40000.5', '44000.25', '52000'])).toEqual([40_000.5, 44_000.25, 52_000]);
  });
});

describe('nfdump', () => {
  test('adds up its rows behind them', async () => {
    const { conns, stats } = await read(
      lines(
        'ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,opkt,obyt',
        '2026-03-02 17:00:29,2026-03-02 17:00:29,0.000,192.168.1.7,192.168.1.1,40000,53,UDP,........,1,64,0,0',
        'Summary',
        'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
        '1,64,1,0,0,64',
      ),
    );
    expect([conns.length, { ...stats.rejected }, { ...stats.weirds }]).toEqual([
      1,
      {},
      { 'table.line_behind_rows': 3 },
    ]);
  });

  const title =
    'Date first seen             Duration     Proto      Src IP Addr:Port          Dst IP Addr:Port   Packets    Bytes Flows';

  test('1.7 writes durations with colons, and shortens addresses', async () => {
    const { conns, stats } = await read(
      lines(
        '$ nfdump -r nfcapd.202603021700',
        title,
        '2026-03-02 17:00:48.859     00:01:05.224 TCP     192.168.50.196:60020 ->   104.18.210.223:443         16     4124     1',
        '2026-03-02 17:00:48.859  1d 01:00:00.000 UDP     192.168.50.196:60020 ->   104.18.210.223:443          1       64     1',
        '2026-03-02 17:00:29.338     00:00:00.000 ICMP6 fe80::f..5f:c445.0     ->          ff02::1.134.0        1      128     1',
      ),
    );
    expect(conns).toMatchObject([
      { duration: 65.224, id_orig_p: 60_020, orig_pkts: 16 },
      { duration: 90_000 },
      { id_orig_h: null, id_resp_h: 'ff02::1', id_orig_p: 134, id_resp_p: 0 },
    ]);
    expect({ ...stats.weirds }).toEqual({ 'nfdump.shortened_address': 1 });
  });
});
