import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderCard } from '../model/card.ts';
import { pastDetectors, savePast } from '../model/past-model.ts';
import { nextVersion, readTrial, readVersions } from '../model/versions.ts';
import { simulateToFile } from '../simulator/write.ts';
import { loadFlowModel } from './flow-model.ts';
import { cardOfPast } from './model-card.ts';
import { scanFile } from './scan.ts';
import { trainPast } from './train-past.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-past-'));
const ordinary = path.join(folder, 'ordinary.pcap');
const attacked = path.join(folder, 'attacked.pcap');

beforeAll(async () => {
  const home = { devices: ['camera', 'plug', 'hub'], seed: 6, bulk: 0.001 };
  await simulateToFile(ordinary, { ...home, hours: 2 });
  await simulateToFile(attacked, { ...home, hours: 0.5, attacks: [{ kind: 'scan', at: 900 }] });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('training of a past', () => {
  it.each(pastDetectors)('%s learns devices, gives its curves, and says so on its card', async (detector) => {
    const result = await trainPast([ordinary], { detector, seed: 1, epochs: 3 });
    expect(result.devices.length).toBeGreaterThanOrEqual(3);
    const { training } = result.details;
    expect(training.hours).toBeCloseTo(2, 1);
    const networks = new Set(training.networks.map(({ name }) => name));
    const alone = detector === 'guardian' ? ['lstm-autoencoder', 'lstm-rnn'] : [detector];
    for (const name of networks) expect(alone).toContain(name);
    expect(result.strategies.map(({ threshold }) => threshold).every((value) => value > 0)).toBe(true);
    const card = renderCard(cardOfPast(result, 'guardian train <x>'));
    expect(card).toContain('guardian train &lt;x&gt;');
    expect(card).toContain('<svg');
    expect(card).not.toMatch(/<script|https?:/);
  });

  it('makes a scan watch, and a second one is on trial without being told', async () => {
    const models = path.join(folder, 'models');
    const { state, details } = await trainPast([ordinary], { detector: 'guardian', seed: 1, epochs: 1 });
    for (let i = 0; i < 2; i++) {
      const { folder: own, commit } = nextVersion(models);
      await savePast(own, state, { ...details, notes: '' });
      await commit();
    }
    const model = await loadFlowModel({ model: models, preset: 'guardian', threshold: '' });
    expect(model.trial?.directory).toBe(models);
    const { alerts } = await scanFile(attacked, { model });
    expect(alerts.map(({ kind }) => kind)).toContain('scan');
    expect(alerts.filter(({ kind }) => kind === 'new-device')).toEqual([]);
    expect(readTrial(models, 'v2')).toMatchObject({ hours: expect.closeTo(0.5, 1), current: alerts.length });
    expect(readVersions(models)).toMatchObject({ current: 'v1', shadow: 'v2' });
    expect(readFileSync(path.join(models, 'current'), 'utf8')).toBe('v1\n');
  }, 60_000);
});
