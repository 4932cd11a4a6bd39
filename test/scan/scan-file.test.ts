/** The whole path on small files that the tests write: CSV in file order, Zeek logs by device, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanSchema, uploadResultSchema } from '../../src/api/contract.ts';
import { type FlowModel, loadFlowModel } from '../../src/model/flow-model.ts';
import { loadModel } from '../../src/model/load-model.ts';
import { saveModel } from '../../src/model/save-model.ts';
import { scanFile } from '../../src/scan/scan-file.ts';
import { createScanner, type ScanPool } from '../../src/scan/scan-pool.ts';
import { trainFlowModel } from '../../src/training/train-flow.ts';
import { homeFrames } from '../capture/home-frames.ts';
import { writeCapture } from '../capture/write-capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-scan-'));
const file = (name: string, text: string | Uint8Array): string => {
  const target = path.join(folder, name);
  writeFileSync(target, text);
  return target;
};

const header = 'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,label';
const quiet = (i: number) =>
  `${1000 + i},${10 + (i % 3)},${8 + (i % 2)},${1200 + (i % 5) * 20},${850 + (i % 4) * 10},benign`;
const csv = (rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
const benign = (count: number): string[] => Array.from({ length: count }, (_, i) => quiet(i));
const attack = (i: number) => `${1000 + i},900,1,900000,10,malicious`;

const modelFolder = path.join(folder, 'model');
let model: FlowModel;
beforeAll(async () => {
  const training = file('training.csv', csv([...benign(160), ...[1, 2, 3].map(attack)]));
  const result = await trainFlowModel([training], {
    epochs: 2,
    timesteps: 10,
    seed: 1,
    activation: 'relu',
    strategy: { kind: 'mean-std', k: 3 },
    learningRate: 0.001,
  });
  expect(result).toMatchObject({ flows: 160, windows: 150 });
  expect(result.strategies.map(({ strategy }) => strategy)).toEqual([
    'mean + 3*std',
    'mean + 1*std',
    'mean + 2*std',
    '95th percentile',
    '99th percentile',
  ]);
  expect(result.strategies[0].metrics).toMatchObject({ false_negatives: expect.any(Number) });
  await saveModel(modelFolder, result.model, result.details);
  model = await loadFlowModel({ model: modelFolder, threshold: '', preset: 'guardian' });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('scanFile', () => {
  it('judges a CSV in file order with the published JSON, and finds what stands out', async () => {
    const rows = [...benign(60), ...Array.from({ length: 4 }, (_, i) => attack(60 + i)), ...benign(60)];
    const outcome = await scanFile(file('traffic.csv', csv(rows)), { model, name: 'traffic.csv' });
    expect(() => uploadResultSchema.parse({ scan_id: 1, ...outcome })).not.toThrow();
    expect(() => scanSchema.parse({ id: 1, timestamp: '', ...outcome })).not.toThrow();
    expect(outcome).toMatchObject({ total_samples: 114, records: 124, format: 'csv', truncated: false, devices: [] });
    expect(outcome.anomalies_count).toBe(outcome.details.length);
    expect(outcome.percentage).toBe(Number(((100 * outcome.anomalies_count) / 114).toFixed(2)));
    const worst = outcome.details.toSorted((a, b) => b.error - a.error)[0];
    expect(worst.error).toBeGreaterThan(outcome.threshold);
    expect(worst.rows).toBe(`${worst.sequence_id}-${worst.sequence_id + 10}`);
    expect(worst.sequence_id).toBeGreaterThan(50);
    expect(worst.sequence_id).toBeLessThan(64);
    expect(outcome.errors).toHaveLength(114);
    expect(outcome.metrics).toMatchObject({ true_positives: expect.any(Number), accuracy: expect.any(Number) });
    expect(outcome.alerts[0].sentence).toMatch(
      /^traffic\.csv: \d+ connections that follow no usual order: .* usual\.$/,
    );
  });

  it('gives the same verdicts twice', async () => {
    const input = file('twice.csv', csv([...benign(50), attack(50)]));
    const [first, second] = [await scanFile(input, { model }), await scanFile(input, { model })];
    expect({ ...first, seconds: 0 }).toEqual({ ...second, seconds: 0 });
  });

  it('keeps devices apart where the log names them', async () => {
    const line = (i: number, host: string) =>
      JSON.stringify({
        ts: 1000 + i,
        uid: `C${i}`,
        'id.orig_h': host,
        'id.orig_p': 40_000,
        'id.resp_h': '203.0.113.5',
        'id.resp_p': 443,
        proto: 'tcp',
        orig_pkts: 10 + (i % 3),
        resp_pkts: 8,
        orig_bytes: 1000,
        resp_bytes: 900,
      });
    const lines = Array.from({ length: 60 }, (_, i) => line(i, i % 3 ? '192.168.1.5' : '192.168.1.6'));
    const outcome = await scanFile(file('conn.log', `${lines.join('\n')}\n`), { model });
    expect(outcome.devices).toEqual([
      expect.objectContaining({ address: '192.168.1.6', flows: 20, windows: 10 }),
      expect.objectContaining({ address: '192.168.1.5', flows: 40, windows: 30 }),
    ]);
    expect(outcome.total_samples).toBe(40);
    expect(outcome.metrics).toBeNull();
  });

  it('counts bad rows, keeps good ones, and says how many are needed', async () => {
    const rows = [...benign(5), '1,NaN,1,1,1,benign', '1,-4,1,1,1,benign', ...benign(20)];
    const { skipped, total_samples } = await scanFile(file('bad.csv', csv(rows)), { model });
    expect(skipped).toMatchObject({ rows: 2, lines: [7, 8] });
    expect(total_samples).toBe(15);
    await expect(scanFile(file('short.csv', csv(benign(10))), { model })).rejects.toMatchObject({
      code: 'too_few_rows',
      status: 422,
      message: `"${path.join(folder, 'short.csv')}" has 10 usable flows, and at least 11 are needed.`,
    });
  });
});

describe('bad and large input', () => {
  it('says why nothing is left of a file', async () => {
    const only = async (text: string) => scanFile(file('why.csv', text), { model }).catch((error) => error.message);
    expect(await only(`${header}\n`)).toContain('It holds a header and nothing behind it.');
    const query = '{"timestamp":"2026-11-22T08:00:00Z","event_type":"dns","dns":{"rrname":"a.example"}}\n';
    expect(await only(query + query)).toContain('It holds 2 events of other kinds, and none of a flow.');
    const pcap = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
    const cut = await scanFile(file('cut.pcap', pcap.subarray(0, 17)), { model }).catch((error) => error.message);
    expect(cut).toMatch(/needed\. It ends at byte 17, before its first record is complete\.$/);
    expect(await scanFile(file('cut.pcap', pcap), { model }).catch((error) => error.message)).toContain('a header and');
    const rows = Array.from({ length: 20 }, () => '1,NaN,1,1,1,benign');
    expect(await only(csv(rows))).toMatch(/20 of 20 records were left out \(not a number; first in line 2\)/);
  });

  it('has a verdict of a capture of any length, and says what it is too short for', async () => {
    for (const count of [1, 40]) {
      const short = file('short.pcap', writeCapture(homeFrames(count)).bytes);
      const outcome = await scanFile(short, { model });
      expect(outcome).toMatchObject({ alerts: [], records: count, total_samples: 0, percentage: 0 });
      expect(outcome.unjudged).toEqual([expect.stringMatching(/^habits: that takes 11 connections of one device/)]);
      // The published detector judges windows and nothing else.
      const alone = scanFile(short, { model: { ...model, preset: 'published' } });
      await expect(alone).rejects.toMatchObject({ code: 'too_few_rows' });
    }
  });

  it('takes a log of more devices than a call has arguments', async () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => {
      const host = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      return `{"ts":${i},"uid":"C${i}","id.orig_h":"${host}","id.orig_p":1,"id.resp_h":"203.0.113.1","id.resp_p":2,"proto":"udp","orig_pkts":1,"resp_pkts":0,"orig_bytes":1,"resp_bytes":0}`;
    });
    const outcome = await scanFile(file('many.log', `${rows.join('\n')}\n`), { model });
    expect(outcome).toMatchObject({ records: 150_000, total_samples: 0 });
  });

  it('makes one alert of a hundred thousand anomalous windows', async () => {
    const strict = { ...model, threshold: 1e-9 };
    const { alerts, anomalies_count } = await scanFile(file('long.csv', csv(benign(100_000))), { model: strict });
    expect(anomalies_count).toBe(99_990);
    expect(alerts).toEqual([expect.objectContaining({ flows: 99_999, uids: expect.any(Array) })]);
  });
});

describe('the threshold', () => {
  it('is mean + 3*std in the published preset, whatever the model was trained with', async () => {
    const other = path.join(folder, 'p95');
    const { model: network, manifest } = await loadModel(modelFolder);
    const p95 = manifest.alternatives.find(({ strategy }) => strategy.kind === 'percentile')!;
    const { detector, features, threshold } = manifest;
    await saveModel(other, network, { detector, features, threshold: p95, alternatives: [threshold] });
    const of = async (preset: 'guardian' | 'published') =>
      (await loadFlowModel({ model: other, threshold: '', preset })).threshold;
    expect([await of('guardian'), await of('published')]).toEqual([p95.value, threshold.value]);
  });

  it('may be another measured strategy or a number, and nothing else', async () => {
    const load = (threshold: string) => loadFlowModel({ model: modelFolder, threshold, preset: 'guardian' });
    expect((await load('mean+1std')).threshold).toBeLessThan((await load('')).threshold);
    expect((await load('0.25')).threshold).toBe(0.25);
    await expect(load('p42')).rejects.toMatchObject({ code: 'bad_option', hint: /mean \+ 3\*std.*95th percentile/ });
  });
});

describe('createScanner', () => {
  let scanner: ScanPool;
  beforeAll(async () => {
    scanner = await createScanner({ model: modelFolder, threshold: '', preset: 'guardian', workers: 2 });
  });
  afterAll(() => scanner.close());

  it('scans in workers, more files than workers, each with its own result or error', async () => {
    const inputs = [30, 5, 40, 50].map((count, i) => file(`many-${i}.csv`, csv(benign(count))));
    const results = await Promise.allSettled(inputs.map((input) => scanner.scan(input, { name: 'x.csv' })));
    const shown = results.map((one) => (one.status === 'fulfilled' ? one.value.total_samples : one.reason.code));
    expect(shown).toEqual([20, 'too_few_rows', 30, 40]);
    expect(scanner.model()).toEqual({ loaded: true, threshold: model.threshold });
  });

  it('stops a scan that nobody waits for, and goes on with the next', async () => {
    const input = file('long.csv', csv(benign(60_000)));
    const abort = new AbortController();
    const progress: number[] = [];
    const running = scanner.scan(input, {
      name: 'long.csv',
      signal: abort.signal,
      onProgress: (fraction) => {
        progress.push(fraction);
        abort.abort(new Error('gone'));
      },
    });
    await expect(running).rejects.toThrow('gone');
    expect(progress[0]).toBeGreaterThan(0);
    await expect(scanner.scan(file('next.csv', csv(benign(30))), { name: 'n' })).resolves.toMatchObject({
      total_samples: 20,
    });
  });

  it('does not unpack a log to more than a plain one may have', async () => {
    const bounded = await createScanner({
      ...{ model: modelFolder, threshold: '', preset: 'guardian', workers: 1 },
      limits: { bytes: 1e9, textBytes: 100_000, ratio: 1000 },
    });
    const packed = path.join(folder, 'packed.csv.gz');
    writeFileSync(packed, gzipSync(csv(benign(10_000))));
    await expect(bounded.scan(packed, { name: 'packed.csv.gz' })).rejects.toMatchObject({ code: 'expands_too_much' });
    await bounded.close();
  });

  it('refuses to start without a model', async () => {
    const starting = createScanner({ model: path.join(folder, 'none'), threshold: '', preset: 'guardian', workers: 1 });
    await expect(starting).rejects.toMatchObject({ code: 'model_not_found' });
  });
});
