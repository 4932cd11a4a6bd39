/** Exports and logs that real tools have written; the folder is shared with the project and not part of it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Conn } from '../../src/flow/conn.ts';
import { openSource } from '../../src/source/open-source.ts';
import type { SourceStats } from '../../src/source/source.ts';

const folder = fileURLToPath(new URL('../../../shared/data/formats/', import.meta.url));

async function flows(name: string): Promise<{ conns: Conn[]; stats: SourceStats }> {
  const source = await openSource(folder + name);
  if (source.kind !== 'flows') throw new Error('a capture');
  const conns: Conn[] = [];
  return { stats: await source.read((conn) => conns.push(conn), { required: [] }), conns };
}

const between = (conns: readonly Conn[], from: string, to: string): boolean =>
  conns.every(({ ts }) => ts !== null && ts >= Date.parse(from) / 1e3 && ts <= Date.parse(to) / 1e3);

describe.skipIf(!existsSync(folder))('what real tools have written', () => {
  test('an ICMP field beside the ports leaves them alone', async () => {
    const { conns } = await flows('icmp-field-zeroes-ports.softflowd.ipfix');
    const ports = conns.map(({ id_orig_p, id_resp_p }) => [id_orig_p, id_resp_p]);
    expect(ports).toContainEqual([60_560, 22]);
    expect(ports).toContainEqual([35_262, 53]);
    expect((await flows('icmp-field-zeroes-ports.ixia.ipfix')).conns.every(({ id_resp_p }) => id_resp_p !== 0)).toBe(
      true,
    );
  });

  test('a MikroTik that never tells its boot has the time of its exports', async () => {
    const { conns } = await flows('mikrotik-ros6-no-time.ipfix');
    expect(between(conns, '2017-07-19T16:17:30Z', '2017-07-19T16:18:08Z')).toBe(true);
    expect(conns.some(({ duration }) => duration === 2.13)).toBe(true);
  });

  test.each(['ordinary-home-as-mikrotik6.ipfix.gz', 'uptime-wrap.v5.gz'])('%s is of its two hours', async (name) => {
    const { conns, stats } = await flows(name);
    expect(between(conns, '2026-03-02T17:00:00Z', '2026-03-02T19:00:00Z')).toBe(true);
    expect({ ...stats.dropped }).toEqual({});
  });

  test('a first packet before the boot is no flow of weeks', async () => {
    const [first] = (await flows('uptime-before-boot.netflow5')).conns;
    expect(first.duration).toBe(2.578);
  });

  test.each(['nfdump-1.7.line.txt', 'nfdump-1.7.long.txt'])('%s has 31 rows', async (name) => {
    const { conns, stats } = await flows(name);
    expect([conns.length, { ...stats.rejected }]).toEqual([31, {}]);
  });

  test('dates that may be two days are no times, and it is said', async () => {
    const { conns, stats } = await flows('no-time.csv.gz');
    expect(conns.every(({ ts }) => ts === null)).toBe(true);
    expect(stats.weirds['row.ambiguous_date']).toBe(conns.length);
  });

  test('Suricata: netflow events are flows, a cut first line costs itself', async () => {
    expect((await flows('eve-netflow.json')).conns.length).toBeGreaterThan(40);
    const { conns, stats } = await flows('eve-cut-first-line.json');
    expect([conns.length, { ...stats.rejected }]).toEqual([60, { 'row.not_json': 1 }]);
  });
});
