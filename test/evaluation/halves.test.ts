import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureSeparation } from '../../src/detector/published/roc.ts';
import { evaluateHalves, halvesOf, type LabelledLog, scoreHalves, splitTime } from '../../src/evaluation/halves.ts';
import { guardianJudge } from '../../src/evaluation/judge/guardian.ts';
import type { Label } from '../../src/evaluation/labels.ts';
import type { Conn } from '../../src/flow/conn.ts';

const conn = (ts: number, over: Partial<Conn>): Conn => ({
  ts,
  uid: `C${ts}`,
  id_orig_h: '192.168.1.5',
  id_orig_p: 40_000,
  id_resp_h: '203.0.113.9',
  id_resp_p: 443,
  proto: 'tcp',
  ip_proto: 6,
  service: 'ssl',
  own_service: null,
  duration: 1.5,
  orig_bytes: 800 + (ts % 37),
  resp_bytes: 4000 + (ts % 113),
  conn_state: 'SF',
  local_orig: true,
  local_resp: false,
  missed_bytes: 0,
  history: 'ShADadFf',
  orig_pkts: 10,
  orig_ip_bytes: 1320,
  resp_pkts: 9,
  resp_ip_bytes: 4400,
  tunnel_parents: null,
  orig_l2_addr: null,
  resp_l2_addr: null,
  vlan: null,
  label: null,
  detailed_label: null,
  ...over,
});

/** A device that fetches something every minute, and from half of each half on tries telnet all over the place. */
function log(): LabelledLog {
  const conns: Conn[] = [];
  const labels: Label[] = [];
  const add = (record: Conn, label: Label): void => {
    conns.push(record);
    labels.push(label);
  };
  for (let i = 0; i < 400; i++) {
    add(conn(i * 60, {}), i % 50 === 7 ? -1 : 0);
    if (i % 200 < 100) continue;
    const target = { id_resp_h: `198.51.100.${i % 250}`, id_resp_p: 23, service: null, conn_state: 'S0', history: 'S' };
    add(
      conn(i * 60 + 7, { ...target, duration: null, orig_bytes: null, resp_bytes: null, orig_pkts: 1, resp_pkts: 0 }),
      1,
    );
  }
  return { file: 'made-up.log', conns, labels };
}

const options = { without: new Set<never>(), seed: 1 };

describe('halves', () => {
  it('refuses a log without attacks, and takes it beside one that has some', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guardian-halves-'));
    try {
      const write = (name: string, label: (i: number) => string): string => {
        const row = (i: number) =>
          `{"ts":${i},"uid":"C${i}","id.orig_h":"192.168.1.5","id.orig_p":1,"id.resp_h":"203.0.113.1","id.resp_p":2,"proto":"udp","orig_pkts":1,"resp_pkts":1,"label":"${label(i)}"}`;
        const file = path.join(folder, name);
        writeFileSync(file, `${Array.from({ length: 60 }, (_, i) => row(i)).join('\n')}\n`);
        return file;
      };
      const quiet = write('quiet.log', () => 'benign');
      const mixed = write('mixed.log', (i) => (i % 3 === 0 ? 'malicious' : 'benign'));
      await expect(evaluateHalves([quiet], guardianJudge, options)).rejects.toMatchObject({
        code: 'labels_unfit',
        message: expect.stringMatching(/quiet\.log" cannot be used: no connection is labelled as an attack\.$/),
      });
      for (const files of [
        [quiet, mixed],
        [mixed, quiet],
      ]) {
        const { macro } = await evaluateHalves(files, guardianJudge, options);
        expect(macro.auc).toBeGreaterThanOrEqual(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lets labels decide what is learned and what is judged, and never a score', async () => {
    const original = log();
    const middle = splitTime(original);
    const first = await scoreHalves(original, guardianJudge, options);
    // The scored half's labels are turned around; the training half's, and so the split, stay as they are.
    for (const half of [0, 1]) {
      const shuffled = original.labels.map((label, i): Label => {
        const scored = (original.conns[i].ts! >= middle ? 1 : 0) === half;
        return scored && label !== -1 ? ((1 - label) as Label) : label;
      });
      const again = await scoreHalves({ ...original, labels: shuffled }, guardianJudge, options);
      const indices = original.labels.map((_, i) => i).filter((i) => first.halves[i] === half);
      const of = (scores: Float64Array) => indices.map((i) => scores[i]);
      expect(of(again.scores)).toEqual(of(first.scores));
      const auc = (labels: Label[]) =>
        measureSeparation(
          of(first.scores),
          indices.map((i) => labels[i]),
        ).auc;
      expect(auc(original.labels)).toBeGreaterThan(0.99);
      expect(auc(shuffled)).toBeLessThan(0.01);
    }
  });

  it('gives the same scores bit for bit when it is run again', async () => {
    const [first, second] = [
      await scoreHalves(log(), guardianJudge, options),
      await scoreHalves(log(), guardianJudge, options),
    ];
    expect(Array.from(second.scores)).toEqual(Array.from(first.scores));
  });

  it('says of the whole product how many flows its alerts are about', async () => {
    const { at_threshold } = await halvesOf(log(), guardianJudge, options);
    expect(at_threshold?.tpr).toBeGreaterThan(0.5);
    expect(at_threshold?.fpr).toBeLessThan(0.6);
  });
});
