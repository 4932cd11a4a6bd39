import { describe, expect, it } from 'vitest';
import type { Conn } from '../../flow/conn.ts';
import { Tally } from '../column/tally.ts';
import { detectFormat } from '../detect.ts';
import type { FlowReadOptions } from '../flow-format.ts';
import { Rows } from '../text/rows.ts';

const HEADER = 'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes,SrcBytes';

const read = (...rows: string[]): Promise<{ conns: Conn[]; tally: Tally }> => readAll([HEADER, ...rows]);

async function readAll(lines: string[], options: FlowReadOptions = {}): Promise<{ conns: Conn[]; tally: Tally }> {
  const bytes = Buffer.from(lines.join('\n'));
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
    options,
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

  it('adds up the sides where ra was asked for those, and reads types of ICMP in two columns', async () => {
    const header =
      'StartTime,LastTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,SrcPkts,DstPkts,SrcBytes,DstBytes,State';
    const { conns } = await readAll([
      header,
      '2026/03/02 17:00:28.6,2026/03/02 17:00:32.0,3.4,udp,10.0.0.1,5000,  <->,10.0.0.2,53,2,1,180,90,CON',
      '2026/03/02 17:00:28.6,2026/03/02 17:00:32.0,3.4,ipv6-icmp,::,143,   ->,ff02::16,0,2,0,180,0,MHR',
    ]);
    expect(conns).toMatchObject([
      { orig_pkts: 2, resp_pkts: 1, orig_ip_bytes: 152, resp_ip_bytes: 76, id_resp_p: 53, conn_state: 'SF' },
      { proto: 'icmp', id_orig_p: 143, id_resp_p: 0, orig_pkts: 2 },
    ]);
  });

  it('reads what ra prints by itself for who spoke with whom; to scan it, counts of the sides are missing', async () => {
    const lines = [
      'StartTime,Flgs,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,State',
      '17:00:28.607676, e        ,tcp,10.0.0.1,5000,   ->,10.0.0.2,443,20,1800,CON',
    ];
    const { conns, tally } = await readAll(lines, { required: [] });
    expect(conns).toMatchObject([
      { id_resp_h: '10.0.0.2', id_resp_p: 443, orig_pkts: null, orig_bytes: null, ts: null },
    ]);
    expect({ ...tally.stats.weirds }).toEqual({ 'argus.sides_unknown': 1, 'row.unreadable_time': 1 });
    await expect(readAll(lines)).rejects.toMatchObject({
      code: 'missing_columns',
      parameters: { missing: 'srcbytes' },
    });
  });
});
