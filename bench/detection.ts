/** Detection quality by the protocols, on the data beside the project: the figures of docs/detection.md. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluateProtocol } from '../src/evaluation/evaluate.ts';
import type { evaluateField } from '../src/evaluation/field.ts';
import { type Benchmark, fact, type Row } from './bench.ts';

const DATA = fileURLToPath(new URL('../../shared/data/', import.meta.url));

const LOGS = [
  'iot23/8-1-hakai/conn.log.labeled',
  'iot23/20-1-torii/conn.log.labeled',
  'iot23/34-1-mirai/conn.log.labeled',
  'stratosphere-zeek/008-zeek-mixed/data/conn.log.labeled',
  'stratosphere-zeek/010-zeek-mixed/data/conn.log.labeled',
].map((file) => DATA + file);
const ROUNDS = ['round-final', 'round-reforco_v7'].map((round) => `${DATA}mqtt-testbed/${round}/`);
const HOUSE = ['blink-cam-01', 'blink-cam-02', 'lockly-hub-01', 'schlage-lock-01'].map(
  (name) => `${DATA}benign-home-week/${name}.pcap`,
);
const COLD = ['slips/test12-icmp-portscan.pcap', 'slips/test-cc/test-cc-capture-1.pcap', 'slips/test7-malicious.pcap'];
const HAKAI = 'iot23/8-1-hakai/2018-07-31-15-15-09-192.168.100.113.pcap';

interface Separation {
  auc: number;
  tpr_at_fpr: Record<string, number>;
}

const captures = (round: string): string[] =>
  readdirSync(round)
    .filter((file) => file.endsWith('.pcap'))
    .map((file) => round + file);
const isBenign = (file: string): boolean => file.includes('/benign');

async function halves(rows: Row[]): Promise<void> {
  const macro = async (detector: string): Promise<Separation> =>
    ((await evaluateProtocol('halves', { files: LOGS, detector })) as { macro: Separation }).macro;
  const baseline = await macro('isolation-forest');
  for (const detector of ['guardian', 'lstm-autoencoder', 'published-flow']) {
    const { auc, tpr_at_fpr } = await macro(detector);
    rows.push(fact(`halves, ${detector}, macro AUC`, auc, '', { name: 'isolation forest', value: baseline.auc }));
    const recall = { name: 'isolation forest', value: baseline.tpr_at_fpr['0.01'] };
    rows.push(fact(`halves, ${detector}, macro TPR at FPR 1 %`, tpr_at_fpr['0.01'], '', recall));
    rows.push(fact(`halves, ${detector}, macro TPR at FPR 0.1 %`, tpr_at_fpr['0.001'], ''));
  }
}

async function packets(rows: Row[]): Promise<void> {
  const all = ROUNDS.flatMap(captures);
  const options = { train: all.filter(isBenign), test: all.filter((file) => !isBenign(file)), without: ['novelty'] };
  const pooled = async (detector: string, mix: boolean) =>
    (await evaluateProtocol('packets', { ...options, detector, mix })) as {
      pooled: Separation;
      packets_per_second: number;
    };
  const kitsune = { name: 'Kitsune-py, as measured', value: 0.999 };
  for (const detector of ['guardian', 'lstm-rnn', 'published-packet', 'kitnet']) {
    for (const mix of [false, true]) {
      const { pooled: result, packets_per_second } = await pooled(detector, mix);
      const name = `packets, ${detector}, ${mix ? 'mixed' : 'separate'}`;
      rows.push(fact(`${name}, AUC`, result.auc, '', mix ? undefined : kitsune));
      rows.push(fact(`${name}, TPR at FPR 1 %`, result.tpr_at_fpr['0.01'], ''));
      rows.push(fact(`${name}, TPR at FPR 0.1 %`, result.tpr_at_fpr['0.001'], ''));
      if (!mix)
        rows.push(
          fact(`${name}, speed`, packets_per_second, 'packets/s', { name: 'Kitsune-py, as measured', value: 2900 }),
        );
    }
  }
}

async function quiet(rows: Row[]): Promise<void> {
  const { by_budget, expected, days } = (await evaluateProtocol('quiet', { files: HOUSE, trainDays: 3 })) as {
    by_budget: Record<string, number>;
    expected: number;
    days: number;
  };
  for (const [budget, count] of Object.entries(by_budget)) {
    const promised = { name: 'promised', value: expected * Number(budget) };
    rows.push(fact(`quiet, alerts in ${days.toFixed(1)} days at ${budget} a week`, count, '', promised));
  }
}

async function episodes(rows: Row[]): Promise<void> {
  interface Files {
    files: { noticed: boolean | null; named: boolean | null; delay_seconds: number | null; false_alerts: number }[];
  }
  const run = async (train: string[], test: string[]) =>
    ((await evaluateProtocol('episodes', { train, test, truth: `${DATA}episodes.csv` })) as Files).files;
  const attacks: Files['files'] = [];
  const benign: Files['files'] = [];
  for (const round of ROUNDS) {
    // The first capture of the second round holds no packet.
    const own = captures(round)
      .filter(isBenign)
      .filter((file) => !file.endsWith('benign_ref01.pcap'));
    attacks.push(
      ...(await run(
        own,
        captures(round).filter((file) => !isBenign(file)),
      )),
    );
    for (const left of own)
      benign.push(
        ...(await run(
          own.filter((file) => file !== left),
          [left],
        )),
      );
  }
  attacks.push(
    ...(await run(
      [],
      [HAKAI, ...COLD].map((file) => DATA + file),
    )),
  );
  const delays = attacks.flatMap(({ delay_seconds }) => delay_seconds ?? []).sort((a, b) => a - b);
  rows.push(fact('episodes noticed', attacks.filter(({ noticed }) => noticed).length, `of ${attacks.length}`));
  rows.push(fact('episodes named', attacks.filter(({ named }) => named).length, `of ${attacks.length}`));
  rows.push(fact('episodes, median delay', delays[Math.ceil(delays.length * 0.5) - 1], 's'));
  rows.push(fact('episodes, 95 % within', delays[Math.ceil(delays.length * 0.95) - 1], 's'));
  rows.push(
    fact(
      'episodes, false alerts during attacks',
      attacks.reduce((sum, { false_alerts }) => sum + false_alerts, 0),
      '',
    ),
  );
  rows.push(
    fact(
      'episodes, alerts in benign captures',
      benign.reduce((sum, { false_alerts }) => sum + false_alerts, 0),
      `in ${benign.length}`,
    ),
  );
}

async function field(rows: Row[]): Promise<void> {
  const run = async (folder: string) =>
    (await evaluateProtocol('field', { files: [DATA + folder] })) as Awaited<ReturnType<typeof evaluateField>>;
  const { summary, classes } = await run('field');
  const { homes } = summary;
  rows.push(fact('field, noticed', summary.noticed, `of ${summary.attacks}`));
  rows.push(fact('field, named', summary.named, `of ${summary.attacks}`));
  for (const [name, { attacks, noticed }] of Object.entries(classes))
    rows.push(fact(`field, ${name} noticed`, noticed, `of ${attacks}`));
  rows.push(
    fact('field, blamed the right one', summary.culprit_right, `of ${summary.culprit_right + summary.culprit_wrong}`),
  );
  rows.push(fact('field, alerts in benign captures', summary.false_alerts, `in ${summary.benign}`));
  rows.push(fact('field, without a verdict', summary.no_verdict, `of ${summary.attacks + summary.benign}`));
  rows.push(fact('field, median delay', summary.median_delay_seconds ?? Number.NaN, 's'));
  rows.push(fact('field, homes with a past, noticed', homes.noticed, `of ${homes.attacks}`));
  rows.push(fact('field, homes with a past, alerts in benign scans', homes.false_alerts, `in ${homes.scans}`));
  const situations = (await run('situations')).summary;
  rows.push(fact('situations, alerts', situations.false_alerts, `in ${situations.benign}`));
  rows.push(fact('situations, alerts after learning', situations.homes.false_alerts, `in ${situations.homes.scans}`));
}

const run: Benchmark = async (_files, note) => {
  if (!existsSync(DATA)) {
    note(`No data at ${DATA}: detection is not measured.`);
    return [];
  }
  const rows: Row[] = [];
  for (const [name, protocol] of Object.entries({ halves, packets, quiet, episodes, field })) {
    note(`measuring ${name} …`);
    await protocol(rows);
  }
  return rows;
};

export default run;
