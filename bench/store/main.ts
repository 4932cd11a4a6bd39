/**
 * The history of connections at size, beside a plain table: `npm run -s bench -- store [CONNECTIONS]`, ten million unless
 * told. The plain table answers some questions in seconds, so it is asked less often.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FlowRecord } from '../../src/device/record/flow-record.ts';
import { createLog } from '../../src/log.ts';
import type { FlowHistory } from '../../src/store/history/flow.ts';
import { openSqliteHistory } from '../../src/store/history/sqlite.ts';
import { type Benchmark, fact, type Row } from '../bench.ts';
import { createRandom, manyFlows, oneDay } from './home-flows.ts';
import { PlainTable } from './plain-table.ts';

const DAY = 86_400;
const DAYS = 30;
const BATCH = 2_000;
const ASKED = 100;
const PLAIN_ASKED = 5;
const RATE = 20_000;
const RATE_SECONDS = 60;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const at = (times: number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function* batches(flows: Iterable<FlowRecord>): Generator<FlowRecord[]> {
  let batch: FlowRecord[] = [];
  for (const flow of flows) {
    batch.push(flow);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Pages while connections come at that rate: what a person feels of it. */
async function pagesMeanwhile(history: FlowHistory, flows: Iterable<FlowRecord>, device: string): Promise<Row[]> {
  const pages: number[] = [];
  const state = { isOver: false };
  const reading = (async () => {
    while (!state.isOver) {
      pages.push(await timed(() => history.search({ device }, { limit: 50 })));
      await pause(50);
    }
  })();
  const began = performance.now();
  let written = 0;
  for (const batch of batches(flows)) {
    const due = (1000 * written) / RATE - (performance.now() - began);
    if (due > 0) await pause(due);
    await history.add(batch);
    written += batch.length;
  }
  const seconds = (performance.now() - began) / 1000;
  state.isOver = true;
  await reading;
  return [
    fact(`store: ingest, ${RATE} a second wanted for ${RATE_SECONDS} s`, written / seconds, 'flows/s'),
    fact('store: page of a device meanwhile, p99', at(pages, 0.99), 'ms'),
  ];
}

const store: Benchmark = async ([count = '10000000'], note) => {
  const wanted = Number(count);
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-bench-'));
  try {
    note('One day of the simulator');
    const day = oneDay();
    const end = Math.floor(Date.now() / 1000 / DAY) * DAY;
    const made = () => batches(manyFlows(day, wanted, DAYS, end));
    const history = await openSqliteHistory({ directory: folder, log: createLog({ level: 'warn' }) });
    note(`${wanted} connections into the history`);
    let spent = 0;
    for (const batch of made()) spent += await timed(() => history.add(batch));
    const rows: Row[] = [];
    note(`${wanted} connections into a plain table`);
    const plain = new PlainTable(path.join(folder, 'plain.db'));
    let plainSpent = 0;
    for (const batch of made()) plainSpent += await timed(() => plain.add(batch));
    const rate = (ms: number): number => (1000 * wanted) / ms;
    const peer = { name: 'plain table', value: rate(plainSpent) };
    rows.push(fact('store: ingest', rate(spent), 'flows/s', peer));

    const random = createRandom(5);
    const pick = (): FlowRecord => day[Math.floor(random() * day.length)];
    const since = end - DAYS * DAY;
    const someDay = (): number => since + Math.floor(random() * (DAYS - 1)) * DAY;
    const asks: [string, () => unknown, () => unknown][] = [
      [
        'search-device-day',
        () => {
          const from = someDay();
          return history.search({ device: pick().device, since: from, until: from + DAY }, { limit: 100 });
        },
        () => plain.deviceDay(pick().device, someDay()),
      ],
      [
        'search-other-end',
        () => history.search({ peer: random() < 0.5 ? pick().peer : rareEnd(random()) }, { limit: 100 }),
        () => plain.otherEnd(random() < 0.5 ? pick().peer : rareEnd(random())),
      ],
      ['top-destinations-month', () => history.top({ since }, 'peer', 10), () => plain.topMonth(since)],
      ['chart-30-days', () => history.chart({ since }, 'hour'), () => plain.chart(since)],
    ];
    for (const [name, ours, theirs] of asks) {
      note(name);
      await ours();
      const [own, other]: [number[], number[]] = [[], []];
      for (let i = 0; i < ASKED; i++) own.push(await timed(ours));
      for (let i = 0; i < PLAIN_ASKED; i++) other.push(await timed(theirs));
      const [median, theirMedian] = [at(own, 0.5), at(other, 0.5)];
      const peerOf = { peer: 'plain table', peer_value: theirMedian, ratio: theirMedian / median };
      rows.push({ name: `store: ${name}, median`, value: median, unit: 'ms', ...peerOf });
      rows.push(fact(`store: ${name}, p99`, at(own, 0.99), 'ms'));
    }
    const later = RATE * RATE_SECONDS;
    rows.push(...(await pagesMeanwhile(history, manyFlows(day, later, 1, end + DAY), day[0].device)));
    await history.close();
    const all = wanted + later;
    const bytes = statSync(path.join(folder, 'history.db')).size / all;
    const plainBytes = plain.close() / wanted;
    const size = { peer: 'plain table', peer_value: plainBytes, ratio: plainBytes / bytes };
    return [{ name: 'store: on disk with indexes and sums', value: bytes, unit: 'bytes/flow', ...size }, ...rows];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
export default store;

/** As home-flows.ts makes them. */
function rareEnd(random: number): string {
  const number = Math.floor(random * 20_000);
  return `198.18.${number >> 8}.${number & 255}`;
}
