/** The bars of what the networks make of single packets, on the data beside the project; skipped where it is not there. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evaluateProtocol } from '../../src/evaluation/evaluate.ts';
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

describeWith(missingShared('data'), 'bars of packets', () => {
  it.each([false, true])('packets without novelty, mixed: %s', async (mix) => {
    const all = ['round-final', 'round-reforco_v7'].flatMap(captures);
    const result = (await evaluateProtocol('packets', {
      train: all.filter(isBenign),
      test: all.filter((file) => !isBenign(file)),
      without: ['novelty'],
      mix,
    })) as { pooled: Separation; kinds: Record<string, Separation> };
    expect(result.pooled.auc).toBeGreaterThanOrEqual(mix ? 0.99 : 0.998);
    expect(result.pooled.tpr_at_fpr['0.01']).toBeGreaterThanOrEqual(0.9);
    for (const { auc } of Object.values(result.kinds)) expect(auc).toBeGreaterThanOrEqual(0.98);
  });
});
