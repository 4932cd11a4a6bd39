import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { captureRows } from './capture-rows.ts';
import { type KnownDifference, knownDifferences } from './known-differences.ts';
import { readZeekTable, type ZeekRow } from './zeek-table.ts';

const data = fileURLToPath(new URL('../../../shared/data/zeek-btest/', import.meta.url));

interface Case {
  trace: string;
  baseline: string;
  command: string;
  /** The test's script changes nothing of Zeek's behaviour: every row has to be equal. */
  isPlain: boolean;
}

function readCases(): Case[] {
  const lines = readFileSync(`${data}INDEX.tsv`, 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [trace, baseline, command, changes] = line.split('\t');
    return { trace, baseline, command, isPlain: changes === 'no' };
  });
}

const compared = [
  ...['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'orig_bytes', 'resp_bytes'],
  ...['conn_state', 'missed_bytes', 'history', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
  ...['local_orig', 'local_resp', 'ip_proto'],
];

/** Protocols that are recognised; Zeek's service is compared where it names only these. */
const recognised = new Set(['dns', 'dhcp', 'ntp', 'ssl', 'quic', 'http', 'mqtt', 'ssh', 'irc', 'vxlan', 'geneve']);
for (const tunnel of ['gtpv1', 'teredo', 'ayiya']) recognised.add(tunnel);

function comparesService({ service }: ZeekRow, { command, isPlain }: Case): boolean {
  // Without its default scripts, or changed by one, Zeek may leave out a service that is there.
  if (service === '-') return isPlain && !command.includes(' -b ');
  return service.split(',').every((name) => recognised.has(name));
}

const hasAllColumns = (rows: ZeekRow[]): boolean => rows.length > 0 && compared.every((column) => column in rows[0]);

/** `tunnel_parents` as what the parents are, because uids differ from run to run. */
function parentsOf(row: ZeekRow, rows: readonly ZeekRow[]): string {
  if (row.tunnel_parents === '-') return '-';
  const describeParent = (uid: string): string => {
    const parent = rows.find((other) => other.uid === uid);
    return parent === undefined ? 'ip tunnel' : keyOf(parent);
  };
  return row.tunnel_parents.split(',').map(describeParent).sort().join(' + ');
}

const keyOf = (row: ZeekRow): string => compared.map((column) => row[column]).join(' ');

interface Outcome {
  rows: number;
  different: string[];
}

/** Pairs the rows of Zeek with ours and lists those without a partner, on both sides. */
async function compare(test: Case, theirs: ZeekRow[]): Promise<Outcome> {
  const ours = await captureRows(`${data}traces/${test.trace}`, { ignoreChecksums: test.command.includes(' -C ') });
  const left = ours.map((row) => ({ key: `${keyOf(row)} ${parentsOf(row, ours)}`, service: row.service }));
  const different: string[] = [];
  for (const row of theirs) {
    const key = `${keyOf(row)} ${parentsOf(row, theirs)}`;
    const needsService = comparesService(row, test);
    const sameServices = (text: string) => text.split(',').sort().join(',') === row.service.split(',').sort().join(',');
    const at = left.findIndex((one) => one.key === key && (!needsService || sameServices(one.service)));
    if (at >= 0) left.splice(at, 1);
    else different.push(`zeek ${key} ${row.service}`);
  }
  for (const { key, service } of left) different.push(`ours ${key} ${service}`);
  return { rows: theirs.length, different };
}

/** Cut baselines: rows that are different because a script lowers limits of Zeek's HTTP analyzer (history X). */
const knownCut = new Map([
  ['core.reporter-limit-reached-weird.conn.log', 1],
  ['scripts.base.protocols.http.deeply-nested-mime.conn.log', 1],
]);

describe.skipIf(!existsSync(data))('Zeek’s own baselines', () => {
  const cases = existsSync(data) ? readCases() : [];
  const full = cases
    .map((test) => ({ test, theirs: readZeekTable(`${data}baseline/${test.baseline}`).rows }))
    .filter(({ theirs }) => hasAllColumns(theirs));

  it.each(full.filter(({ test }) => test.isPlain))('$test.baseline: every row', async ({ test, theirs }) => {
    const { different } = await compare(test, theirs);
    expect(different).toEqual([]);
  });

  it('the other full baselines: every row, or a known difference', async () => {
    let rows = 0;
    let zeekRowsDifferent = 0;
    const unexplained: string[] = [];
    for (const { test, theirs } of full) {
      const outcome = await compare(test, theirs);
      rows += outcome.rows;
      zeekRowsDifferent += outcome.different.filter((line) => line.startsWith('zeek')).length;
      const known: KnownDifference | undefined = knownDifferences.find(({ baseline }) => baseline === test.baseline);
      if (outcome.different.length !== (known?.lines ?? 0)) unexplained.push(test.baseline, ...outcome.different);
    }
    expect(unexplained).toEqual([]);
    expect(1 - zeekRowsDifferent / rows).toBeGreaterThanOrEqual(0.9);
  });

  const cut = cases.filter(({ baseline }) => !full.some(({ test }) => test.baseline === baseline));
  it.each(cut)('$baseline: the columns that it has', async (test) => {
    const { fields, rows } = readZeekTable(`${data}baseline/${test.baseline}`);
    const columns = fields.filter((field) => !['ts', 'uid', 'service'].includes(field));
    const ours = await captureRows(`${data}traces/${test.trace}`, { ignoreChecksums: test.command.includes(' -C ') });
    const text = (row: ZeekRow): string => columns.map((column) => row[column]).join(' ');
    const isRecognised = (service: string): boolean => service.split(',').every((name) => recognised.has(name));
    // Tests with a packet filter show some of the connections.
    const left = [...ours];
    const missing = rows.filter((row) => {
      const compareService = row.service !== undefined && isRecognised(row.service);
      const at = left.findIndex((one) => text(one) === text(row) && (!compareService || one.service === row.service));
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    expect(missing.length).toBe(knownCut.get(test.baseline) ?? 0);
  });

  it('knows no difference that is none', () => {
    for (const { baseline } of knownDifferences) {
      expect(full.some(({ test }) => test.baseline === baseline)).toBe(true);
    }
  });
});
