/**
 * One flood against a sensor in a process of its own: `flood-probe.ts SUBJECT KIND`, with `flows` (a capture becomes
 * records), `scan` (a capture is judged) or `monitor` (a home that is watched) as the subject. Says what it cost and what was left, as JSON.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { loadFlowModel } from '../../src/model/flow-model.ts';
import { Monitor } from '../../src/monitor/worker/monitor.ts';
import { Packet } from '../../src/packet/packet.ts';
import { keepHeapTight } from '../../src/scan/heap-growth.ts';
import { scanFile } from '../../src/scan/scan-file.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import type { FrameSink } from '../../src/source/capture/capture-parser.ts';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import type { LiveSink, LiveSource } from '../../src/source/live/source.ts';
import { pcapRecord, plainPcap, writeCapture } from '../capture/write-capture.ts';
import { type FloodKind, floods } from './flood-frames.ts';

const PER_SECOND = 100_000;
/** Frames between two turns of the event loop. */
const BURST = 5000;

let peak = 0;
const measureMemory = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};

const packet = new Packet();

function show(sink: (packet: Packet) => void, frame: Uint8Array, ts: number): void {
  packet.bytes = frame as Uint8Array<ArrayBuffer>;
  packet.view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  packet.offset = 0;
  packet.end = frame.length;
  packet.origlen = frame.length;
  packet.linktype = 1;
  packet.ts = ts;
  sink(packet);
}

/** Shows a flood that begins at `start`; microseconds of processor time per frame in its second and its last fifth. */
async function flood(sink: (packet: Packet) => void, kind: FloodKind, start: number) {
  const costs: number[] = [];
  let frames = 0;
  let begin = process.cpuUsage();
  for (const frame of floods[kind]()) {
    show(sink, frame, start + frames / PER_SECOND);
    if (++frames % BURST !== 0) continue;
    const { user, system } = process.cpuUsage(begin);
    costs.push((user + system) / BURST);
    measureMemory();
    await setImmediate();
    begin = process.cpuUsage();
  }
  const median = (part: number[]): number => part.sort((a, b) => a - b)[Math.floor(part.length / 2)];
  const fifth = Math.floor(costs.length / 5);
  return { frames, early: median(costs.slice(fifth, 2 * fifth)), late: median(costs.slice(-fifth)) };
}

async function probeFlows(kind: FloodKind) {
  let shown: Awaited<ReturnType<typeof flood>> | undefined;
  const read = async (sink: FrameSink) => {
    shown = await flood(sink, kind, 1e9);
    const { frames } = shown;
    const nothing = { rejected: {}, dropped: {}, weirds: {}, rejectedLines: [], truncated: false, truncatedAt: null };
    return { format: 'pcap', bytes: 0, offered: frames, parsed: frames, ...nothing };
  };
  const { connections, evictedEmergency } = await flowsFromCapture(read, {}, () => {});
  return { ...shown, connections, evictedEmergency };
}

/** Frame by frame: the capture itself must not fill the memory that is measured. */
function writeFlood(file: string, kind: FloodKind): number {
  const output = openSync(file, 'w');
  writeSync(output, writeCapture([]).bytes);
  let count = 0;
  for (const bytes of floods[kind]()) {
    writeSync(output, pcapRecord({ ts: 1e15 + (count++ * 1e6) / PER_SECOND, bytes }, plainPcap));
  }
  closeSync(output);
  return count;
}

/** The flood as a capture, scanned as the command line does it. */
async function probeScan(kind: FloodKind) {
  const folder = mkdtempSync(path.join(tmpdir(), 'guardian-flood-'));
  try {
    const file = path.join(folder, 'flood.pcap');
    const frames = writeFlood(file, kind);
    keepHeapTight();
    const model = await loadFlowModel({ model: '', threshold: '', preset: 'guardian' });
    const timer = setInterval(measureMemory, 5);
    const outcome = await scanFile(file, { model, onProgress: measureMemory });
    clearInterval(timer);
    const alerts = outcome.alerts.map(({ kind: named, hosts, sentence }) => ({ kind: named, hosts, sentence }));
    return { frames, alerts, records: outcome.records, devices: outcome.devices.length, skipped: outcome.skipped };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A home is learned for half an hour; then the flood comes; then its day goes on. */
async function probeMonitor(kind: FloodKind) {
  const home = simulate({ devices: 8, hours: 0.6, seed: 4, bulk: 0.005 });
  const own = new Set(home.devices.map(({ mac }) => mac));
  const floodAt = home.start / 1e6 + 1800;
  let sink: LiveSink | undefined;
  let shownFrames = 0;
  const source: LiveSource = {
    name: 'flood',
    gaps: [],
    starts: 1,
    start(given) {
      sink = given;
      given.onState('watching', null);
    },
    async stop() {},
    account: () => ({ offered: shownFrames, parsed: shownFrames, rejected: {}, dropped: {} }),
  };
  const alerts: Record<string, number> = {};
  const scored = new Set<string>();
  let isOver = false;
  const monitor = new Monitor({
    source,
    learnSeconds: 0,
    onEvent: (event) => {
      if (event.type === 'alert' && !event.updated) alerts[event.kind] = (alerts[event.kind] ?? 0) + 1;
    },
    onSecond: ({ devices }) => {
      for (const { mac, strangeness } of devices) if (isOver && strangeness !== null && own.has(mac)) scored.add(mac);
    },
    onTrouble: (error) => {
      throw error;
    },
  });
  await monitor.start();
  monitor.watch.engine.learning = true;
  const onPacket = (frame: Packet): void => {
    shownFrames++;
    sink?.onPacket(frame);
  };
  const frames = home[Symbol.iterator]();
  let next = frames.next();
  for (; !next.done && next.value.ts / 1e6 < floodAt; next = frames.next()) {
    show(onPacket, next.value.data, next.value.ts / 1e6);
  }
  monitor.watch.engine.learning = false;
  const shown = await flood(onPacket, kind, floodAt);
  isOver = true;
  for (; !next.done; next = frames.next()) show(onPacket, next.value.data, next.value.ts / 1e6 + 60);
  measureMemory();
  const { devices, connections, offered, parsed } = await monitor.stop();
  const known = monitor.inventory.devices().filter(({ mac }) => own.has(mac)).length;
  return { ...shown, alerts, devices, connections, offered, parsed, known, own: own.size, scored: scored.size };
}

const probes = { flows: probeFlows, scan: probeScan, monitor: probeMonitor };
const [subject, kind] = process.argv.slice(2) as [keyof typeof probes, FloodKind];
const report = await probes[subject](kind);
measureMemory();
process.stdout.write(`${JSON.stringify({ ...report, peakMiB: peak / 2 ** 20 })}\n`);
