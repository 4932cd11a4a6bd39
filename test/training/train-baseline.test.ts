import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInventory } from '../../src/device/inventory.ts';
import { lookupVendor } from '../../src/device/vendor.ts';
import { pastDetectors, savePast } from '../../src/model/baseline-model.ts';
import { renderCard } from '../../src/model/card.ts';
import { loadFlowModel, shippedModel } from '../../src/model/flow-model.ts';
import { nextVersion, readTrial, readVersions } from '../../src/model/versions.ts';
import { Monitor } from '../../src/monitor/worker/monitor.ts';
import { loadLivePast } from '../../src/monitor/worker/trained-baseline.ts';
import { readDevices } from '../../src/scan/read-devices.ts';
import { scanFile } from '../../src/scan/scan-file.ts';
import { simulateToFile } from '../../src/simulator/write.ts';
import { cardOfPast } from '../../src/training/model-card.ts';
import { trainBaseline } from '../../src/training/train-baseline.ts';
import { HandSource } from '../capture/hand-source.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'guardian-past-'));
const ordinary = path.join(folder, 'ordinary.pcap');
const attacked = path.join(folder, 'attacked.pcap');

beforeAll(async () => {
  const home = { devices: ['camera', 'plug', 'hub'], seed: 6, bulk: 0.001 };
  await simulateToFile(ordinary, { ...home, hours: 2 });
  await simulateToFile(attacked, { ...home, hours: 0.5, attacks: [{ kind: 'scan', at: 900 }] });
});
afterAll(() => rmSync(folder, { recursive: true }));

const only = { detector: 'guardian', seed: 1, epochs: 1 } as const;

async function countDevices(file: string): Promise<number> {
  const inventory = createInventory({ lookupVendor });
  await readDevices(file, inventory);
  return inventory.size;
}

describe('training of a past', () => {
  it.each(pastDetectors)('%s learns devices, gives its curves, and says so on its card', async (detector) => {
    const result = await trainBaseline([ordinary], { detector, seed: 1, epochs: 3 });
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
    const { state, details } = await trainBaseline([ordinary], { detector: 'guardian', seed: 1, epochs: 1 });
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

  it('lets a live monitor begin with what was learned, where it has no state of its own', async () => {
    const models = path.join(folder, 'live');
    const { state, details } = await trainBaseline([ordinary], only);
    const { folder: own, commit } = nextVersion(models);
    await savePast(own, state, { ...details, notes: '' });
    await commit();
    const loadBaselineModel = () => loadLivePast(models);
    const stateFile = path.join(folder, 'state.json');
    const begin = async (learnHours: number): Promise<Monitor> => {
      const source = new HandSource();
      const monitor = new Monitor({
        source,
        loadBaselineModel,
        stateFile,
        learnSeconds: 3600 * learnHours,
        onEvent() {},
        onTrouble() {},
      });
      await monitor.restore();
      return monitor;
    };
    const known = details.training.devices;
    const [watching, learning] = [await begin(1), await begin(10)];
    expect(watching.watch.engine).toMatchObject({ learning: false });
    expect(watching.watch.engine.devices().length).toBeGreaterThanOrEqual(known);
    expect(learning.watch.engine).toMatchObject({ learning: true });
    expect(learning.learned / 3600).toBeCloseTo(2, 1);
    // What it knows by itself goes before.
    watching.watch.engine.forget(watching.watch.engine.devices()[0].address);
    const left = watching.watch.engine.devices().length;
    await watching.save();
    expect((await begin(1)).watch.engine.devices()).toHaveLength(left);
  });

  it('is nothing to a live monitor where one network was trained', async () => {
    expect(await loadLivePast('')).toBeNull();
    expect(await loadLivePast(shippedModel)).toBeNull();
  });

  it('counts a device once, whatever addresses it has', async () => {
    const { devices, isLocal } = await trainBaseline([ordinary], only);
    expect(isLocal).toBe(true);
    expect(devices.length).toBeLessThanOrEqual(await countDevices(ordinary));
    expect(devices.map(({ address }) => address).filter((address) => /^(ff|::$|0\.0\.0\.0$)/.test(address))).toEqual(
      [],
    );
  });

  it('takes whoever began connections for a device where no address is local, and counts benign records', async () => {
    const fields =
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto conn_state orig_pkts resp_pkts orig_bytes resp_bytes label';
    const write = (name: string, labels: string[]): string => {
      const rows = labels.map((label, i) =>
        [100 + i, `C${i}`, '147.32.81.167', 40_000 + i, '198.51.100.9', 443, 'tcp', 'SF', 5, 5, 400, 900, label].join(
          '\t',
        ),
      );
      const head = ['#separator \\x09', '#path\tconn', `#fields\t${fields.replaceAll(' ', '\t')}`];
      const file = path.join(folder, name);
      writeFileSync(file, `${[...head, ...rows].join('\n')}\n`);
      return file;
    };
    const result = await trainBaseline([write('public.log', ['Benign', 'Malicious', 'Benign'])], only);
    expect(result).toMatchObject({ isLocal: false, devices: [{ address: '147.32.81.167', points: 2 }] });
    const none = trainBaseline([write('bad.log', ['Malicious', 'Malicious'])], only);
    await expect(none).rejects.toMatchObject({ code: 'no_benign_rows', parameters: { rows: 0 } });
  });

  it.each(['lstm-autoencoder', 'lstm-rnn'] as const)('refuses what is too little for %s', async (detector) => {
    const short = path.join(folder, 'short.pcap');
    await simulateToFile(short, { devices: ['plug'], seed: 6, hours: 0.02 });
    const training = trainBaseline([short], { ...only, detector });
    await expect(training).rejects.toMatchObject({ code: 'no_network_taught', parameters: { detector } });
  });
});
