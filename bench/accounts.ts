/**
 * What accounts cost: the check of a session at 200 requests a second, and the memory of an idle server with and without
 * them. Two servers of the product itself, each in a process of its own: `npm run -s bench -- accounts [SECONDS]`.
 */
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, PASSWORD } from '../test/account.ts';
import { makeDirectory, type Product, removeDirectory, startProduct } from '../test/e2e/product.ts';
import { type Benchmark, fact, type Row } from './bench.ts';

const PER_SECOND = 200;
const IDLE_MS = 5000;
/** Nothing but the session is looked at for its answer. */
const PATH = '/api/v1/session';

const agent = new Agent({ keepAlive: true, maxSockets: 50 });

/** Milliseconds from the request to the end of its answer. */
function timed(url: string, cookie: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const request = httpRequest(url + PATH, { agent, headers: { cookie } }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - began));
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode}`));
    });
    request.on('error', reject).end();
  });
}

/** Requests leave by the clock, whether those before them were answered or not. */
async function load(url: string, cookie: string, seconds: number): Promise<number[]> {
  const began = performance.now();
  const answers: Promise<number>[] = [];
  for (let i = 0; i < PER_SECOND * seconds; i++) {
    const wait = began + (1000 * i) / PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    answers.push(timed(url, cookie));
  }
  return (await Promise.all(answers)).sort((a, b) => a - b);
}

const residentMB = ({ child }: Product): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024;

/** A fresh one, and how long it took to its first answer. */
async function start(flags: string[]): Promise<{ product: Product; ms: number; directory: string }> {
  const directory = makeDirectory();
  const began = performance.now();
  const product = await startProduct(directory, {}, flags);
  await (await fetch(`${product.url}/status`)).text();
  return { product, ms: performance.now() - began, directory };
}

const run: Benchmark = async ([seconds = '10'], note) => {
  const rows: Row[] = [];
  const open = await start([]);
  await sleep(IDLE_MS);
  const without = process.platform === 'linux' ? residentMB(open.product) : null;
  await open.product.stop();
  removeDirectory(open.directory);

  const { product, ms, directory } = await start(['--auth']);
  try {
    await sleep(IDLE_MS);
    if (without === null) note('The memory of a process is read from /proc, which is not here.');
    else {
      const peer = { name: 'without', value: without };
      rows.push(fact('memory of an idle server', residentMB(product), 'MB', peer));
    }
    rows.push(fact('first answer', ms, 'ms', { name: 'without', value: open.ms }));
    const admin = new Browser(product.url);
    const token = /\/setup#([\w-]+)/.exec(product.errors())![1];
    await admin.post('/api/v1/set-up', { token, name: 'Ada', email: 'ada@example.org', password: PASSWORD });
    const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    await load(product.url, cookie, 2);
    const times = await load(product.url, cookie, Number(seconds));
    rows.push(fact('session check, median', times[Math.floor(times.length / 2)], 'ms'));
    rows.push(fact('session check, p99', times[Math.floor(times.length * 0.99)], 'ms'));
  } finally {
    await product.stop();
    removeDirectory(directory);
    agent.destroy();
  }
  return rows;
};

export default run;
