/** Every log of the shared data is read to its last row. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { openSource } from '../../src/source/open-source.ts';
import type { SourceStats } from '../../src/source/source.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const data = sharedFolder('data');

/** Path and number of lines or rows of the files whose name matches. */
function files(pattern: RegExp): { path: string; lines: number }[] {
  return readFileSync(`${data}FILES.tsv`, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([path]) => pattern.test(path))
    .map(([path, , count]) => ({ path, lines: Number.parseInt(count, 10) }));
}

async function read(path: string): Promise<{ format: string; stats: SourceStats; conns: Conn[] }> {
  const source = await openSource(data + path);
  if (source.kind !== 'flows') throw new Error('a capture');
  const conns: Conn[] = [];
  return { format: source.format, stats: await source.read((conn) => conns.push(conn)), conns };
}

const count = (conns: Conn[], pick: (conn: Conn) => string | null): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const conn of conns) counts[String(pick(conn))] = (counts[String(pick(conn))] ?? 0) + 1;
  return counts;
};

describeWith(missingShared('data'), 'tables with one header line', () => {
  it.each([
    ['csv', /mock_traffic\.csv$|conn\.labeled\.csv(\.gz)?$/],
    ['nfstream', /nfstream\.csv$/],
    ['cicflowmeter', /cicflowmeter\/.*\.csv$/],
    ['argus', /binetflow$/],
    ['nfdump-text', /nfcapd\.sample1\.labeled$/],
  ] as const)('%s', async (format, pattern) => {
    const all = files(pattern);
    expect(all.length).toBeGreaterThan(0);
    for (const { path, lines } of all) {
      const { stats, format: found } = await read(path);
      const besides = stats.weirds['argus.management_record'] ?? 0;
      expect([path, found, { ...stats.rejected }, stats.parsed + besides + 1]).toEqual([path, format, {}, lines]);
    }
  });
});

describeWith(missingShared('data'), 'Zeek logs', () => {
  // Rows, without the lines that begin with '#'; FILES.tsv counts rows for most and lines for some.
  it.each([
    ['iot23/8-1-hakai/conn.log.labeled', 10_403],
    ['iot23/34-1-mirai/conn.log.labeled', 23_145],
    ['iot23/4-1-philips-hue/conn.log.labeled', 452],
    ['iot23/4-1-philips-hue/2018-09-14.zeek-conn.log', 757],
    ['iot23/20-1-torii/conn.log.labeled', 3209],
    ['iot23/7-1-somfy/conn.log.labeled', 130],
    ['iot23/7-1-somfy/b3a.zeek-conn.log', 130],
    ['slips/test9-mixed-zeek-dir/conn.log', 576],
    ['slips/test10-mixed-zeek-dir/conn.log', 141],
    ['slips/test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled', 766],
    ['stratosphere-zeek/001-zeek-scenario-malicious/labeled-conn.log', 992],
    ['stratosphere-zeek/006-zeek-scenario-ssh/conn.log', 18],
    ['stratosphere-zeek/008-zeek-mixed/data/conn.log.labeled', 5663],
    ['stratosphere-zeek/010-zeek-mixed/data/conn.log.labeled', 5347],
    ['netflowlabeler/conn.json.log', 1000],
    ['netflowlabeler/conn.tab.log', 92],
  ])('%s has %i rows', async (path, rows) => {
    const { stats } = await read(path);
    expect([stats.parsed, { ...stats.rejected }, stats.offered]).toEqual([rows, {}, rows]);
  });

  it('keep their labels, in all three ways of writing them', async () => {
    const hakai = await read('iot23/8-1-hakai/conn.log.labeled');
    expect(count(hakai.conns, (conn) => conn.label)).toEqual({ Benign: 2181, Malicious: 8222 });
    expect(count(hakai.conns, (conn) => conn.detailed_label)).toEqual({ null: 2181, 'C&C': 8222 });
    const windows = await read('slips/test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled');
    expect(count(windows.conns, (conn) => conn.label)).toEqual({ Malicious: 719, Benign: 44, Unknown: 3 });
    const hue = await read('iot23/4-1-philips-hue/conn.log.labeled');
    expect(count(hue.conns, (conn) => conn.label)).toEqual({ benign: 452 });
  });

  it('and their CSV form give the same records', async () => {
    const log = await read('iot23/8-1-hakai/conn.log.labeled');
    const csv = await read('iot23/8-1-hakai/conn.labeled.csv.gz');
    expect(csv.conns).toEqual(log.conns);
  });

  it('of Zeek’s own tests are read, whole or cut to some columns', async () => {
    let rows = 0;
    for (const { path } of files(/^zeek-btest\/baseline\//)) {
      const text = readFileSync(data + path, 'utf8');
      if (!text.includes('#fields')) continue;
      const { stats } = await read(path);
      const expected = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
      expect([path, stats.parsed, { ...stats.rejected }]).toEqual([path, expected, {}]);
      rows += stats.parsed;
    }
    expect(rows).toBeGreaterThan(200);
  });
});

describeWith(missingShared('data'), 'other meters on the capture of the Hue bridge', () => {
  it('NFStream saw as many packets as are in it', async () => {
    const { conns } = await read('iot23/4-1-philips-hue/2018-09-14.nfstream.csv');
    expect(conns.reduce((sum, conn) => sum + (conn.orig_pkts ?? 0) + (conn.resp_pkts ?? 0), 0)).toBe(7098);
  });
});
