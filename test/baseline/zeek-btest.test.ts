import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { privateNets } from '../../src/flow/private-nets.ts';
import { zeekServices } from '../../src/flow/service/service.ts';
import { zeekTable } from '../../src/flow/write/zeek-log.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';
import { captureRows } from './capture-rows.ts';
import { type Agreement, btest, knownDifferences } from './known-differences.ts';
import { readZeekTable, type ZeekRow } from './zeek-table.ts';

const data = sharedFolder('data/zeek-btest');

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

/** A baseline with all of these is a full one; those at the end are compared where it has them. */
const full = [
  ...['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p', 'proto', 'duration', 'orig_bytes', 'resp_bytes'],
  ...['conn_state', 'missed_bytes', 'history', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
];
const comparable = [...full, 'local_orig', 'local_resp', 'ip_proto'];

/** Zeek's service is compared where it names only these, which are recognised. */
const recognised = new Set<string>(zeekServices);

function comparesService(service: string, { command, isPlain }: Case): boolean {
  // Without its default scripts, or changed by one, Zeek may leave out a service that is there.
  if (service === '-') return isPlain && !command.includes(' -b ');
  return service.split(',').every((name) => recognised.has(name));
}

/** In one order; Zeek's own depends on which analyzer was confirmed first. */
const sorted = (list: string): string => list.split(',').sort().join(',');

/** `tunnel_parents` as what the parents are, because uids differ from run to run. */
function parentsOf(row: ZeekRow, rows: readonly ZeekRow[]): string {
  if (row.tunnel_parents === '-') return '-';
  const describeParent = (uid: string): string => {
    const parent = rows.find((other) => other.uid === uid);
    return parent === undefined ? 'ip tunnel' : full.map((column) => parent[column]).join(' ');
  };
  return row.tunnel_parents.split(',').map(describeParent).sort().join(' + ');
}

/** What a test's script declares as local besides. */
const localNets: Readonly<Record<string, readonly string[]>> = {
  'core.history-flip.conn.log': [...privateNets, '125.190.0.0/16'],
};

interface Outcome {
  rows: number;
  onlyZeek: string[];
  onlyOurs: string[];
}

/** Pairs the rows of Zeek with ours, and lists those without a partner. */
async function compare(test: Case): Promise<Outcome> {
  const { fields, rows } = readZeekTable(`${data}baseline/${test.baseline}`);
  const ignoreChecksums = test.command.includes(' -C ');
  const ours = await captureRows(`${data}traces/${test.trace}`, {
    ignoreChecksums,
    localNets: localNets[test.baseline],
  });
  const columns = comparable.filter((column) => fields.includes(column));
  const text = (row: ZeekRow, all: readonly ZeekRow[]): string => {
    const parents = fields.includes('tunnel_parents') ? parentsOf(row, all) : '';
    return `${columns.map((column) => row[column]).join(' ')} ${parents}`;
  };
  const left = ours.map((row) => ({ key: text(row, ours), service: row.service }));
  const onlyZeek: string[] = [];
  for (const row of rows) {
    const key = text(row, rows);
    const { service } = row;
    const needed = service !== undefined && comparesService(service, test) ? sorted(service) : null;
    const at = left.findIndex((one) => one.key === key && (needed === null || sorted(one.service) === needed));
    if (at >= 0) left.splice(at, 1);
    else onlyZeek.push(`${key} ${service}`);
  }
  return { rows: rows.length, onlyZeek, onlyOurs: left.map(({ key, service }) => `${key} ${service}`) };
}

const isFull = ({ baseline }: Case): boolean => {
  const { fields } = readZeekTable(`${data}baseline/${baseline}`);
  return full.every((column) => fields.includes(column));
};

describeWith(missingShared('data/zeek-btest'), 'Zeek’s own baselines', async () => {
  const cases = readCases();
  const outcomes = new Map<Case, Outcome>();
  for (const test of cases) outcomes.set(test, await compare(test));

  it.each(cases)('$baseline: every row, or a known difference', (test) => {
    const { onlyZeek, onlyOurs } = outcomes.get(test)!;
    const known = test.isPlain ? undefined : knownDifferences.find(({ baseline }) => baseline === test.baseline);
    // Tests with a filter, and those that cut columns, show some of the connections.
    const more = isFull(test) ? onlyOurs : [];
    if (known === undefined) expect({ onlyZeek, more }).toEqual({ onlyZeek: [], more: [] });
    else expect([onlyZeek.length, more.length]).toEqual([known.zeekRows, known.ourRows]);
  });

  const agreement = (some: readonly Case[]): Agreement => {
    const all = some.map((test) => outcomes.get(test)!);
    const rows = all.reduce((sum, outcome) => sum + outcome.rows, 0);
    return { files: some.length, rows, equal: rows - all.reduce((sum, { onlyZeek }) => sum + onlyZeek.length, 0) };
  };

  it('agreement is what the page says: everything in plain tests, at least 98.5 % of those with every column', () => {
    const whole = cases.filter(isFull);
    const measured = {
      plain: agreement(cases.filter(({ isPlain }) => isPlain)),
      full: agreement(whole),
      cut: agreement(cases.filter((test) => !isFull(test))),
    };
    expect(measured).toEqual(btest);
    expect(measured.plain.equal).toBe(measured.plain.rows);
    expect(measured.full.equal / measured.full.rows).toBeGreaterThanOrEqual(0.985);
  });

  it('the header of our log is Zeek’s, byte for byte but for the time', () => {
    const lines = readFileSync(`${data}baseline/core.cisco-fabric-path.conn.log`, 'utf8').split('\n').slice(1, 9);
    const ours = zeekTable().header(new Date(0)).trimEnd().split('\n');
    const isTimeless = (line: string): boolean => !line.startsWith('#open');
    expect(ours.filter(isTimeless)).toEqual(lines.filter(isTimeless));
    expect(ours).toHaveLength(8);
  });

  it('knows no difference of a test that is not there', () => {
    const baselines = new Set(cases.map(({ baseline }) => baseline));
    expect(knownDifferences.filter(({ baseline }) => !baselines.has(baseline))).toEqual([]);
  });
});
