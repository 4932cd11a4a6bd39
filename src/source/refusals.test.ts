import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { folder, good, HEADER, read, refusal, row, table, values } from '../../test/source/read-text.ts';
import type { AppError } from '../errors.ts';
import { openSource } from './open-source.ts';

describe('files that are no good as a whole', () => {
  it('are refused with what, where and how to mend it', async () => {
    const missing = await openSource(path.join(folder, 'nowhere.csv')).catch((error: unknown) => error);
    expect(missing).toMatchObject({ code: 'file_not_found', exit: 3 });
    expect(await openSource(folder).catch((error: unknown) => error)).toMatchObject({
      code: 'not_a_file',
      message: expect.stringMatching(/is a folder/),
    });
    expect(await refusal('')).toMatchObject({ code: 'empty_file', status: 400 });
  });

  it.each([
    ['an ELF program named .csv', Buffer.from('7f454c4602010100', 'hex'), 'a Linux program (ELF)'],
    ['a web page named .csv', '<!doctype html><title>404</title>', 'a web page (HTML)'],
    ['prose named .csv', 'Dear customer', 'text without a header line of columns'],
    ['a gzip file in a gzip file', gzipSync(gzipSync('x')), 'compressed twice'],
    ['a PNG image in gzip', gzipSync(Buffer.from('89504e470d0a1a0a', 'hex')), 'a PNG image'],
  ])('%s: 400 naming what it is and what is supported', async (_, content, found) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'unsupported_type', status: 400 });
    expect(error.message).toBe(`"input.csv" is ${found}, which cannot be analysed.`);
    expect(error.hint).toMatch(/^Supported are: pcap and pcapng captures, and flows of Zeek, .* or CSV\.$/);
    expect(error.hint.length).toBeLessThan(180);
  });

  it('missing columns: 422 naming them and what is there', async () => {
    const error = await refusal('ts,orig_pkts,resp_bytes,extra\n1,2,3,4\n');
    expect(error).toMatchObject({ code: 'missing_columns', status: 422 });
    expect(error.message).toBe(
      '"input.csv" has no column resp_pkts, orig_bytes. Its columns are: ts, orig_pkts, resp_bytes, extra.',
    );
  });

  it('what holds neither both addresses nor the four counts is no log of connections, whatever is needed of it', async () => {
    const tables = [
      'a,b\n1,2\n',
      'device,mac\ncam,x\n',
      'id.orig_h,orig_pkts\n10.0.0.1,2\n',
      '{"mac":"x","name":"cam"}\n',
    ];
    for (const text of tables) {
      const error = await refusal(text, { required: [] });
      expect(error).toMatchObject({ code: 'missing_columns', message: expect.stringContaining('id.resp_h') });
    }
    for (const text of ['id.orig_h,id.resp_h\n10.0.0.1,10.0.0.2\n', table(good.slice(0, 1))]) {
      expect((await read(text, { required: [] })).conns).toHaveLength(1);
    }
  });

  it('duplicated columns: 422 naming them', async () => {
    const error = await refusal(`${HEADER},orig_pkts\n`);
    expect(error).toMatchObject({ code: 'duplicate_columns', status: 422 });
    expect(error.message).toContain('orig_pkts');
  });

  it('100,000 columns: 422', async () => {
    const columns = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
    expect(await refusal(`${HEADER},${columns.join(',')}\n1\n`)).toMatchObject({
      code: 'too_many_columns',
      status: 422,
    });
  });

  it('a line of 15 MiB: 422 with its number', async () => {
    const error = await refusal(`${table([row(0)])}${'1'.repeat(15 << 20)}\n`);
    expect(error).toMatchObject({ code: 'line_too_long', status: 422 });
    expect(error.message).toBe('Line 3 of "input.csv" is longer than 1 MiB.');
    expect(await refusal(`${HEADER}${'1'.repeat(15 << 20)}`)).toMatchObject({ code: 'line_too_long', status: 422 });
  });

  it('other logs of Zeek: 422 naming the right one', async () => {
    const tsv = '#separator \\x09\n#path\tdns\n#fields\tts\tuid\n1\tC\n';
    expect((await refusal(tsv)).message).toBe('"input.csv" is Zeek\'s dns.log; connections are in conn.log.');
    const json = (more: string): string =>
      `{"ts":1,"uid":"C","id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2",${more}:"x"}\n`;
    for (const [field, other] of Object.entries({ query: 'dns', trans_id: 'dns', cipher: 'ssl', method: 'http' })) {
      for (const required of [undefined, []]) {
        const { message } = await refusal(json(`"${field}"`), { required });
        expect(message).toBe(`"input.csv" is Zeek's ${other}.log; connections are in conn.log.`);
      }
    }
    expect(await refusal(json('"of_no_known_log"'), { required: [] })).toMatchObject({ code: 'missing_columns' });
    expect(await refusal('#separator \\x09\n1\tC\n')).toMatchObject({ code: 'no_fields_line', status: 422 });
  });

  it('damaged gzip: 422 with the offset; what comes out of a shortened one is read and marked', async () => {
    const packed = gzipSync(table(Array.from({ length: 5000 }, (_, i) => row(i))));
    const damaged = Buffer.from(packed);
    damaged[packed.length >> 1] ^= 0xff;
    damaged[(packed.length >> 1) + 1] ^= 0xff;
    const error = await refusal(damaged);
    expect(error).toMatchObject({ code: 'corrupt_compression', status: 422 });
    expect(Number(/byte (\d+)/.exec(error.message)?.[1])).toBeGreaterThan(packed.length / 4);
    // Whoever says so gets what came out before, and hears of the damage.
    let told: AppError | null = null;
    const onDamage = (damage: AppError): void => {
      told = damage;
    };
    const some = await read(damaged, { onDamage });
    expect(told).toMatchObject({ code: 'corrupt_compression', message: error.message });
    expect(some.stats).toMatchObject({ truncated: true });
    expect(some.conns.length).toBeGreaterThan(500);
    // Damage that is seen only by the check sum, when all has come out.
    const flipped = Buffer.from(packed);
    flipped[packed.length - 8] ^= 0xff;
    expect(await refusal(flipped)).toMatchObject({ code: 'corrupt_compression' });
    expect((await read(flipped, { onDamage })).conns).toHaveLength(5000);
    const cut = await read(packed.subarray(0, packed.length >> 1));
    expect(cut.stats).toMatchObject({ truncated: true, truncatedAt: packed.length >> 1 });
    expect(cut.conns.length).toBeGreaterThan(500);
    expect(cut.conns.length).toBeLessThan(4999);
  });

  it('bytes behind gzip data that are none cost nothing, and are said', async () => {
    const plain = values((await read(table(good))).conns);
    const packed = gzipSync(table(good));
    for (const tail of ['garbage', 'x'.repeat(350), '\0\0\0garbage', '\x1f']) {
      const { stats, conns } = await read(Buffer.concat([packed, Buffer.from(tail, 'latin1')]));
      expect(values(conns)).toEqual(plain);
      expect({ ...stats.weirds, truncated: stats.truncated }).toEqual({ 'gzip.trailing_bytes': 1, truncated: false });
    }
  });

  it('gzip with every part that a header may have, in pieces of any size', async () => {
    const packed = gzipSync(table(good));
    const extras = Buffer.from([2, 0, 7, 7, ...Buffer.from('a name\0and a comment\0'), 9, 9]);
    const header = Buffer.from(packed.subarray(0, 10));
    header[3] = 2 | 4 | 8 | 16;
    expect((await read(Buffer.concat([header, extras, packed.subarray(10)]))).conns).toHaveLength(12);
    const endless = Buffer.concat([header, extras.subarray(0, 4), Buffer.alloc(1 << 18, 'x')]);
    expect(await refusal(endless)).toMatchObject({ code: 'corrupt_compression' });
    // A million members without content are no file.
    const empty = gzipSync('');
    const many = Buffer.concat([packed, ...Array.from({ length: 20_000 }, () => empty)]);
    expect(await refusal(many)).toMatchObject({ code: 'corrupt_compression' });
  });

  it('a broken Parquet or NetFlow file: 422', async () => {
    expect(await refusal('PAR1 and nothing else')).toMatchObject({ code: 'corrupt_parquet', status: 422 });
  });
});
