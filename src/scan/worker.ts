/** A pipeline worker: scans one file at a time, away from the thread that serves the page. */
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { BlockListFiles } from '../detector/behaviour/reach/block-list-files.ts';
import { AppError } from '../errors.ts';
import { type FlowModel, loadFlowModel } from '../model/flow-model.ts';
import { keepHeapTight } from './heap-growth.ts';
import { scanFile } from './scan-file.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './scan-pool.ts';

if (!parentPort) throw new Error('worker.ts runs as a worker thread');
const port = parentPort;
const say = (message: FromWorker): void => port.postMessage(message);

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
    await blockLists.refresh();
    const { limits, budget } = setup;
    const { signal } = running;
    const outcome = await scanFile(file, { model, name, limits, budget, blockLists, onProgress, signal });
    say({ type: 'done', outcome, heapMb: getHeapStatistics().total_heap_size / 2 ** 20 });
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

keepHeapTight();
const setup = workerData as WorkerSetup;
let model: FlowModel;
let blockLists: BlockListFiles;
try {
  model = await loadFlowModel(setup.model);
  blockLists = await BlockListFiles.open(setup.blockLists ?? []);
  port.on('message', (message: ToWorker) => {
    if (message.type === 'abort') running?.abort();
    else void scan(message);
  });
  say({ type: 'ready', threshold: model.threshold });
} catch (error) {
  fail(error);
}
