/** The live monitor as the server knows it: what is asked of it, and what the owner says. */
import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import {
  type ExpectScope,
  expectedRule,
  hasAddress,
  type IsDevice,
  MUCH_FURTHER,
  type MuteRule,
  matches,
} from '../../alert/mute.ts';
import type { AlertStatus } from '../../alert/status.ts';
import type { Device, Discovery, Expected, LiveAlert, MonitorStatus, Mute, MutePreview } from '../../api/contract.ts';
import type { LiveMonitor } from '../../api/port/live-monitor.ts';
import type { Acceptance } from '../../detector/engine.ts';
import { discoverNetwork } from '../../device/active/discover-network.ts';
import { chooseNetwork } from '../../device/active/network.ts';
import { AppError } from '../../errors.ts';
import { interfaceNames, readLink, requireInterface } from '../../source/live/interfaces.ts';
import type { CaptureOptions } from '../../source/live/tool.ts';
import type { KeptMute } from '../protocol.ts';
import { type LiveTarget, ownInterface, viewpointOf } from '../target/target.ts';
import { withOwnersNames } from './owner-names.ts';
import { MonitorSession, type MonitorSessionOptions } from './session.ts';
import { sentenceOf } from './status-sentence.ts';
import { viewOf } from './view-sentence.ts';

/** Alerts that a mute is tried on before it is set, and how many of them are shown. */
const PREVIEW_SECONDS = 30 * 86_400;
const MOST_PREVIEWED = 10_000;
const SHOWN = 100;
const LISTED_GAPS = 100;
/** Where the store keeps what was chosen on the page. */
const CHOICE = 'monitor.interface';

export interface RunningLiveMonitor extends LiveMonitor {
  /**
   * Begins with what was asked for, else with what was chosen on the page before. What was asked for and cannot be
   * watched rejects; what was chosen is tried until it can.
   */
  resume(thing: LiveTarget | null): Promise<void>;
  close(): Promise<void>;
}

export interface LiveMonitorOptions extends MonitorSessionOptions {
  /** How this Guardian is called in a terminal of its machine, from any folder. */
  command?: string;
  /** A device is forgotten: whoever keeps something else of it forgets it too. */
  onForget?: (mac: string, addresses: readonly string[]) => Promise<void> | undefined;
  /** How an interface is captured that is chosen on the page. */
  manner?: CaptureOptions;
}

