/** What a kind of device is: its brands, as they show on the network, and what it does once it is in. */
import { Actor } from '../engine/actor.ts';
import type { Home } from '../engine/home.ts';
import type { Host, Service, Stack } from '../engine/host.ts';
import type { Random } from '../engine/random.ts';
import { HOUR, type Process, SECOND, type Tag } from '../engine/simulation.ts';
import { type CloudLinkOptions, cloudLink } from '../session/cloud-link.ts';
import { join, keepNeighbours, renewLease } from '../session/dhcp.ts';
import { MDNS_GROUP, mdnsAnnounce } from '../session/mdns.ts';
import { pingRouter } from '../session/ping.ts';
import { SSDP_GROUP, ssdpAnnounce } from '../session/ssdp.ts';
import { strayData } from '../session/stray.ts';
import { formatMac } from '../wire/address.ts';
import type { MdnsService } from '../wire/application/dns.ts';
import type { UpnpDevice } from '../wire/application/ssdp.ts';
import { membershipReport } from '../wire/igmp.ts';

/** A maker's product line, as it shows on the network. */
export interface Brand {
  readonly vendor: string;
  readonly model: string;
  /** Address blocks of the maker; null for a randomised address (locally administered). */
  readonly oui: string | null;
  /** DHCP option 12; `#` stands for the end of the hardware address, upper case. Null: none is sent. */
  readonly hostname: string | null;
  /** DHCP option 60 and 55. */
  readonly vendorClass: string | null;
  readonly requestList: readonly number[];
  readonly padded?: boolean;
  readonly stack: Stack;
  readonly wired?: boolean;
  readonly ipv6?: boolean;
  readonly services?: ReadonlyArray<readonly [port: number, service: Service]>;
}

export interface DeviceKind<B extends Brand = Brand> {
  readonly kind: string;
  readonly brands: readonly B[];
  /** In somebody's pocket: it leaves and returns with its owner. */
  readonly carried?: boolean;
  /** Starts what it does from the moment it has an address. */
  start(device: Device<B>): void;
}

export function defineDevice<const B extends Brand>(kind: DeviceKind<B>): DeviceKind<B> {
  return kind;
}

export class Device<B extends Brand = Brand> extends Actor {
  readonly kind: DeviceKind<B>;
  readonly brand: B;
  /** Constant over the life of the device: its periods, sizes and tastes. */
  readonly habits: Random;
  /** Broken or unplugged: it does not come back by itself. */
  disabled = false;
  /** The person it belongs to. */
  readonly owner: number;

  constructor(home: Home, host: Host, tag: Tag, random: Random, kind: DeviceKind<B>, brand: B, owner: number) {
    super(home, host, tag, random);
    this.kind = kind;
    this.brand = brand;
    this.habits = random.fork('habits');
    this.owner = owner;
  }

  /** Number of people at home and awake. */
  get people(): number {
    return this.home.household.active(this.now);
  }

  /** Keeps a connection to its maker. */
  link(name: string, profile: CloudLinkOptions['profile'], options: Omit<CloudLinkOptions, 'name' | 'profile'>): void {
    this.spawn(cloudLink(this, { name, profile, ...options }));
  }

  /** Offers services by mDNS: announced now, answered to whoever asks. */
  offer(services: readonly MdnsService[]): void {
    this.send(membershipReport(this.host.v4, [MDNS_GROUP]));
    const known = this.home.mdnsResponders.find(({ actor }) => actor === this);
    if (!known) this.home.mdnsResponders.push({ actor: this, services });
    this.spawn(mdnsAnnounce(this, services), 0.5);
  }

  /** Offers itself by UPnP: announced now and every period, answered to whoever searches. */
  offerUpnp(upnp: UpnpDevice, periodSeconds: number): void {
    this.send(membershipReport(this.host.v4, [SSDP_GROUP]));
    const known = this.home.ssdpResponders.find(({ actor }) => actor === this);
    if (!known) this.home.ssdpResponders.push({ actor: this, device: upnp });
    this.spawn(this.every(periodSeconds, 0.02, () => ssdpAnnounce(this, upnp)));
  }

  /** Version 4 layout, from the device's own stream. */
  uuid(): string {
    const hex = this.habits.fork('uuid').hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** End of the hardware address, upper case without colons. */
  macTail(bytes = 3): string {
    return formatMac(this.host.mac)
      .replaceAll(':', '')
      .slice(-2 * bytes)
      .toUpperCase();
  }
}

/** Builds one device and its place in the home; it is still switched off. */
export function createDevice(home: Home, kind: DeviceKind, name: string, owner: number): Device {
  const random = home.random.fork(`device/${name}`);
  const brand = random.pick(kind.brands);
  const mac = home.createMac(brand.oui ?? '02:00:00', random);
  if (brand.oui === null) {
    mac.set(random.bytes(3));
    mac[0] = (mac[0]! & 0xfc) | 2;
  }
  const tail = formatMac(mac).replaceAll(':', '').slice(-6).toUpperCase();
  const host = home.createHost({
    name,
    kind: kind.kind,
    vendor: brand.vendor,
    mac,
    stack: brand.stack,
    wired: brand.wired ?? false,
    fingerprint: {
      hostname: brand.hostname?.replace('#', tail) ?? null,
      vendorClass: brand.vendorClass,
      requestList: brand.requestList,
      ...(brand.padded && { padded: true }),
    },
    services: new Map(brand.services ?? []),
    prefix6: brand.ipv6 ? home.prefix6 : null,
    random: random.fork('host'),
  });
  return new Device(home, host, { label: 'benign', detail: '-', device: name }, random, kind, brand, owner);
}

/** Joins the network and begins its life. */
export function* switchOn(device: Device): Process {
  yield* join(device);
  device.spawn(renewLease(device));
  device.spawn(keepNeighbours(device));
  const watch = device.habits.fork('watch');
  if (watch.bool(0.25)) {
    const count = watch.int(1, 3);
    device.spawn(device.every(watch.pick([30, 60, 300]), 0.02, () => pingRouter(device, count)));
  }
  device.kind.start(device);
}

/** Vanishes, as when it loses power or its owner leaves the house. */
export function switchOff(device: Device): void {
  device.host.up = false;
  device.home.simulation.stop(device.host);
}

/** Loses the network now and then and joins again; a badly placed device every hour, a good one every few days. */
export function* loseNetwork(device: Device): Process {
  const { home, host, random, habits } = device;
  const meanHours = Math.max(1.5, habits.fork('reception').logNormal(host.wired ? 400 : 70, 1.1));
  for (;;) {
    yield random.exponential(meanHours * HOUR);
    if (!host.up) continue;
    switchOff(device);
    home.spawn(strayData(device));
    yield random.logNormal(12, 1.2) * SECOND;
    if (!device.disabled) device.spawn(switchOn(device));
  }
}

/** A carried device comes and goes with its owner. */
export function* followOwner(device: Device): Process {
  const { home, owner } = device;
  let here = false;
  for (;;) {
    const away = home.household.isAway(owner, device.now);
    if (away && here) switchOff(device);
    if (!away && !here) device.spawn(switchOn(device), device.random.uniform(1, 60));
    here = !away;
    yield home.household.untilChange(owner, device.now) + SECOND;
  }
}
