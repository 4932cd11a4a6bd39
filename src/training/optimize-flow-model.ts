/** `guardian optimize`: windows to calibrate on, from the owner's files or from a simulated home. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPublishedFlowScan, type PublishedFlowScan } from '../detector/published/flow-scan.ts';
import { measureSeparation } from '../detector/published/roc.ts';
import { ownerOf } from '../device/owner.ts';
import { AppError } from '../errors.ts';
import { loadKernelEngine } from '../model/kernel.ts';
import { type LoadedModel, loadModel } from '../model/load-model.ts';
import { saveQuantizedModel } from '../model/save-model.ts';
import { simulateToFile } from '../simulator/write.ts';
import { openSource } from '../source/open-source.ts';
import { namesDevices, readConns } from '../source/read-conns.ts';
import { type OptimizeReport, optimizeModel } from './optimize-model.ts';
import { gatherWindows } from './train-flow.ts';

/** Calibration needs this many windows at least; see optimizeModel. */
const FEWEST = 16;

async function readWindows(files: readonly string[], timesteps: number): Promise<PublishedFlowScan> {
  const scan = createPublishedFlowScan(timesteps);
  for (const file of files) {
    const source = await openSource(file);
    const perDevice = namesDevices(source);
    await readConns(source, (conn) => void scan.push(conn, (perDevice ? ownerOf(conn) : null) ?? file), {
      ignoreChecksums: 'auto',
    });
  }
  return scan;
}

/** Two ordinary hours of a simulated home, for owners who have no capture at hand. */
async function simulateWindows(timesteps: number): Promise<PublishedFlowScan> {
  const folder = await mkdtemp(path.join(tmpdir(), 'guardian-calibrate-'));
  try {
    const file = path.join(folder, 'home.pcap');
    await simulateToFile(file, { devices: 12, hours: 2, seed: 2, snapLength: 96 });
    return await readWindows([file], timesteps);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Labelled windows among those read, and the area under the curve of scores against their labels. */
function evaluationOf(scan: PublishedFlowScan, x: Float32Array, count: number) {
  const labels = [...scan.score((_, n) => new Float32Array(n))].map(({ label }) => label);
  if (!labels.includes(1) || !labels.includes(0)) return undefined;
  return { x, count, auc: (scores: Float32Array) => measureSeparation(scores, labels).auc };
}

/** Writes the model with 8-bit weights into `out`. Throws AppError where the model is quantized already or windows lack. */
export async function optimizeFlowModel(
  directory: string,
  out: string,
  calibrate: readonly string[],
): Promise<{ report: OptimizeReport; windows: number }> {
  const loaded: LoadedModel = await loadModel(directory);
  if (loaded.quantized) throw new AppError('model_unfit', { directory, reason: 'its weights are 8-bit already' });
  const [timesteps] = loaded.model.inputShape;
  const scan = calibrate.length > 0 ? await readWindows(calibrate, timesteps) : await simulateWindows(timesteps);
  const { values: x, count } = gatherWindows(scan);
  if (count < FEWEST) {
    const file = calibrate.join(', ');
    throw new AppError('too_few_rows', { file, rows: count, unit: 'windows', needed: FEWEST, because: '' });
  }
  const { network, details, report } = optimizeModel(loaded, {
    engine: loadKernelEngine(),
    calibration: { x, count },
    evaluation: evaluationOf(scan, x, count),
  });
  await saveQuantizedModel(out, network, details);
  return { report, windows: count };
}
