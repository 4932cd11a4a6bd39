/** A pipeline worker: scans one file at a time, away from the thread that serves the page. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import { type FlowModel, type FlowModelOptions, loadFlowModel } from './flow-model.ts';
import { scanFile } from './scan.ts';
import type { FromWorker, ToWorker } from './scanner.ts';

if (!parentPort) throw new Error('worker.ts runs as a worker thread');
const port = parentPort;
const say = (message: FromWorker): void => port.postMessage(message);

/** An uploaded file that is packed may not grow without end (a zip bomb grows a thousandfold). */
const limits = { bytes: 128 * 2 ** 20, ratio: 100 };

let running: AbortController | undefined;
/** Progress at most this often: a page draws no faster. */
const PROGRESS_MS = 100;

async function scan({ file, name }: Extract<ToWorker, { type: 'scan' }>): Promise<void> {
  running = new AbortController();
  let told = 0;
  const onProgress = (fraction: number): void => {
    const now = performance.now();
    if (now - told < PROGRESS_MS) return;
    told = now;
    say({ type: 'progress', fraction });
  };
  try {
    say({ type: 'done', outcome: await scanFile(file, { model, name, limits, onProgress, signal: running.signal }) });
  } catch (error) {
    if (running.signal.aborted) say({ type: 'aborted' });
    else fail(error);
  } finally {
    running = undefined;
  }
}

/** Class and parameters of an error do not survive the way to another thread; its code does. */
function fail(error: unknown): void {
  if (error instanceof AppError) say({ type: 'refused', code: error.code, parameters: error.parameters });
  else say({ type: 'crashed', error: error instanceof Error ? error : new Error(String(error)) });
}

let model: FlowModel;
try {
  model = await loadFlowModel(workerData as FlowModelOptions);
  port.on('message', (message: ToWorker) => {
    if (message.type === 'abort') running?.abort();
    else void scan(message);
  });
  say({ type: 'ready', threshold: model.threshold });
} catch (error) {
  fail(error);
}
