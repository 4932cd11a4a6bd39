/** The home: its network, its router, who is in it and what they find of each other. */

import { parseIpv6 } from '../wire/address.ts';
import type { MdnsService } from '../wire/application/dns.ts';
import type { UpnpDevice } from '../wire/application/ssdp.ts';
import { Host, type HostOptions, type Remote, stacks } from './host.ts';
import { Household } from './household.ts';
import { Internet } from './internet.ts';
import { Line } from './line.ts';
import type { Random } from './random.ts';
import type { Resident } from './resident.ts';
import { type Process, SECOND, Simulation } from './simulation.ts';

const SUBNETS = [
  [192, 168, 1],
  [192, 168, 0],
  [192, 168, 178],
  [10, 0, 0],
  [192, 168, 50],
] as const;
const ROUTER_VENDORS = [
  ['AVM', '2c:91:ab'],
  ['ASUSTek', '04:d4:c4'],
  ['Netgear', 'a0:40:a0'],
  ['TP-Link', '50:c7:bf'],
] as const;

export class Home {
  readonly simulation: Simulation;
  readonly random: Random;
  readonly household: Household;
  readonly internet: Internet;
  readonly line: Line;
  /** How long the router lends addresses. */
  readonly leaseSeconds: number;
  readonly router: Host;
  readonly prefix6: Uint8Array;
  readonly domain: string;
  /** When the capture ends, microseconds since 1970. */
  readonly end: number;
  /** Factor on the size of videos, downloads and updates; everything else has its natural size. */
  readonly bulk: number;
  readonly actors: Resident[] = [];
  readonly mdnsResponders: Array<{ actor: Resident; services: readonly MdnsService[] }> = [];
  readonly ssdpResponders: Array<{ actor: Resident; device: UpnpDevice }> = [];
  readonly #subnet: readonly [number, number, number];
  readonly #taken = new Set<number>([0, 1, 255]);
  readonly #resolved = new Map<string, number>();

  constructor(random: Random, start: number, end: number, bulk: number) {
    this.random = random;
    this.end = end;
    this.bulk = bulk;
    this.simulation = new Simulation(start);
    const layout = random.fork('layout');
    this.#subnet = layout.pick(SUBNETS);
    this.prefix6 = parseIpv6(`2001:db8:${layout.int(1, 0xffff).toString(16)}:${layout.int(0, 0xff).toString(16)}::`);
    this.domain = layout.pick(['lan', 'home', 'fritz.box', 'localdomain']);
    this.leaseSeconds = layout.pick([3600, 7200, 43_200, 86_400, 86_400, 864_000]);
    this.line = new Line(random.fork('line'));
    this.household = new Household(random.fork('household'), layout.int(2, 4));
    const [vendor, oui] = layout.pick(ROUTER_VENDORS);
    this.router = new Host({
      name: 'router',
      kind: 'router',
      vendor,
      mac: this.createMac(oui, layout),
      ip: Uint8Array.of(...this.#subnet, 1),
      stack: stacks.linux,
      wired: true,
      fingerprint: { hostname: 'router', vendorClass: null, requestList: [] },
      services: new Map([
        [53, 'dns'],
        [80, 'http'],
        [443, 'https'],
      ]),
      prefix6: this.prefix6,
      random: random.fork('router'),
    });
    this.router.up = true;
    this.internet = new Internet(random.fork('internet'), this.router.mac);
  }

  get hosts(): Host[] {
    return this.actors.map((actor) => actor.host);
  }

  createMac(oui: string, random: Random): Uint8Array {
    return Uint8Array.from([...oui.split(':').map((part) => Number.parseInt(part, 16)), ...random.bytes(3)]);
  }

  /** A free address of the home's network. */
  createIp(random: Random): Uint8Array {
    let last = 1;
    while (this.#taken.has(last)) last = random.int(20, 199);
    this.#taken.add(last);
    return Uint8Array.of(...this.#subnet, last);
  }

  createHost(options: Omit<HostOptions, 'ip'>): Host {
    return new Host({ ...options, ip: this.createIp(options.random) });
  }

  /** An address of the network that need not belong to anybody. */
  address(last: number): Uint8Array {
    return Uint8Array.of(...this.#subnet, last);
  }

  hostAt(ip: Uint8Array): Host | undefined {
    return [this.router, ...this.hosts].find((host) => host.v4.ip.every((byte, i) => byte === ip[i]));
  }

  /** Devices of a kind that are in the network now. */
  online(kind: string): Host[] {
    return this.hosts.filter((host) => host.kind === kind && host.up);
  }

  /** What a connection attempt meets now. */
  answer(remote: Remote, port: number): 'open' | 'closed' | 'silent' {
    if (remote instanceof Host) return remote.answers(port);
    if (this.line.isDown(this.simulation.now)) return 'silent';
    const state = this.line.nameState(remote.name);
    return state === 'dead' ? 'silent' : state === 'refusing' ? 'closed' : remote.answers(port);
  }

  /** Seconds since the router's resolver learned the name: 0 when it has to ask now. */
  cacheAge(name: string, ttl: number): number {
    const since = this.#resolved.get(name);
    const age = since === undefined ? ttl : Math.floor((this.simulation.now - since) / SECOND);
    if (age < ttl && since !== undefined) return age;
    this.#resolved.set(name, this.simulation.now);
    return 0;
  }

  spawn(process: Process, delaySeconds = 0): void {
    this.simulation.spawn(this, process, delaySeconds * SECOND);
  }
}
