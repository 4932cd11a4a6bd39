import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alert/alert.ts';
import { evaluateProtocol } from '../../src/evaluation/evaluate.ts';
import { evaluateField, judgeField } from '../../src/evaluation/field.ts';
import { fieldLines } from '../../src/evaluation/field-report.ts';
import { type FieldTruth, readFieldTruth, readHomes } from '../../src/evaluation/field-truth.ts';
import { simulateToFile } from '../../src/simulator/write.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-field-'));
afterAll(() => rmSync(folder, { recursive: true }));

const table = (name: string, ...rows: string[][]): void =>
  writeFileSync(path.join(folder, name), `${rows.map((row) => row.join('\t')).join('\n')}\n`);
const HEADER = ['file', 'truth', 'what', 'hosts', 'onset_ts', 'kinds', 'source'];

const scan: FieldTruth = {
  ...{ file: 'a.pcap', isAttack: true, class: 'scan', hosts: ['10.0.0.9', '10.0.0.1'], culprit: '10.0.0.9' },
  ...{ onset: 1000, kinds: new Set(['scan']) },
};
const alert = (given: Partial<Alert>): Alert => ({
  ...{ kind: 'scan', severity: 'High', confidence: 0.9, device: 'pc', address: '02:00:00:00:00:09', ts: 1001 },
  ...{ end_ts: 1001, raised_ts: 1003, hosts: ['10.0.0.9'], sentence: 'It tried.', meaning: '', advice: [] },
  ...{ detector: 'scan', evidence: {}, uids: [], flows: 0 },
  ...given,
});

describe('what alerts are worth in the field', () => {
  it('is noticed and named by the first acceptable kind, and late by what passed since the onset', () => {
    const result = judgeField(scan, [alert({ kind: 'flood', raised_ts: 1002 }), alert({})]);
    expect(result).toMatchObject({ noticed: true, named: true, kind: 'scan', delay_seconds: 2, culprit_right: true });
  });

  it.each([
    ['before the onset', { raised_ts: 990 }],
    ['of others', { hosts: ['10.0.0.7'] }],
    ['of a device that is merely new', { kind: 'new-device' as const }],
  ])('is missed with nothing but an alert %s', (_, given) => {
    const result = judgeField(scan, [alert(given)]);
    expect(result).toMatchObject({ noticed: false, named: false, delay_seconds: null });
    expect(fieldLines(result)[0]).toMatch(/^missed a\.pcap: scan/);
  });

  it('knows when the victim is blamed, and when nobody is', () => {
    expect(judgeField(scan, [alert({ hosts: ['10.0.0.1', '10.0.0.9'] })]).culprit_right).toBe(false);
    const spoofing: FieldTruth = { ...scan, kinds: new Set(['spoofing']), culprit: '02:00:00:00:00:66' };
    const claim = (mac: string) => alert({ kind: 'spoofing', evidence: { what: 'arp', mac } });
    expect(judgeField(spoofing, [claim('02:00:00:00:00:66')]).culprit_right).toBe(true);
    expect(judgeField(spoofing, [claim('02:00:00:00:00:01')]).culprit_right).toBe(false);
    const crowd = alert({ kind: 'flood', evidence: { callers: 300 } });
    expect(judgeField({ ...scan, kinds: new Set() }, [crowd]).culprit_right).toBeNull();
  });

  it('counts every alert of a benign file, but for new devices and destinations', () => {
    const benign: FieldTruth = { ...scan, isAttack: false };
    const result = judgeField(benign, [alert({}), alert({ kind: 'new-destination' })]);
    expect(result).toMatchObject({ noticed: null, false_alerts: [{ kind: 'scan' }] });
    expect(fieldLines(result)).toEqual(['false a.pcap: High scan: It tried.']);
  });
});

describe('a folder of captures', () => {
  beforeAll(async () => {
    const home = { devices: ['camera', 'plug'], seed: 6, bulk: 0.001 };
    await simulateToFile(path.join(folder, 'scan.pcap'), { ...home, hours: 0.2, attacks: [{ kind: 'scan', at: 500 }] });
    await simulateToFile(path.join(folder, 'quiet.pcap'), { ...home, devices: ['laptop'], hours: 0.2 });
    writeFileSync(path.join(folder, 'broken.pcap'), 'no capture');
    table(
      'truth.tsv',
      HEADER,
      ['scan.pcap', 'attack', 'port scan; of everybody', 'any', '', 'scan', ''],
      ['quiet.pcap', 'benign', 'a home', '', '', '', ''],
      ['broken.pcap', 'benign', 'nothing', '', '', '', ''],
    );
    table('homes.tsv', ['home', 'role', 'file'], ['h', 'train', 'quiet.pcap'], ['h', 'benign', 'quiet.pcap']);
  });

  it('is scanned cold and with a past', async () => {
    const result = await evaluateField(folder, { without: new Set(), seed: 1 });
    expect(result).toMatchObject({
      classes: { scan: { attacks: 1, noticed: 1, named: 1 } },
      summary: { attacks: 1, noticed: 1, benign: 2, false_alerts: 0, no_verdict: 1, homes: { scans: 1 } },
    });
    expect(result.files.map(({ file, home }) => [file, home])).toEqual([
      ['scan.pcap', undefined],
      ['quiet.pcap', undefined],
      ['broken.pcap', undefined],
      ['quiet.pcap', 'h'],
    ]);
    const blind = await evaluateField(folder, { without: new Set(['behaviours']), seed: 1 });
    expect(blind.summary).toMatchObject({ noticed: 0 });
  });

  it('is one folder', async () => {
    const two = evaluateProtocol('field', { files: [folder, folder] });
    await expect(two).rejects.toMatchObject({ code: 'bad_option', parameters: { option: 'FILE' } });
    await expect(evaluateProtocol('field', {})).rejects.toMatchObject({ code: 'missing_option' });
  });

  it('is benign throughout where no table says otherwise, and a home of its own each', async () => {
    const plain = mkdtempSync(path.join(folder, 'plain-'));
    for (const name of ['a.pcap.gz', 'notes.md']) writeFileSync(path.join(plain, name), '');
    expect(await readFieldTruth(plain)).toMatchObject([{ file: 'a.pcap.gz', isAttack: false }]);
    expect(await readHomes(plain)).toMatchObject([{ train: ['a.pcap.gz'], watched: [{ isAttack: false }] }]);
    const nowhere = evaluateField(path.join(folder, 'nowhere'), { without: new Set(), seed: 1 });
    await expect(nowhere).rejects.toMatchObject({ code: 'file_not_found' });
  });

  it('needs tables that can be read', async () => {
    const other = mkdtempSync(path.join(folder, 'other-'));
    writeFileSync(path.join(other, 'truth.tsv'), 'file\ttruth\n');
    await expect(readFieldTruth(other)).rejects.toMatchObject({ code: 'labels_unfit' });
    writeFileSync(path.join(other, 'truth.tsv'), `${HEADER.join('\t')}\na\tperhaps\t\t\t\t\t\n`);
    await expect(readFieldTruth(other)).rejects.toMatchObject({ code: 'labels_unfit' });
  });
});
