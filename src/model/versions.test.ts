import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPast, loadPast, type PastDetails, savePast } from './past-model.ts';
import { currentVersion, nextVersion, readTrial, readVersions, recordTrial, switchVersion } from './versions.ts';

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

async function addVersion(state: unknown): Promise<void> {
  const { folder, commit } = nextVersion(directory);
  await savePast(folder, state, details);
  await commit();
}

describe('past on disk', () => {
  it('comes back as it was', async () => {
    const manifest = await savePast(directory, { hello: [1, 2.5, null] }, details);
    expect(isPast(directory)).toBe(true);
    const loaded = await loadPast(directory);
    expect(JSON.parse(loaded.text)).toEqual({ hello: [1, 2.5, null] });
    expect(loaded.manifest).toEqual(manifest);
  });

  it('is refused when it is damaged, of a later version, or not there', async () => {
    expect(isPast(directory)).toBe(false);
    await expect(loadPast(directory)).rejects.toMatchObject({ code: 'model_not_found' });
    const manifest = await savePast(directory, {}, details);
    writeFileSync(path.join(directory, 'past.json.gz'), 'x');
    await expect(loadPast(directory)).rejects.toMatchObject({ code: 'model_damaged' });
    writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ ...manifest, version: 2 }));
    await expect(loadPast(directory)).rejects.toMatchObject({ code: 'model_newer' });
    writeFileSync(path.join(directory, 'manifest.json'), '{}');
    await expect(loadPast(directory)).rejects.toMatchObject({ code: 'model_damaged' });
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
    expect(await recordTrial(directory, { hours: 71, alerts: 0, current: 2 })).toBe(false);
    expect(readTrial(directory, 'v2')).toEqual({ hours: 71, alerts: 0, current: 2 });
    expect(await recordTrial(directory, { hours: 2, alerts: 2, current: 0 })).toBe(true);
    expect(readVersions(directory)).toMatchObject({ current: 'v2', shadow: null });
    expect(await recordTrial(directory, { hours: 2, alerts: 2, current: 0 })).toBe(false);
  });

  it('stays on trial as long as it is noisier', async () => {
    await addVersion(1);
    await addVersion(2);
    expect(await recordTrial(directory, { hours: 100, alerts: 5, current: 1 })).toBe(false);
    expect(await recordTrial(directory, { hours: 100, alerts: 0, current: 4 })).toBe(true);
  });

  it('go back, and refuse one that is not there', async () => {
    for (const state of [1, 2, 3]) await addVersion(state);
    expect(readVersions(directory)).toMatchObject({ current: 'v1', shadow: 'v3' });
    await switchVersion(directory, 'v2');
    await switchVersion(directory, 'v1');
    expect(JSON.parse((await loadPast(currentVersion(directory))).text)).toBe(1);
    await expect(switchVersion(directory, 'v9')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});
