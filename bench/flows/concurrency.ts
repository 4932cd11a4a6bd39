/**
 * Packets per second of processor time against the number of connections that are open at once, and the memory that they take. Every
 * packet is for another connection than the one before, in an order that no cache can foresee.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fact, type Row } from '../bench.ts';

/** Packets of a measurement, once all connections are open, and those that open one. */
const PACKETS = 4_000_000;
const OPENING = 3;
const FLOWS = [100, 1_000, 10_000, 100_000, 1_000_000];
const RUNS = 3;

const FILE_HEADER = 24;
const FRAME = 54;
const RECORD = 16 + FRAME;
const CHUNK = 50_000 * RECORD;

/** What the child process says (concurrency-run.ts). */
interface Run {
  packetsPerSecond: number;
  rssBytes: number;
  connections: number;
  evicted: number;
}

export function benchConcurrency(folder: string): Row[] {
  const file = path.join(folder, 'concurrent.pcap');
  const rows: Row[] = [];
  for (const flows of FLOWS) {
    writeCapture(file, flows);
    const runs = Array.from({ length: RUNS }, () => run(file, flows, flows));
    runs.sort((a, b) => a.packetsPerSecond - b.packetsPerSecond);
    const { packetsPerSecond, rssBytes } = runs[Math.floor(RUNS / 2)];
    rows.push(
      fact(`open-${flows}`, packetsPerSecond, 'packets/s'),
      fact(`open-${flows}-memory`, rssBytes / 2 ** 20, 'MB'),
    );
    if (flows !== FLOWS[FLOWS.length - 1]) continue;
    // The same with the table's own ceiling: it makes room.
    const bounded = run(file, flows);
    rows.push(fact(`open-${flows}-default-memory`, bounded.rssBytes / 2 ** 20, 'MB'));
    rows.push(fact(`open-${flows}-default-evicted`, bounded.evicted, 'connections'));
  }
  rmSync(file);
  const of = (flows: number): number => rows.find(({ name }) => name === `open-${flows}`)!.value;
  rows.push(fact('cost-at-1000000-of-100', of(FLOWS[0]) / of(FLOWS[FLOWS.length - 1]), 'x'));
  return rows;
}

/** In a process of its own, so that the memory is that of nothing else. */
function run(file: string, flows: number, ceiling?: number): Run {
  const script = fileURLToPath(new URL('concurrency-run.ts', import.meta.url));
  const openPackets = flows * OPENING;
  const share = openPackets / (openPackets + PACKETS);
  const args = [script, file, String(share), String(PACKETS), ...(ceiling === undefined ? [] : [String(ceiling)])];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Run;
}

/** Opens `flows` connections with a handshake each, then acknowledges in all of them, in a shuffled order. */
function writeCapture(file: string, flows: number): void {
  const handle = openSync(file, 'w');
  const chunk = new Uint8Array(CHUNK);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint32(4, 0x00040002, true);
  view.setUint32(16, 262_144, true);
  view.setUint32(20, 1, true);
  writeSync(handle, chunk, 0, FILE_HEADER);
  const order = shuffled(flows);
  let at = 0;
  const put = (write: () => void): void => {
    if (at === CHUNK) {
      writeSync(handle, chunk);
      at = 0;
    }
    write();
    at += RECORD;
  };
  // All within two minutes: nothing times out.
  let packets = 0;
  const total = flows * OPENING + PACKETS;
  const next = (): number => (120 * packets++) / total;
  for (let flow = 0; flow < flows; flow++) {
    put(() => writeFrame(view, at, next(), flow, true, SYN, 0, 0));
    put(() => writeFrame(view, at, next(), flow, false, SYN | ACK, 0, 1));
    put(() => writeFrame(view, at, next(), flow, true, ACK, 1, 1));
  }
  for (let i = 0; i < PACKETS; i++) put(() => writeFrame(view, at, next(), order[i % flows], true, ACK, 1, 1));
  writeSync(handle, chunk, 0, at);
  closeSync(handle);
}

const SYN = 0x02;
const ACK = 0x10;
const START = 1_700_000_000;
const SERVER = 0xc6336401; // 198.51.100.1

/** An Ethernet frame with a TCP segment of nothing but its header, between a client of its own and one server. */
function writeFrame(
  view: DataView,
  at: number,
  ts: number,
  flow: number,
  isOrig: boolean,
  flags: number,
  seq: number,
  ack: number,
): void {
  view.setUint32(at, START + Math.floor(ts), true);
  view.setUint32(at + 4, Math.floor((ts % 1) * 1e6), true);
  view.setUint32(at + 8, FRAME, true);
  view.setUint32(at + 12, FRAME, true);
  const frame = at + 16;
  view.setUint32(frame, 0x02000000 + (isOrig ? 1 : 2));
  view.setUint32(frame + 6, 0x02000000 + (isOrig ? 2 : 1));
  view.setUint16(frame + 12, 0x0800);
  const ip = frame + 14;
  view.setUint32(ip, 0x45000028);
  view.setUint32(ip + 4, 0);
  view.setUint32(ip + 8, 0x40060000);
  const client = 0x0a000000 + (flow >>> 4);
  view.setUint32(ip + 12, isOrig ? client : SERVER);
  view.setUint32(ip + 16, isOrig ? SERVER : client);
  const clientPort = 40_000 + (flow & 15);
  view.setUint32(ip + 20, isOrig ? (clientPort << 16) | 443 : (443 << 16) | clientPort);
  view.setUint32(ip + 24, 1000 + seq);
  view.setUint32(ip + 28, (flags & ACK) === 0 ? 0 : 1000 + ack);
  view.setUint32(ip + 32, 0x50000000 | (flags << 16) | 0xffff);
  view.setUint32(ip + 36, 0);
}

/** 0 … count - 1 in an order that is the same every time (Fisher-Yates over a linear congruence). */
function shuffled(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}
