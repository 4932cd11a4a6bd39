import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBaselineModel, loadBaselineModel, type PastDetails, savePast } from './baseline-model.ts';
import {
  currentVersion,
  nextVersion,
  readTrial,
  readVersions,
  recordTrial,
  switchVersion,
  type TrialCapture,
} from './versions.ts';

const details: PastDetails = {
  detector: 'guardian',
  training: {
    ...{ files: ['a.pcap'], packets: 1, connections: 1, hours: 2, devices: 1, seconds: 0.1, seed: 0 },
    networks: [{ name: 'lstm-rnn', sequences: 64, loss: [1, 0.5], seconds: 0.1 }],
  },
  notes: 'guardian train a.pcap',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'guardian-versions-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const HOUR = 3600;
/** A capture of some hours that begins at an hour. */
const capture = (at: number, hours: number, alerts: number, current: number): TrialCapture => ({
  ...{ from: at * HOUR, to: (at + hours) * HOUR, alerts, current },
});

async function addVersion(state: unknown): Promise<void> {
  const { folder, commit } = nextVersion(directory);
  await savePast(folder, state, details);
  await commit();
}

describe('past on disk', () => {
  it('comes back as it was', async () => {
    const manifest = await savePast(directory, { hello: [1, 2.5, null] }, details);
    expect(isBaselineModel(directory)).toBe(true);
    const loaded = await loadBaselineModel(directory);
    expect(JSON.parse(loaded.text)).toEqual({ hello: [1, 2.5, null] });
    expect(loaded.manifest).toEqual(manifest);
  });

  it('is refused when it is damaged, of a later version, or not there', async () => {
    expect(isBaselineModel(directory)).toBe(false);
    await expect(loadBaselineModel(directory)).rejects.toMatchObject({ code: 'model_not_found' });
    const manifest = await savePast(directory, {}, details);
    writeFileSync(path.join(directory, 'past.json.gz'), 'x');
    await expect(loadBaselineModel(directory)).rejects.toMatchObject({ code: 'model_damaged' });
    writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ ...manifest, version: 2 }));
    await expect(loadBaselineModel(directory)).rejects.toMatchObject({ code: 'model_newer' });
    writeFileSync(path.join(directory, 'manifest.json'), '{}');
    await expect(loadBaselineModel(directory)).rejects.toMatchObject({ code: 'model_damaged' });
  });
});

describe('versions', () => {
  it('first is in service at once, the next is on trial', async () => {
    expect(readVersions(directory)).toBeNull();
    expect(currentVersion(directory)).toBe(directory);
    await addVersion(1);
    await addVersion(2);
    expect(readVersions(directory)).toEqual({ names: ['v1', 'v2'], current: 'v1', shadow: 'v2' });
    expect(currentVersion(directory)).toBe(path.join(directory, 'v1'));
  });

  it('takes over after three days without being noisier', async () => {
    await addVersion(1);
    await addVersion(2);
    expect(await recordTrial(directory, capture(0, 71, 0, 2))).toBe(false);
    expect(readTrial(directory, 'v2')).toMatchObject({ hours: 71, alerts: 0, current: 2 });
    expect(await recordTrial(directory, capture(71, 2, 2, 0))).toBe(true);
    expect(readVersions(directory)).toMatchObject({ current: 'v2', shadow: null });
    expect(await recordTrial(directory, capture(73, 2, 2, 0))).toBe(false);
  });

  it('counts an hour once, however often it is scanned', async () => {
    await addVersion(1);
    await addVersion(2);
    for (let scan = 0; scan < 3; scan++) expect(await recordTrial(directory, capture(10, 1, 1, 0))).toBe(false);
    expect(readTrial(directory, 'v2')).toMatchObject({ hours: 1, alerts: 1, current: 0 });
    // Half an hour of the next is known, half of it is new; the one after is all new.
    await recordTrial(directory, { from: 10.5 * HOUR, to: 11.5 * HOUR, alerts: 3, current: 3 });
    await recordTrial(directory, capture(20, 1, 0, 1));
    expect(readTrial(directory, 'v2')).toMatchObject({ hours: 2.5, alerts: 1, current: 1 });
    // Over both and what lies between.
    await recordTrial(directory, capture(10, 11, 2, 2));
    expect(readTrial(directory, 'v2')).toMatchObject({ hours: 11, alerts: 3, spans: [[10 * HOUR, 21 * HOUR]] });
    await recordTrial(directory, {
      from: Number.POSITIVE_INFINITY,
      to: Number.NEGATIVE_INFINITY,
      alerts: 0,
      current: 0,
    });
    expect(readTrial(directory, 'v2').hours).toBe(11);
  });

  it('stays on trial as long as it is noisier', async () => {
    await addVersion(1);
    await addVersion(2);
    expect(await recordTrial(directory, capture(0, 100, 5, 1))).toBe(false);
    expect(await recordTrial(directory, capture(100, 100, 0, 4))).toBe(true);
  });

  it('go back, and refuse one that is not there', async () => {
    for (const state of [1, 2, 3]) await addVersion(state);
    expect(readVersions(directory)).toMatchObject({ current: 'v1', shadow: 'v3' });
    await switchVersion(directory, 'v2');
    await switchVersion(directory, 'v1');
    expect(JSON.parse((await loadBaselineModel(currentVersion(directory))).text)).toBe(1);
    await expect(switchVersion(directory, 'v9')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});
