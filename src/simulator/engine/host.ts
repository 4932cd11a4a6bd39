/** Machines: those of the home and those far away, with what their network stack does. */
import type { Endpoint } from '../wire/address.ts';
import { eui64, parseIpv6 } from '../wire/address.ts';
import type { DhcpFingerprint } from '../wire/application/dhcp.ts';
import type { OptionLayout } from '../wire/tcp.ts';
import type { Random } from './random.ts';

/** Habits of a TCP/IP implementation. */
export interface Stack {
  readonly ttl: number;
  readonly layout: OptionLayout;
  /** Window in the SYN, and the shift that it offers. */
  readonly window: number;
  readonly windowScale: number;
  readonly identification: 'random' | 'increment' | 'zero';
  readonly ports: readonly [from: number, to: number, order: 'random' | 'sequential'];
  /** Asks for AAAA beside A. */
  readonly queriesAaaa: boolean;
}

export const stacks = {
  linux: {
    ttl: 64,
    layout: 'linux',
    window: 64240,
    windowScale: 7,
    identification: 'random',
    ports: [32768, 60999, 'random'],
    queriesAaaa: true,
  },
  /** An old kernel on a small device. */
  embedded: {
    ttl: 64,
    layout: 'linux',
    window: 29200,
    windowScale: 4,
    identification: 'increment',
    ports: [32768, 60999, 'random'],
    queriesAaaa: false,
  },
  lwip: {
    ttl: 255,
    layout: 'lwip',
    window: 5744,
    windowScale: 0,
    identification: 'increment',
    ports: [49153, 65535, 'sequential'],
    queriesAaaa: false,
  },
  android: {
    ttl: 64,
    layout: 'linux',
    window: 65535,
    windowScale: 9,
    identification: 'zero',
    ports: [32768, 60999, 'random'],
    queriesAaaa: true,
  },
  apple: {
    ttl: 64,
    layout: 'apple',
    window: 65535,
    windowScale: 6,
    identification: 'zero',
    ports: [49152, 65535, 'random'],
    queriesAaaa: true,
  },
  windows: {
    ttl: 128,
    layout: 'windows',
    window: 64240,
    windowScale: 8,
    identification: 'increment',
    ports: [49152, 65535, 'sequential'],
    queriesAaaa: true,
  },
} as const satisfies Record<string, Stack>;

/** What listens on a port; it decides what an attacker gets to see. */
export type Service = 'telnet' | 'ssh' | 'http' | 'https' | 'mqtt' | 'rtsp' | 'ipp' | 'dns' | 'smb' | 'vendor';

/** The other end of a conversation. */
export interface Remote {
  readonly name: string;
  readonly v4: Endpoint;
  readonly v6: Endpoint | null;
  readonly stack: Stack;
  /** Microseconds from a packet's passing the capture point to the answer's passing it. */
  readonly latency: number;
  /** Microseconds per full segment that it sends: its bandwidth. */
  readonly pace: number;
  /** Probability that a segment of its bulk data needs a retransmission. */
  readonly loss: number;
  answers(port: number): 'open' | 'closed' | 'silent';
}

export interface HostOptions {
  name: string;
  kind: string;
  vendor: string;
  mac: Uint8Array;
  ip: Uint8Array;
  stack: Stack;
  wired: boolean;
  fingerprint: DhcpFingerprint;
  services: ReadonlyMap<number, Service>;
  /** The home's IPv6 prefix where this device speaks IPv6. */
  prefix6: Uint8Array | null;
  random: Random;
}

/** A machine on the home's network. */
export class Host implements Remote {
  readonly name: string;
  readonly kind: string;
  readonly vendor: string;
  readonly stack: Stack;
  readonly wired: boolean;
  readonly fingerprint: DhcpFingerprint;
  readonly v4: Endpoint;
  readonly v6: Endpoint | null;
  readonly linkLocal: Endpoint | null;
  readonly services: Map<number, Service>;
  readonly latency: number;
  readonly pace: number;
  readonly loss: number;
  readonly random: Random;
  /** Switched on and in the network. */
  up = false;
  /** Names it has looked up: until when the answer holds, and the address that it uses. */
  readonly names = new Map<string, { until: number; remote: Remote }>();
  /** Neighbours whose hardware address it knows, and until when it trusts that. */
  readonly neighbours = new Map<Remote, number>();
  #nextPort: number;

  constructor(options: HostOptions) {
    const { name, kind, vendor, mac, ip, stack, wired, random, prefix6 } = options;
    [this.name, this.kind, this.vendor, this.stack, this.wired] = [name, kind, vendor, stack, wired];
    this.fingerprint = options.fingerprint;
    this.random = random;
    this.services = new Map(options.services);
    this.latency = wired ? random.uniform(150, 500) : random.logNormal(2200, 0.4);
    this.pace = wired ? 125 : random.logNormal(500, 0.4);
    this.loss = wired ? 0.0001 : 0.0015;
    this.#nextPort = random.int(stack.ports[0], stack.ports[1]);
    let identification = random.int(0, 0xffff);
    const nextId = (): number => {
      if (stack.identification === 'zero') return 0;
      if (stack.identification === 'random') return random.int(0, 0xffff);
      identification = (identification + 1) & 0xffff;
      return identification;
    };
    const endpoint = (address: Uint8Array): Endpoint => ({ mac, ip: address, ttl: stack.ttl, nextId, padded: wired });
    this.v4 = endpoint(ip);
    this.linkLocal = prefix6 && endpoint(eui64(parseIpv6('fe80::'), mac));
    // Privacy addresses (RFC 8981) where the stack is a person's computer, else from the hardware address.
    const personal = stack.layout === 'apple' || stack.layout === 'windows' || stack.identification === 'zero';
    this.v6 = prefix6 && endpoint(personal ? privacyAddress(prefix6, random) : eui64(prefix6, mac));
  }

  get mac(): Uint8Array {
    return this.v4.mac;
  }

  answers(port: number): 'open' | 'closed' | 'silent' {
    if (!this.up) return 'silent';
    return this.services.has(port) ? 'open' : 'closed';
  }

  nextPort(): number {
    const [from, to, order] = this.stack.ports;
    if (order === 'random') return this.random.int(from, to);
    this.#nextPort = this.#nextPort >= to ? from : this.#nextPort + 1;
    return this.#nextPort;
  }
}

function privacyAddress(prefix: Uint8Array, random: Random): Uint8Array {
  const ip = new Uint8Array(16);
  ip.set(prefix.subarray(0, 8));
  ip.set(random.bytes(8), 8);
  return ip;
}
