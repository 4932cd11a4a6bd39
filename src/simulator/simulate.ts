/** A simulated home: the same options give the same frames, byte for byte. */
import { AppError } from '../errors.ts';
import { Attack, type AttackKind, type Episode } from './attack/attack.ts';
import { anyAttackKinds } from './attack/index.ts';
import { createDevice, type Device, type DeviceKind, followOwner, loseNetwork, switchOn } from './device/device.ts';
import { deviceKinds } from './device/index.ts';
import { Actor } from './engine/actor.ts';
import { Home } from './engine/home.ts';
import { type Host, stacks } from './engine/host.ts';
import { Random } from './engine/random.ts';
import { type Frame, HOUR, type Process, SECOND } from './engine/simulation.ts';
import { DEFAULT_BULK, DEFAULT_START, listDeviceKinds, parseAttackOptions, type SimulateOptions } from './options.ts';
import { advertiseRouter, join } from './session/dhcp.ts';
import { formatIp, formatMac } from './wire/address.ts';

export interface SimulatedDevice {
  name: string;
  kind: string;
  vendor: string;
  model: string;
  mac: string;
  ip: string;
}

/** Frames in time order, once; the truth about the attacks is complete when they have all been read. */
export interface SimulatedHome extends Iterable<Frame> {
  readonly devices: readonly SimulatedDevice[];
  readonly episodes: readonly Episode[];
  /** Microseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** A year. */
const MAX_HOURS = 8784;

/** Throws `bad_simulation`, `unknown_attack` or `bad_attack_option`. */
export function simulate(options: SimulateOptions): SimulatedHome {
  const { hours, seed = 1, start: startSeconds = DEFAULT_START, bulk = DEFAULT_BULK, attacks = [] } = options;
  if (!(hours > 0 && hours <= MAX_HOURS)) {
    throw new AppError('bad_simulation', { reason: `hours is ${hours}, not between 0 and ${MAX_HOURS}` });
  }
  if (!Number.isSafeInteger(seed))
    throw new AppError('bad_simulation', { reason: `the seed ${seed} is no whole number` });
  if (!(bulk > 0)) throw new AppError('bad_simulation', { reason: `bulk is ${bulk}, not more than 0` });
  const start = Math.round(startSeconds * 1e6);
  const end = Math.round(start + hours * HOUR);
  const home = new Home(new Random(`seed/${seed}`), start, end, bulk);
  const devices = populate(home, listDeviceKinds(options.devices));
  const episodes = attacks.map(({ kind, ...raw }, i) => {
    const onset = (hours * 3600 * (i + 1)) / (attacks.length + 1);
    return launch(home, kind, raw, onset, i);
  });
  return {
    devices: devices.map(({ host, brand }) => ({
      name: host.name,
      kind: host.kind,
      vendor: host.vendor,
      model: brand.model,
      mac: formatMac(host.mac),
      ip: formatIp(host.v4.ip),
    })),
    episodes,
    start,
    end,
    [Symbol.iterator]: () => home.simulation.run(end),
  };
}

/** The router's own doings and the devices, which come up within the first minute or two, as after a power cut. */
function populate(home: Home, kinds: readonly string[]): Device[] {
  const router = new Actor(
    home,
    home.router,
    { label: 'benign', detail: '-', device: 'router' },
    home.random.fork('router'),
  );
  router.spawn(advertiseRouter(router));
  const order = home.random.fork('order');
  const counts = new Map<string, number>();
  return kinds.map((wanted) => {
    const kind: DeviceKind = deviceKinds.find((entry) => entry.kind === wanted)!;
    const number = (counts.get(wanted) ?? 0) + 1;
    counts.set(wanted, number);
    const name = `${wanted}-${number}`;
    const device = createDevice(home, kind, name, (number - 1) % home.household.people);
    home.actors.push(device);
    const delay = order.exponential(20);
    if (kind.carried) home.spawn(followOwner(device), delay);
    else {
      device.spawn(switchOn(device), delay);
      home.spawn(loseNetwork(device));
    }
    return device;
  });
}

function launch(home: Home, name: string, raw: Record<string, unknown>, onset: number, index: number): Episode {
  const options = parseAttackOptions(name, raw);
  const kind: AttackKind = anyAttackKinds.find((entry) => entry.kind === name)!;
  const random = home.random.fork(`attack/${index}`);
  const at = (options.at as number | undefined) ?? onset;
  const host = options.from === INTRUDER ? intrude(home, random, at) : chooseAttacker(home, kind, options);
  const attack = new Attack(home, host, random, options, kind.detail(options), name, kind.accepts(options));
  attack.spawn(whenUp(host, kind.run(attack)), at);
  return attack.episode;
}

/** A compromised device that is out of the network at the moment attacks when it is back. */
function* whenUp(host: Host, process: Process): Process {
  while (!host.up) yield 5 * SECOND;
  yield* process;
}

/** `from` that is no device of the home: somebody joins the network for it, a minute before. */
const INTRUDER = 'intruder';
const INTRUDER_LEAD_SECONDS = 60;

function intrude(home: Home, random: Random, at: number): Host {
  const host = home.createHost({
    name: INTRUDER,
    kind: INTRUDER,
    vendor: 'unknown',
    mac: home.createMac('00:c0:ca', random), // adapters that such people like
    stack: stacks.linux,
    wired: false,
    fingerprint: {
      hostname: 'kali',
      vendorClass: null,
      requestList: [1, 2, 6, 12, 15, 26, 28, 121, 3, 33, 40, 41, 42],
    },
    services: new Map(),
    prefix6: null,
    random: random.fork('host'),
  });
  const guest = new Actor(home, host, { label: 'benign', detail: '-', device: INTRUDER }, random.fork('join'));
  guest.spawn(join(guest), Math.max(0, at - INTRUDER_LEAD_SECONDS));
  return host;
}

/** A device by name or kind; by default the first of the kinds that such attacks come from, else any that stays at home. */
function chooseAttacker(home: Home, kind: AttackKind, options: Record<string, unknown>): Host {
  const { hosts } = home;
  const wanted = options.from as string | undefined;
  if (wanted !== undefined) {
    const found = hosts.find((host) => host.name === wanted || host.kind === wanted);
    if (found) return found;
    const reason = `from: there is no device "${wanted}"; there are ${hosts.map((host) => host.name).join(', ')}`;
    throw new AppError('bad_attack_option', { attack: kind.kind, reason });
  }
  const attackers = typeof kind.attackers === 'function' ? kind.attackers(options) : kind.attackers;
  const preferred = attackers.map((name) => hosts.find((host) => host.kind === name));
  const stationary = hosts.find((host) => !deviceKinds.find((entry) => entry.kind === host.kind)?.carried);
  return preferred.find((host) => host !== undefined) ?? stationary ?? hosts[0]!;
}