export async function createLiveMonitor(options: LiveMonitorOptions): Promise<RunningLiveMonitor> {
  const { store, bus, teller, learnSeconds, manner, command = 'guardian' } = options;
  const watching = new MonitorSession(options);
  const { alerts, devices, mutes, traffic } = watching;
  await watching.load();
  let searching: Promise<Discovery> | null = null;
  /** A simulated home stays one: its devices and alerts would be taken for those of the house. */
  let isDemo = false;
  /** Starting and stopping, one after the other. */
  const inTurn = oneByOne();
  /** What the owner calls expected, and takes back, one after the other. */
  const inWords = oneByOne();

  /** What it has hidden is called as its owner calls it now. */
  function named(mute: KeptMute): Mute {
    const hidden = mute.hidden.alerts.map((alert) => withOwnersNames(alert, null, devices.ownersName));
    return toMute({ ...mute, hidden: { ...mute.hidden, alerts: hidden } });
  }

  function find(mac: string): Device {
    const device = devices.find(mac);
    if (!device) throw new AppError('device_not_found', { mac: mac.slice(0, 40) });
    return device;
  }

  async function status(): Promise<MonitorStatus> {
    const known = devices.list();
    const count = (test: (device: Device) => boolean): number => known.filter(test).length;
    const { dark, ...sight } = watching.sight;
    const standing = {
      ...sight,
      source: watching.source,
      command,
      learned_seconds: watching.learned,
      learn_seconds: learnSeconds,
      account: watching.account,
      devices: {
        known: known.length,
        online: count(({ online }) => online),
        monitored: count(({ monitored }) => monitored),
        learning: count(({ learning, monitored }) => learning && monitored),
        at_risk: count(({ risk }) => risk !== null),
      },
      open_alerts: watching.openAlerts,
    };
    const { thing, heard } = watching;
    const others = count(({ self }) => !self);
    return {
      ...standing,
      sentence: sentenceOf({ ...standing, dark }),
      view: thing === null || sight.state === 'off' ? null : viewOf({ at: viewpointOf(thing), heard, others }),
      gaps: await store.live.records.gaps(LISTED_GAPS),
    };
  }

  async function judge(id: number, status: AlertStatus): Promise<LiveAlert> {
    const alert = await alerts.setStatus(id, status);
    bus.emit({ type: 'alert.updated', alert });
    teller.alerted(alert);
    await watching.assess();
    return alert;
  }

  /** Deleted it is; where the disk has no room to write the rest anew, traces stay until the next time. */
  async function scrub(): Promise<void> {
    try {
      await store.scrub();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      options.log.warn({ err: error }, 'The database could not be written anew: traces of what was forgotten are left');
    }
  }

  /** The alert stands as it did before the word, unless somebody has said something else since, or it is gone. */
  async function unexpect({ alert, status }: NonNullable<KeptMute['said']>): Promise<void> {
    try {
      if ((await alerts.report(alert)).status === 'expected') await judge(alert, status);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'alert_not_found') throw error;
    }
  }

  /** Once for each alert: asked again, it answers what it did the first time. */
  async function expectOnce(id: number, scope: ExpectScope): Promise<Expected> {
    requireFuture(scope.until, watching.now());
    const original = await alerts.original(id);
    const known = mutes.exception(id);
    const report = await alerts.report(id);
    if (known?.said) {
      const { points, usual_per_week } = known.said;
      // It has become worse since: that is expected too now.
      const { hidden: _hidden, ...rule } = await mutes.widen(expectedRule(original, known.id, report.mac, scope));
      await watching.thread?.ask('mute', rule).catch(unlessOff);
      return { alert: await judge(id, 'expected'), mute: known.id, points, usual_per_week };
    }
    const mute = randomUUID();
    const said = { alert: id, status: report.status, points: 0, usual_per_week: null };
    const rule = expectedRule(original, mute, report.mac, scope);
    await mutes.add({ ...rule, said }, watching.now());
    // What is expected for a while only is no past to judge by. While nothing is watched nobody can learn it either.
    const asked =
      scope.until === undefined
        ? await watching.thread?.ask('expect', { alert: original, rule }).catch(unlessOff)
        : await watching.thread?.ask('mute', rule).then(() => undefined, unlessOff);
    const { points, usualPerWeek }: Acceptance = asked?.learned ?? { points: 0, usualPerWeek: null };
    await mutes.say(mute, { ...said, points, usual_per_week: usualPerWeek });
    return { alert: await judge(id, 'expected'), mute, points, usual_per_week: usualPerWeek };
  }

  /** What the rule would have hidden of the last 30 days. */
  async function hiddenBy(rule: MuteRule): Promise<MutePreview> {
    const mac = rule.device === undefined ? undefined : devices.find(rule.device)?.mac;
    const isDevice: IsDevice = (device, alert) =>
      hasAddress(device, alert) || (mac !== undefined && mac === (alert as LiveAlert).mac);
    const since = watching.now() - PREVIEW_SECONDS;
    const hidden = (await alerts.list({ since, limit: MOST_PREVIEWED })).filter((alert) =>
      matches(rule, { ...alert, id: undefined }, isDevice),
    );
    return { count: hidden.length, alerts: hidden.slice(0, SHOWN) };
  }

  async function search(): Promise<Discovery> {
    const began = options.clock.monotonic();
    const { thread } = watching;
    if (thread === null) throw new AppError('monitor_off', {});
    const name = ownInterface(watching.thing!);
    if (name === null) throw new AppError('nobody_to_ask', { source: watching.source ?? 'this' });
    const network = chooseNetwork(name);
    const { mac, address, prefix } = network;
    await thread.ask('search', { mac, address, prefix });
    const { method, neighbours } = await discoverNetwork(network, { active: true }).finally(() =>
      thread.ask('search', null).catch(unlessOff),
    );
    const unknown = neighbours.filter(({ mac }) => devices.find(mac) === undefined);
    await thread.ask('met', neighbours);
    const seconds = (options.clock.monotonic() - began) / 1000;
    return { method, answered: neighbours.length, new: unknown.length, seconds: Number(seconds.toFixed(1)) };
  }

  return {
    status,
    traffic: ({ minutes, device, until = watching.now() }) => traffic.query({ until, minutes, mac: device }),

    interfaces() {
      const addresses = networkInterfaces();
      const interfaces = interfaceNames().map((name) => ({
        name,
        up: !['down', 'lowerlayerdown'].includes(readLink(name).operstate ?? 'unknown'),
        addresses: (addresses[name] ?? []).map(({ address }) => address),
      }));
      return { interfaces };
    },

    start: (name) =>
      inTurn(async () => {
        requireInterface(name);
        if (isDemo) throw new AppError('demo_only', {});
        await watching.stop();
        await watching.start({ interface: name, ...manner }, { lasting: false });
        await store.settings.write(CHOICE, JSON.stringify(name));
        return status();
      }),

    stop: () =>
      inTurn(async () => {
        await watching.stop({ forGood: true });
        await store.settings.write(CHOICE, 'null');
        return status();
      }),

    resume: (thing) =>
      inTurn(async () => {
        isDemo = thing !== null && 'demo' in thing;
        if (thing !== null) return watching.start(thing, { lasting: false });
        const chosen = JSON.parse((await store.settings.read(CHOICE)) ?? 'null') as string | null;
        if (chosen !== null) await watching.start({ interface: chosen, ...manner }, { lasting: true });
      }),

    devices: async () => ({ devices: devices.list(), merges: watching.merges }),
    device: async (mac) => find(mac),

    async change(mac, change) {
      const device = find(mac);
      const word = await devices.own(device.mac, change);
      await watching.thread?.ask('own', word).catch(unlessOff);
      const changed = find(device.mac);
      bus.emit({ type: 'device.changed', device: changed });
      teller.met({ address: changed.mac, name: changed.name });
      return changed;
    },

    async forget(name) {
      const { mac, ips, macs } = find(name);
      const ask = { mac, addresses: [...ips, ...macs] };
      if (watching.thread) await watching.thread.ask('forget', ask);
      else watching.forgotten.push(ask);
      traffic.forget(mac);
      await store.live.alerts.forget(mac, ips);
      await store.live.records.forget(mac);
      await options.onForget?.(mac, [...macs, ...ips]);
      await devices.remove(mac);
      for (const address of [...macs, ...ips]) await teller.forgot(address);
      await watching.assess();
      bus.emit({ type: 'device.forgotten', mac });
      await scrub();
    },

    async merge(from, into) {
      const [younger, older] = [find(from), find(into)];
      const { thread } = watching;
      if (thread === null) throw new AppError('monitor_off', {});
      if (!(await thread.ask('merge', { from: younger.mac, into: older.mac }))) {
        throw new AppError('device_not_found', { mac: from.slice(0, 40) });
      }
      await store.live.alerts.move(younger.mac, older.mac);
      if (older.owner_name === null && younger.owner_name !== null) {
        await thread.ask('own', await devices.own(older.mac, { name: younger.owner_name }));
      }
      await devices.remove(younger.mac);
      watching.merges = watching.merges.filter((merge) => merge.from !== younger.mac);
      bus.emit({ type: 'device.forgotten', mac: younger.mac });
      await watching.assess();
      watching.tellDevice(older.mac);
      return find(older.mac);
    },

    search() {
      searching ??= search().finally(() => {
        searching = null;
      });
      return searching;
    },

    async alerts({ limit, before, device, status: wanted, severity }) {
      const found = await alerts.list({ limit: limit + 1, before, mac: device, status: wanted, severity });
      const page = found.slice(0, limit);
      return { alerts: page, next_before: found.length > limit ? page[limit - 1].id : null };
    },
    alert: (id) => alerts.report(id),
    acknowledge: (id) => judge(id, 'acknowledged'),
    reopen: (id) => judge(id, 'open'),

    expect: (id, scope) => inWords(() => expectOnce(id, scope)),

    async previewExpect(id, scope) {
      requireFuture(scope.until, watching.now());
      const [original, { mac }] = [await alerts.original(id), await alerts.report(id)];
      const rule = expectedRule(original, '', mac, scope);
      const { device = original.address, kind = original.kind, destination = null, until = null } = rule;
      const { severity } = original;
      return { device, kind, destination, until, severity, times: MUCH_FURTHER, ...(await hiddenBy(rule)) };
    },

    mutes: async () => mutes.list(watching.now()).map(named),

    async mute(scope) {
      requireFuture(scope.until, watching.now());
      const rule = { ...scope, id: randomUUID(), reason: 'muted' as const };
      const mute = await mutes.add(rule, watching.now());
      await watching.thread?.ask('mute', rule).catch(unlessOff);
      return named(mute);
    },

    previewMute: (scope) => hiddenBy({ ...scope, id: '', reason: 'muted' }),

    unmute: (id) =>
      inWords(async () => {
        const said = mutes.get(id)?.said;
        if (!(await mutes.remove(id))) throw new AppError('mute_not_found', {});
        await watching.thread?.ask('unmute', id).catch(unlessOff);
        if (said) await unexpect(said);
      }),

    close: () => inTurn(() => watching.stop()),
  };
}

/** Runs what it is given one after the other. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}

/** As it goes over the wire. */
const toMute = ({ said, ...mute }: KeptMute): Mute => ({ ...mute, ...(said && { alert: said.alert }) });

/** A mute that is over already would be thanked for, and never seen again. */
function requireFuture(until: number | undefined, now: number): void {
  if (until === undefined || until > now) return;
  const seconds = 8_640_000_000_000;
  const time = new Date(Math.max(-seconds, until) * 1000).toISOString();
  throw new AppError('mute_is_over', { until: time });
}

/** A thread that is not there now is told at its next start. */
function unlessOff(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'monitor_off') throw error;
}
