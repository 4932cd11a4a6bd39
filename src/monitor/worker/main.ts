/** The thread of the live monitor: watches, and says what it sees to the thread that serves and decides. */
import { rename } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { BlockListFiles } from '../../detector/behaviour/reach/block-list-files.ts';
import { ownMacs } from '../../device/active/own-machine.ts';
import { AppError } from '../../errors.ts';
import type { LiveSource } from '../../source/live/source.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import type { Command, FromLive, LiveSetup, OwnerWord, ToLive } from '../protocol.ts';
import { AlertPackets } from './alert-packets.ts';
import { DeviceReports } from './device-reports.ts';
import { Monitor } from './monitor.ts';
import { openThing } from './open-target.ts';
import { OutgoingBatch } from './outgoing-batch.ts';
import { loadLivePast } from './trained-baseline.ts';

if (!parentPort) throw new Error('worker.ts runs as a worker thread');
const port = parentPort;
const setup = workerData as LiveSetup;
const say = (message: FromLive): void => port.postMessage(message);

/** Batches leave this often at most; a page draws no faster. */
const FLUSH_MS = 250;
const CENSUS_MS = 10_000;

const owner = new Map<string, OwnerWord>(setup.owner.map((word) => [word.mac, word]));
const mailbox = new OutgoingBatch((batch) => say({ type: 'batch', ...batch }));
let hiddenBefore: string | null = null;
const packets =
  setup.packets === undefined
    ? null
    : new AlertPackets({
        ...setup.packets,
        onTrouble: (error) => say({ type: 'trouble', line: `Packets of an alert could not be kept: ${error}` }),
      });

function take(event: MonitorEvent): void {
  switch (event.type) {
    case 'alert': {
      const { type: _type, updated, ...alert } = event;
      if (!updated) packets?.alert(alert);
      mailbox.alert({ alert, mac: monitor.macOf(alert) });
      return;
    }
    case 'device': {
      const { type: _type, event: happened, ...device } = event;
      mailbox.device(census.report(device, happened));
      return;
    }
    case 'state':
      mailbox.put({ state: event });
      // Who is still being learned has changed with it.
      if (event.state === 'watching') setImmediate(lookAround);
      return;
    case 'gap':
      mailbox.gap({ from: event.from, to: event.to, reason: event.reason });
      return;
    case 'stats': {
      const { type: _type, ts: _ts, gaps: _gaps, ...stats } = event;
      mailbox.put({ stats: { ...stats, learned: monitor.learned, heard: monitor.meter.heard } });
    }
  }
}

function lookAround(): void {
  for (const report of census.changed()) mailbox.device(report);
  mailbox.put({ merges: monitor.inventory.mergeProposals() });
}

function tellMutes(): void {
  const now = Date.now() / 1000;
  const mutes = monitor.watch.mutes.list(now);
  const hidden = mutes.map(({ hidden: { count, alerts } }) => `${count} ${alerts[0]?.end_ts}`).join();
  if (hidden === hiddenBefore) return;
  hiddenBefore = hidden;
  mailbox.put({ mutes });
}

async function obey(command: Command): Promise<unknown> {
  const { watch, inventory } = monitor;
  switch (command.name) {
    case 'own':
      owner.set(command.ask.mac, command.ask);
      return;
    case 'forget':
      owner.delete(command.ask.mac);
      packets?.forget();
      monitor.forget(command.ask.mac, command.ask.addresses);
      return monitor.save();
    case 'merge': {
      const { from, into } = command.ask;
      const merged = monitor.merge(from, into);
      const device = inventory.device(into);
      if (merged && device !== null) mailbox.device(census.report(device, null));
      return merged;
    }
    case 'mute':
      watch.mutes.add(command.ask);
      return;
    case 'unmute':
      watch.unmute(command.ask);
      return;
    case 'expect':
      return watch.expect(command.ask.alert, command.ask.rule);
    case 'met':
      for (const { mac, address } of command.ask) inventory.neighbour(mac, address, Date.now() / 1000);
      return;
    case 'search':
      if (command.ask === null) monitor.ownSearch.end(Date.now() / 1000);
      else monitor.ownSearch.begin(command.ask, Date.now() / 1000);
      return;
    case 'stop':
      clearInterval(flushing);
      clearInterval(looking);
      await monitor.stop();
      await packets?.stop();
      lookAround();
      tellMutes();
      // Whatever is still on its way to be taken: this is the last batch.
      mailbox.take(Number.POSITIVE_INFINITY);
      mailbox.flush();
  }
}

/** A state that cannot be used is put aside: better to learn afresh than not to watch. */
async function restore(): Promise<void> {
  try {
    await monitor.restore();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad_state_file') throw error;
    await rename(setup.stateFile, `${setup.stateFile}.unusable`);
    say({ type: 'trouble', line: `${error.toLine()} It was put aside, and Guardian learns afresh.` });
  }
  const { mutes } = monitor.watch;
  mutes.load(setup.mutes.map(({ hidden, ...rule }) => ({ rule, hidden })));
  monitor.watch.engine.keepWords(new Set(setup.mutes.map(({ id }) => id)));
  monitor.watch.resume(setup.alerts);
  for (const { mac, addresses } of setup.forgotten) monitor.forget(mac, addresses);
  if (setup.forgotten.length > 0) await monitor.save();
}

async function listen(message: ToLive): Promise<void> {
  if (message.type === 'taken') return mailbox.take(message.serial);
  const answer = await obey(message);
  mailbox.flush();
  say({ type: 'answer', id: message.id, answer });
}

const createMonitor = (source: LiveSource, blockLists: BlockListFiles): Monitor =>
  new Monitor({
    source,
    learnSeconds: setup.learnSeconds,
    budget: setup.budget,
    blockLists,
    stateFile: setup.stateFile,
    loadBaselineModel: () => loadLivePast(setup.model ?? ''),
    // The devices of a simulated home are none of this machine's, whatever their addresses.
    ownMacs: 'demo' in setup.thing ? undefined : ownMacs(),
    owner: { isMonitored: (mac) => owner.get(mac)?.monitored ?? true },
    onEvent: take,
    onSecond: (second) => mailbox.second(second),
    onFrame: packets === null ? undefined : (packet) => packets.packet(packet),
    onFlow: (alert, conn) => mailbox.flow({ episode: alert.id!, conn }),
    onRecord: setup.keepsHistory ? (record) => mailbox.record(record) : undefined,
    onTrouble: (error) => say({ type: 'trouble', line: error.toLine() }),
  });

let monitor: Monitor;
let census: DeviceReports;
let flushing: NodeJS.Timeout | undefined;
let looking: NodeJS.Timeout | undefined;
try {
  const source = await openThing(setup, { searchPath: setup.searchPath, isRoot: process.getuid?.() === 0 });
  const blockLists = await BlockListFiles.open(setup.blockLists ?? []);
  for (const line of blockLists.complaints) say({ type: 'trouble', line });
  monitor = createMonitor(source, blockLists);
  census = new DeviceReports(monitor);
  await restore();
  port.on('message', listen);
  flushing = setInterval(() => {
    tellMutes();
    mailbox.flush();
  }, FLUSH_MS);
  looking = setInterval(lookAround, CENSUS_MS);
  say({ type: 'ready', source: source.name });
  await monitor.start();
  // What an earlier run knew is there from the first moment.
  take({ type: 'stats', ts: Date.now() / 1000, ...monitor.stats() });
  lookAround();
  for (const device of monitor.inventory.devices()) mailbox.device(census.report(device, null));
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  say({ type: 'refused', code: error.code, parameters: error.parameters });
}
