import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateProtocol } from '../../src/evaluation/evaluate.ts';
import { simulateToFile } from '../../src/simulator/write.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-evaluate-'));
const at = (name: string): string => path.join(folder, name);
const capture = at('home.pcap');
const log = at('flows.csv');
const home = { devices: ['camera', 'plug', 'hub'], seed: 6, bulk: 0.001 };

beforeAll(async () => {
  await simulateToFile(capture, { ...home, hours: 0.2, attacks: [{ kind: 'scan', at: 500 }] });
  await simulateToFile(at('quiet.pcap'), { ...home, hours: 0.1 });
  writeFileSync(log, 'orig_pkts,resp_pkts,orig_bytes,resp_bytes,label\n1,2,3,4,Benign\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const files = ['x'];
const [train, test] = [['x'], ['y']];

describe('what is asked of a protocol', () => {
  it.each([
    ['halves', {}, 'missing_option', 'FILE'],
    ['packets', { test }, 'missing_option', '--train'],
    ['packets', { train }, 'missing_option', '--test'],
    ['quiet', {}, 'missing_option', '--test'],
    ['quiet', { trainDays: 1 }, 'missing_option', 'FILE'],
    ['episodes', {}, 'missing_option', '--test'],
    ['halves', { files, train }, 'bad_option', '--train'],
    ['packets', { train, test, truth: 'z' }, 'bad_option', '--truth'],
    ['quiet', { files, test }, 'bad_option', 'FILE'],
    ['quiet', { files, trainDays: 1, test }, 'bad_option', '--train-days'],
    ['quiet', { test, detector: 'lstm-rnn' }, 'bad_option', '--detector'],
    ['episodes', { test, detector: 'kitnet' }, 'bad_option', '--detector'],
    ['packets', { train, test, detector: 'kitnet', without: ['behaviours'] }, 'bad_option', '--without'],
    ['packets', { train, test, detector: 'kitnet', without: ['sense'] }, 'bad_option', '--without'],
  ])('%s %j: %s %s', async (protocol, options, code, option) => {
    await expect(evaluateProtocol(protocol, options)).rejects.toMatchObject({ code, parameters: { option } });
  });

  it('is the right kind of file', async () => {
    const wrong = { code: 'unsupported_type' };
    await expect(evaluateProtocol('halves', { files: [capture] })).rejects.toMatchObject(wrong);
    await expect(evaluateProtocol('packets', { train: [log], test: [capture] })).rejects.toMatchObject(wrong);
  });

  it('is enough to learn from', async () => {
    const one = evaluateProtocol('packets', { train: [at('quiet.pcap')], test: [capture], mix: true });
    await expect(one).rejects.toMatchObject({ code: 'bad_option', parameters: { option: '--train' } });
    const alone = await evaluateProtocol('packets', { train: [at('quiet.pcap')], test: [capture] });
    expect((alone as { pooled: { auc: number } }).pooled.auc).toBeGreaterThan(0.5);
    const few = { code: 'no_network_taught' };
    const rows = Array.from({ length: 8 }, (_, i) => `1,2,3,4,${i % 2 ? 'malicious' : 'benign'}`);
    writeFileSync(log, `orig_pkts,resp_pkts,orig_bytes,resp_bytes,label\n${rows.join('\n')}\n`);
    await expect(evaluateProtocol('halves', { files: [log], detector: 'published-flow' })).rejects.toMatchObject(few);
    await simulateToFile(at('short.pcap'), { devices: ['plug'], seed: 6, hours: 0.01 });
    const short = { train: [at('short.pcap')], negatives: [at('short.pcap')], test: [capture], detector: 'lstm-rnn' };
    await expect(evaluateProtocol('packets', short)).rejects.toMatchObject(few);
  });

  it('leaves something to watch', async () => {
    const asked = evaluateProtocol('quiet', { files: [capture], trainDays: 30 });
    await expect(asked).rejects.toMatchObject({ code: 'bad_option', hint: expect.stringContaining('hold 0.0 days') });
  });
});

describe('what a protocol says', () => {
  it('of a capture without labels: that all of it counts', async () => {
    renameSync(at('quiet.packet_labels.csv'), at('elsewhere.csv'));
    const notes: string[] = [];
    const options = { train: [capture], negatives: [capture], test: [at('quiet.pcap')], detector: 'kitnet' };
    const result = await evaluateProtocol('packets', { ...options, onNote: (text) => notes.push(text) });
    expect(notes).toEqual([expect.stringContaining('No labels beside quiet.pcap')]);
    expect(result).toMatchObject({ detector: 'kitnet', files: [{ labelled: false }] });
  });

  it('of quiet: the devices that are there, and not the files', async () => {
    const result = await evaluateProtocol('quiet', { train: [at('quiet.pcap')], test: [capture] });
    expect(result).toMatchObject({ detector: 'guardian', devices: expect.any(Number) });
    expect((result as { devices: number }).devices).toBeGreaterThanOrEqual(3);
  });

  it('of episodes: what learning took, also where a capture teaches itself', async () => {
    const truth = at('home.episodes.csv');
    const result = await evaluateProtocol('episodes', { test: [capture], truth });
    const { train_seconds, model_bytes } = result as { train_seconds: number; model_bytes: number };
    expect(result).toMatchObject({ detector: 'guardian', summary: { noticed: 1 } });
    expect(train_seconds).toBeGreaterThan(0);
    expect(model_bytes).toBeGreaterThan(5000);
  });
});
