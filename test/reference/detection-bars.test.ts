/**
 * The bars of detection quality on the data beside the project; skipped, visibly, where it is not there. Those of single
 * packets are in test/nightly/packet-bars.test.ts.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evaluateProtocol } from '../../src/evaluation/evaluate.ts';
import type { evaluateField } from '../../src/evaluation/field.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const DATA = sharedFolder('data');

const captures = (round: string): string[] =>
  readdirSync(`${DATA}mqtt-testbed/${round}`)
    .filter((file) => file.endsWith('.pcap') && file !== 'benign_ref01.pcap')
    .map((file) => `${DATA}mqtt-testbed/${round}/${file}`);
const isBenign = (file: string): boolean => file.includes('/benign');

interface Separation {
  auc: number;
  tpr_at_fpr: Record<string, number>;
}

type Field = Awaited<ReturnType<typeof evaluateField>>;
const field = async (folder: string): Promise<Field> =>
  (await evaluateProtocol('field', { files: [DATA + folder] })) as Field;

describeWith(missingShared('data'), 'detection bars', () => {
  it('halves: macro AUC, recall at 1 % false alarms, no weak file', async () => {
    const files = [
      'iot23/8-1-hakai',
      'iot23/20-1-torii',
      'iot23/34-1-mirai',
      'stratosphere-zeek/008-zeek-mixed/data',
      'stratosphere-zeek/010-zeek-mixed/data',
    ];
    const result = (await evaluateProtocol('halves', {
      files: files.map((folder) => `${DATA}${folder}/conn.log.labeled`),
    })) as {
      files: Separation[];
      macro: Separation;
    };
    expect(result.macro.auc).toBeGreaterThanOrEqual(0.992);
    expect(result.macro.tpr_at_fpr['0.01']).toBeGreaterThanOrEqual(0.92);
    for (const { auc } of result.files) expect(auc).toBeGreaterThanOrEqual(0.97);
  });

  it('quiet: a week of a real house, three days learned', async () => {
    const names = ['blink-cam-01', 'blink-cam-02', 'lockly-hub-01', 'schlage-lock-01'];
    const result = (await evaluateProtocol('quiet', {
      files: names.map((name) => `${DATA}benign-home-week/${name}.pcap`),
      trainDays: 3,
    })) as { alerts: unknown[]; by_budget: Record<string, number>; promised: Record<string, [number, number]> };
    expect(result.alerts.length).toBeLessThanOrEqual(1);
    for (const budget of ['10', '100']) {
      const [low, high] = result.promised[budget];
      expect(result.by_budget[budget]).toBeGreaterThanOrEqual(low);
      expect(result.by_budget[budget]).toBeLessThanOrEqual(high);
    }
  });

  it('episodes: every attack noticed, nine in ten named, in time, and nobody blamed wrongly', {
    timeout: 120_000,
  }, async () => {
    interface Result {
      files: { noticed: boolean | null; named: boolean | null; delay_seconds: number | null; false_alerts: number }[];
    }
    const files: Result['files'] = [];
    const run = async (train: string[], test: string[]): Promise<void> => {
      const result = await evaluateProtocol('episodes', { train, test, truth: `${DATA}episodes.csv` });
      files.push(...(result as Result).files);
    };
    for (const round of ['round-final', 'round-reforco_v7']) {
      const benign = captures(round).filter(isBenign);
      await run(
        benign,
        captures(round).filter((file) => !isBenign(file)),
      );
      for (const left of benign)
        await run(
          benign.filter((file) => file !== left),
          [left],
        );
    }
    const cold = [
      'slips/test12-icmp-portscan.pcap',
      'slips/test-cc/test-cc-capture-1.pcap',
      'slips/test7-malicious.pcap',
    ];
    await run(
      [],
      ['iot23/8-1-hakai/2018-07-31-15-15-09-192.168.100.113.pcap', ...cold].map((file) => DATA + file),
    );
    const attacks = files.filter(({ noticed }) => noticed !== null);
    expect(attacks).toHaveLength(48);
    expect(attacks.every(({ noticed }) => noticed)).toBe(true);
    expect(attacks.filter(({ named }) => named).length).toBeGreaterThanOrEqual(0.9 * attacks.length);
    const delays = attacks.map(({ delay_seconds }) => delay_seconds!).sort((a, b) => a - b);
    expect(delays[23]).toBeLessThanOrEqual(10);
    expect(delays[Math.ceil(0.95 * delays.length) - 1]).toBeLessThanOrEqual(60);
    expect(files.map(({ false_alerts }) => false_alerts)).toEqual(files.map(() => 0));
  });

  it('field: attacks noticed and named, ordinary captures quiet, cold and with a past', {
    timeout: 600_000,
  }, async () => {
    const { summary } = await field('field');
    expect(summary.attacks).toBe(46);
    expect(summary.noticed).toBeGreaterThanOrEqual(38);
    expect(summary.named).toBeGreaterThanOrEqual(34);
    expect(summary.false_alerts).toBeLessThanOrEqual(1);
    expect(summary.no_verdict).toBe(0);
    expect(summary.homes).toMatchObject({ scans: 12, attacks: 5, noticed: 5, false_alerts: 0 });
  });

  it('situations: ordinary life stays quiet, cold and after learning it', async () => {
    const { summary } = await field('situations');
    expect(summary.benign).toBe(18);
    expect(summary.no_verdict).toBe(0);
    expect(summary.false_alerts).toBe(0);
    expect(summary.homes.false_alerts).toBe(0);
  });
});
