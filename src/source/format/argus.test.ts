import { describe, expect, it } from 'vitest';
import type { Conn } from '../../flow/conn.ts';
import { Tally } from '../column/tally.ts';
import { detectFormat } from '../detect.ts';
import { Rows } from '../text/rows.ts';

const HEADER = 'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes,SrcBytes';

async function read(...rows: string[]): Promise<{ conns: Conn[]; tally: Tally }> {
  const bytes = Buffer.from([HEADER, ...rows].join('\n'));
  const found = detectFormat(bytes);
  if (found.kind !== 'flows') throw new Error(found.kind);
  const conns: Conn[] = [];
  const tally = new Tally('argus');
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  await found.format.read(
    { name: 'x', path: null, chunks: chunks() },
    found.head,
    new Rows('x', tally, (conn) => conns.push(conn)),
    {},
  );
  return { conns, tally };
}

const row = (direction: string, packets: number, bytes: number, sent: number, state = 'CON', proto = 'udp'): string =>
  `2018/12/18 14:00:00.5,1,${proto},10.0.0.1,5000,${direction},10.0.0.2,53,${state},${packets},${bytes},${sent}`;

describe('Argus', () => {
  it.each([
    // packets, bytes, bytes of the source → packets of each side
    [10, 1000, 1000, [10, 0]],
    [10, 1000, 0, [0, 10]],
    [2, 1000, 900, [1, 1]],
    [10, 1000, 700, [7, 3]],
    [10, 100_000, 60, [1, 9]],
    [0, 84, 42, [0, 0]],
    [1, 84, 42, [1, 0]],
  ])('without SrcPkts divides %i packets of %i bytes, %i sent, as %j', async (packets, bytes, sent, expected) => {
    const { conns, tally } = await read(row('->', packets, bytes, sent));
    expect(conns.map((conn) => [conn.orig_pkts, conn.resp_pkts])).toEqual([expected]);
    expect(tally.stats.weirds['argus.packets_of_source_estimated']).toBe(1);
  });

  it('turns a flow that the destination began', async () => {
    const { conns } = await read(row('  <-', 3, 300, 100), row('  <->', 3, 300, 100));
    expect(conns.map((conn) => [conn.id_orig_h, conn.id_orig_p, conn.orig_pkts])).toEqual([
      ['10.0.0.2', 53, 2],
      ['10.0.0.1', 5000, 1],
    ]);
  });

  it('refuses a row whose source has sent more than both', async () => {
    expect({ ...(await read(row('->', 3, 100, 300))).tally.stats.rejected }).toEqual({ 'row.parts_exceed_total': 1 });
  });

  it.each([
    ['S_', 'S0'],
    ['S_RA', 'REJ'],
    ['SR_', 'RSTOS0'],
    ['FSPA_FSPA', 'SF'],
    ['SRPA_SPA', 'RSTO'],
    ['SPA_SRPA', 'RSTR'],
    ['SPA_SPA', 'S1'],
    ['FSPA_SPA', 'S2'],
    ['SPA_FSPA', 'S3'],
    ['PA_PA', 'OTH'],
    ['EST', null],
  ])('State %s is %s', async (state, expected) => {
    expect((await read(row('->', 2, 120, 60, state, 'tcp'))).conns[0].conn_state).toBe(expected);
  });
});
