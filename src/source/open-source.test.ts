import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../test/needs.ts';
import { folder, good, HEADER, read, refusal, row, table, values } from '../../test/source/read-text.ts';
import { parseMapping } from './column/mapping.ts';
import { openSource } from './open-source.ts';

const canonical = (await read(table(good))).conns;

describe('the same table in other clothes', () => {
  it.each([
    ['CRLF', table(good, '\r\n')],
    ['a byte order mark', `\uFEFF${table(good)}`],
    ['a byte order mark before a quote', `\uFEFF${table(good).replaceAll(/[^,\n]+/g, '"$&"')}`],
    ['UTF-16 little endian', Buffer.from(`\uFEFF${table(good)}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${table(good)}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(table(good), 'utf16le')],
    ['quoted cells', table(good).replaceAll(/[^,\n]+/g, '"$&"')],
    ['a comma behind each line', table(good).replaceAll('\n', ',\n')],
    ['no end of the last line', table(good).trimEnd()],
    ['blank lines', table(good).replaceAll('\n', '\n\n')],
    ['semicolons', table(good).replaceAll(',', ';')],
    ['tabs', table(good).replaceAll(',', '\t')],
    ['spaces around cells', table(good).replaceAll(',', ' , ')],
    ['capitals', table(good).replace(HEADER, HEADER.toUpperCase())],
    [
      'gzip of two members',
      Buffer.concat([gzipSync(table(good.slice(0, 5))), gzipSync(`${good.slice(5).join('\n')}\n`)]),
    ],
    ['gzip padded with zeros', Buffer.concat([gzipSync(table(good)), Buffer.alloc(512)])],
    [
      'zstd of two frames',
      Buffer.concat([zstdCompressSync(table(good.slice(0, 5))), zstdCompressSync(`${good.slice(5).join('\n')}\n`)]),
    ],
    ['the wrong extension', table(good)],
  ])('%s', async (_, content) => {
    const { conns, stats, format } = await read(content, {}, 'input.pcap');
    expect(format).toBe('csv');
    expect(values(conns)).toEqual(values(canonical));
    expect(stats).toMatchObject({ offered: 12, parsed: 12, rejected: {}, truncated: false });
  });

  it('in any order of columns, with more of them, whatever they are called', async () => {
    const header = '__proto__,resp_bytes,constructor,orig_bytes,toString,resp_pkts,orig_pkts,label,ts,hasOwnProperty';
    const { conns } = await read(`${header}\n{},850,x,1200,y,8,10,benign,1634567890.5,z\n`);
    expect(values(conns)).toEqual(values(canonical.slice(0, 1)));
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('with Zeek’s names, with and without the dot', async () => {
    const text = (names: string): string => `${names},orig_pkts,resp_pkts,orig_bytes,resp_bytes\n10.0.0.1,99,1,2,3,4\n`;
    for (const names of ['id.orig_h,id.resp_p', 'id_orig_h,id_resp_p', 'orig_h,resp_p']) {
      expect((await read(text(names))).conns[0]).toMatchObject({ id_orig_h: '10.0.0.1', id_resp_p: 99 });
    }
  });

  it('in Latin-1, with the right characters', async () => {
    const { conns } = await read(Buffer.from(table([row(0).replace('benign', 'gutmütig')]), 'latin1'));
    expect(conns[0].label).toBe('gutmütig');
  });

  it('with line breaks, commas and doubled quotes inside quotes', async () => {
    const { conns } = await read(table([row(0).replace('benign', '"a,\n""b"""'), row(1)]));
    expect(conns.map((conn) => conn.label)).toEqual(['a,\n"b"', 'benign']);
  });
});

describe('bad rows in a good file', () => {
  const bad: [string, string, string][] = [
    ['NaN', 'NaN', 'row.not_a_number'],
    ['Infinity', 'Infinity', 'row.not_finite'],
    ['-Infinity', '-Infinity', 'row.not_finite'],
    ['1e309', '1e309', 'row.not_finite'],
    ['a negative number', '-1', 'row.negative'],
    ['hexadecimal', '0x10', 'row.not_a_number'],
    ['a decimal comma', '"1,5"', 'row.not_a_number'],
    ['2^53 + 1', '9007199254740993', 'row.too_large'],
    ['a fraction', '3.7', 'row.not_whole'],
    ['nothing', '', 'row.empty'],
    ['an unquoted comma', '1,5', 'row.wrong_cell_count'],
    ['a quote that stays open', '"5', 'row.unclosed_quote'],
  ];

  it.each(bad)('%s is skipped, counted and its line kept', async (_, cell, reason) => {
    const { conns, stats } = await read(table([...good.slice(0, 3), row(99).replace('1200', cell), ...good.slice(3)]));
    expect(values(conns)).toEqual(values(canonical));
    expect(stats).toMatchObject({ offered: 13, parsed: 12, rejectedLines: [5] });
    expect({ ...stats.rejected }).toEqual({ [reason]: 1 });
  });

  it('what is no address or no transport spoils the row, in every format that has fields under their names', async () => {
    const rows = [
      ['10.0.0.1', 'tcp'],
      ['999.1.1.1', 'tcp'],
      ["=cmd|'/c calc'!A0", 'tcp'],
      ['10.0.0.1', 'xyz'],
    ];
    const csv = rows.map(([host, proto]) => `${host},10.0.0.2,${proto},1,2,3,4\n`).join('');
    const json = rows.map(
      ([host, proto]) => `{"id.orig_h":${JSON.stringify(host)},"proto":"${proto}","orig_bytes":1}\n`,
    );
    const fraction = '{"id.orig_h":"10.0.0.1","orig_bytes":3.7}\n';
    const table = `id.orig_h,id.resp_h,proto,orig_pkts,resp_pkts,orig_bytes,resp_bytes\n${csv}`;
    expect({ ...(await read(table)).stats.rejected }).toEqual({ 'row.bad_address': 2, 'row.bad_proto': 1 });
    const { stats, conns } = await read(json.join('') + fraction, { required: [] });
    expect({ ...stats.rejected }).toEqual({ 'row.bad_address': 2, 'row.bad_proto': 1, 'row.not_whole': 1 });
    expect(conns).toHaveLength(1);
  });

  it('too few cells never take some of the next line', async () => {
    const { conns, stats } = await read(table(['1,2,3', ...good]));
    expect(values(conns)).toEqual(values(canonical));
    expect(stats.rejectedLines).toEqual([2]);
  });

  it('the first ten line numbers are kept, all rows counted', async () => {
    const { stats } = await read(table(Array.from({ length: 50 }, () => 'x,NaN,1,1,1,')));
    expect(stats.rejectedLines).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect({ ...stats.rejected }).toEqual({ 'row.not_a_number': 50 });
    expect(stats.parsed).toBe(0);
  });

  it('a last line that is cut, and therefore no row, marks the file as cut; another bad row does not', async () => {
    const cut = table([...good, row(13)]).slice(0, -30);
    const { stats } = await read(cut);
    expect(stats).toMatchObject({ parsed: 12, truncated: true, truncatedAt: cut.length });
    for (const text of [table(['1,2', ...good]).trimEnd(), table([...good, '1,2'])]) {
      expect((await read(text)).stats).toMatchObject({ offered: 13, truncated: false });
    }
  });

  it('a header alone is a table without rows', async () => {
    expect((await read(`${HEADER}\n`)).stats).toMatchObject({ offered: 0, parsed: 0, truncated: false });
    expect((await read(HEADER)).stats.offered).toBe(0);
  });

  it('a time that nobody can read costs the time, not the row', async () => {
    const { conns, stats } = await read(table(good.map((line) => line.replace(/^[\d.]+/, 'yesterday'))));
    expect([conns.length, conns[0].ts, { ...stats.weirds }]).toEqual([12, null, { 'row.unreadable_time': 12 }]);
  });
});

describe('Zeek logs', () => {
  const fields = ['ts', 'uid', 'id.orig_h', 'orig_pkts', 'resp_pkts', 'orig_bytes', 'resp_bytes', 'service'];
  const log = (separator: string, declared: string, rows: string[][]): string =>
    [
      `#separator ${declared}`,
      `#path${separator}conn`,
      ['#fields', ...fields].join(separator),
      ...rows.map((cells) => cells.join(separator)),
      '',
    ].join('\n');
  const cells = ['1.5', 'C1', '10.0.0.1', '1', '2', '3', '4', 'http'];

  it.each([
    ['\t', '\\x09'],
    ['|', '|'],
    [' ', '\\x20'],
  ])('separated by %j', async (separator, declared) => {
    expect((await read(log(separator, declared, [cells]))).conns[0]).toMatchObject({
      uid: 'C1',
      resp_bytes: 4,
      service: 'http',
    });
  });

  it('undo \\x escapes, also of UTF-8, and a tab inside a field makes no cell', async () => {
    const { conns } = await read(log('\t', '\\x09', [[...cells.slice(0, 7), 'a\\x09b\\x0ac\\xc3\\xbc']]));
    expect(conns[0].service).toBe('a\tb\ncü');
  });

  it('keep to the #fields that came last', async () => {
    const changed = ['#fields\tuid\tresp_bytes\torig_bytes\tresp_pkts\torig_pkts', 'C2\t40\t30\t20\t10', ''].join('\n');
    const { conns, stats } = await read(log('\t', '\\x09', [cells]) + changed);
    expect(conns.map((conn) => [conn.uid, conn.orig_pkts, conn.resp_bytes])).toEqual([
      ['C1', 1, 4],
      ['C2', 10, 40],
    ]);
    expect(stats.parsed).toBe(2);
  });

  it('count rows of another width, before #fields, or of another kind', async () => {
    const text = `#path\tconn\n1\t2\n${log('\t', '\\x09', [cells, ['1', '2'], cells])}{"ts":1}\n`;
    const { stats } = await read(text);
    expect(stats).toMatchObject({ parsed: 2, rejectedLines: [2, 7, 9] });
    expect({ ...stats.rejected }).toEqual({ 'row.before_fields': 1, 'row.wrong_cell_count': 2 });
  });

  it('in JSON count lines that are none, and take times as text', async () => {
    const good = {
      ts: '2026-05-07T12:49:39.5Z',
      uid: 'C',
      'id.orig_h': 'x',
      orig_pkts: 1,
      resp_pkts: 1,
      conn_state: 'S0',
    };
    const { conns, stats } = await read(
      `${JSON.stringify(good)}\n[1]\n"x"\n{"ts":\n${JSON.stringify({ ...good, orig_bytes: -1 })}\n`,
    );
    expect(conns[0].ts).toBe(1_778_158_179.5);
    expect({ ...stats.rejected }).toEqual({ 'row.not_json': 3, 'row.negative': 1 });
  });
});

describe('column mappings', () => {
  const mapping = parseMapping(
    '{"out": "orig_bytes", "in": "resp_bytes", "p.o": "orig_pkts", "p.i": "resp_pkts", "who": "id.orig_h"}',
    'm',
  );

  it('name the fields of any CSV', async () => {
    const { conns } = await read('who,out,in,p.o,p.i,label\ncam,1,2,3,4,ok\n', { mapping });
    expect(conns[0]).toMatchObject({
      id_orig_h: 'cam',
      orig_bytes: 1,
      resp_bytes: 2,
      orig_pkts: 3,
      resp_pkts: 4,
      label: 'ok',
    });
  });

  it('reach into nested JSON', async () => {
    const { conns, format } = await read('{"who":"cam","out":1,"in":2,"p":{"o":3,"i":4}}\n', { mapping });
    expect(format).toBe('jsonl');
    expect(conns[0]).toMatchObject({ id_orig_h: 'cam', orig_bytes: 1, resp_bytes: 2, orig_pkts: 3, resp_pkts: 4 });
  });

  it('say which of their columns a file lacks', async () => {
    expect((await refusal('who,out,in,p.o\ncam,1,2,3\n', { mapping })).message).toContain(
      'has no column p.i, resp_pkts',
    );
  });
});

describeWith(existsSync('/proc/self/fd') ? null : '/proc/self/fd', 'open files', () => {
  it('are given back, whatever happens', async () => {
    const before = readdirSync('/proc/self/fd').length;
    // Larger than what is looked at: the end, where a stream closes by itself, is not reached.
    const filler = row(0).repeat(20_000);
    const big = table(Array.from({ length: 20_000 }, (_, i) => row(i)));
    for (let i = 0; i < 20; i++) {
      await refusal(`<html>${filler}`);
      await refusal(gzipSync(`<html>${filler}`, { level: 0 }));
      await refusal(gzipSync(`ts,orig_pkts\n${filler}`, { level: 0 }));
      await refusal(`PAR1${filler}`);
      await refusal(`${HEADER}\n${'1'.repeat(2 << 20)}${filler}`);
      await read(big);
      await read(gzipSync(big, { level: 0 }));
      await (await openSource(path.join(folder, 'input.csv'))).close();
    }
    // Files are closed by a thread: give it a moment.
    for (let i = 0; i < 100 && readdirSync('/proc/self/fd').length > before; i++)
      await new Promise((done) => setTimeout(done, 10));
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });
});

describe('uploads', () => {
  const limits = { bytes: 128 << 20, ratio: 100 };
  const bomb = gzipSync(Buffer.alloc(64 << 20, `${table(good)}`));

  it('stop at a gzip bomb; a local file may be any size', async () => {
    expect(await refusal(bomb, { limits })).toMatchObject({ code: 'expands_too_much', status: 413 });
    expect(await refusal(gzipSync(table(good)), { limits: { bytes: 100, ratio: 100 } })).toMatchObject({ status: 413 });
    expect((await read(gzipSync(table(good)), { limits })).stats.parsed).toBe(12);
  });

  it('can be stopped, and report how far they are', async () => {
    const big = table(Array.from({ length: 60_000 }, (_, i) => row(i)));
    const seen: number[] = [];
    const { stats } = await read(big, { onProgress: (fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(stats.bytes).toBe(big.length);
    await expect(read(big, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
