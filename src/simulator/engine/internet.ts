/** The rest of the world: names, the addresses that they resolve to, and how far away those are. */
import type { Endpoint } from '../wire/address.ts';
import { parseIpv6 } from '../wire/address.ts';
import type { TlsVersion } from '../wire/application/tls.ts';
import { type Remote, stacks } from './host.ts';
import { hash, type Random } from './random.ts';

interface Provider {
  readonly name: string;
  /** First octets of its networks. */
  readonly networks: readonly string[];
  readonly network6: string | null;
  /** Name that its hosts are aliases of; `#` becomes a number. */
  readonly alias: string | null;
  readonly ttls: readonly number[];
  /** How many addresses a name has in all, and in one answer. */
  readonly pool: number;
  readonly shown: number;
  /** Round trip in milliseconds, median. */
  readonly rtt: number;
  /** Share of its sites that speak QUIC. */
  readonly quic: number;
}

const providers = {
  aws: {
    name: 'aws',
    networks: ['52.', '3.2', '54.', '18.', '34.2'],
    network6: '2600:1f18:24e6:',
    alias: 'prod-#.us-east-1.elb.amazonaws.com',
    ttls: [60],
    pool: 6,
    shown: 3,
    rtt: 95,
    quic: 0.05,
  },
  awsEurope: {
    name: 'awsEurope',
    networks: ['52.3', '34.24', '54.7', '63.3'],
    network6: null,
    alias: 'iot-#.eu-west-1.elb.amazonaws.com',
    ttls: [60],
    pool: 4,
    shown: 3,
    rtt: 32,
    quic: 0,
  },
  google: {
    name: 'google',
    networks: ['142.250.', '172.217.', '216.58.'],
    network6: '2a00:1450:4001:',
    alias: null,
    ttls: [300],
    pool: 4,
    shown: 1,
    rtt: 12,
    quic: 0.95,
  },
  akamai: {
    name: 'akamai',
    networks: ['23.4', '104.8', '2.16.', '95.101.'],
    network6: '2a02:26f0:3500:',
    alias: 'e#.dscg.akamaiedge.net',
    ttls: [20],
    pool: 8,
    shown: 2,
    rtt: 9,
    quic: 0.3,
  },
  cloudflare: {
    name: 'cloudflare',
    networks: ['104.16.', '104.18.', '172.67.'],
    network6: '2606:4700:10:',
    alias: null,
    ttls: [300],
    pool: 2,
    shown: 2,
    rtt: 11,
    quic: 0.6,
  },
  fastly: {
    name: 'fastly',
    networks: ['151.101.', '199.232.'],
    network6: '2a04:4e42:400:',
    alias: 'dualstack.j.sni.global.fastly.net',
    ttls: [30],
    pool: 4,
    shown: 4,
    rtt: 11,
    quic: 0.5,
  },
  azure: {
    name: 'azure',
    networks: ['20.5', '40.7', '13.10', '52.16'],
    network6: '2603:1026:3000:',
    alias: 'prod-#.westeurope.cloudapp.azure.com',
    ttls: [10, 60],
    pool: 3,
    shown: 1,
    rtt: 24,
    quic: 0.05,
  },
  apple: {
    name: 'apple',
    networks: ['17.5', '17.25'],
    network6: '2a01:b740:a42:',
    alias: 'gs-loc-#.apple.com.akadns.net',
    ttls: [60],
    pool: 6,
    shown: 4,
    rtt: 18,
    quic: 0.2,
  },
  alibaba: {
    name: 'alibaba',
    networks: ['47.8', '47.25', '8.20'],
    network6: null,
    alias: null,
    ttls: [120, 600],
    pool: 2,
    shown: 1,
    rtt: 170,
    quic: 0,
  },
  hoster: {
    name: 'hoster',
    networks: ['88.19', '159.6', '185.19', '46.4', '193.10'],
    network6: null,
    alias: null,
    ttls: [300, 1800, 3600],
    pool: 1,
    shown: 1,
    rtt: 28,
    quic: 0.1,
  },
  ntp: {
    name: 'ntp',
    networks: ['162.159.', '129.25', '185.12', '5.9.', '91.20'],
    network6: null,
    alias: null,
    ttls: [130],
    pool: 24,
    shown: 4,
    rtt: 22,
    quic: 0,
  },
} as const satisfies Record<string, Provider>;

type ProviderName = keyof typeof providers;

/** Whose machines a domain runs on, by its ending; everything else is spread by weight. */
const OWNERS: ReadonlyArray<readonly [suffix: string, provider: ProviderName]> = [
  ['ntp.org', 'ntp'],
  ['time.apple.com', 'apple'],
  ['time.windows.com', 'azure'],
  ['time.google.com', 'google'],
  ['amazonalexa.com', 'aws'],
  ['amazon.com', 'aws'],
  ['amazonaws.com', 'aws'],
  ['tplinkcloud.com', 'awsEurope'],
  ['google.com', 'google'],
  ['googleapis.com', 'google'],
  ['gstatic.com', 'google'],
  ['googlevideo.com', 'google'],
  ['youtube.com', 'google'],
  ['ytimg.com', 'google'],
  ['doubleclick.net', 'google'],
  ['googletagmanager.com', 'google'],
  ['apple.com', 'apple'],
  ['icloud.com', 'apple'],
  ['mzstatic.com', 'akamai'],
  ['microsoft.com', 'azure'],
  ['windows.com', 'azure'],
  ['windowsupdate.com', 'akamai'],
  ['office.com', 'azure'],
  ['live.com', 'azure'],
  ['tuyaeu.com', 'awsEurope'],
  ['aliyuncs.com', 'alibaba'],
  ['mi.com', 'alibaba'],
  ['meethue.com', 'google'],
  ['nflxvideo.net', 'hoster'],
  ['netflix.com', 'aws'],
  ['ring.com', 'aws'],
  ['fbcdn.net', 'fastly'],
  ['playstation.net', 'akamai'],
  ['xboxlive.com', 'azure'],
];
const OTHERS: readonly ProviderName[] = ['cloudflare', 'akamai', 'aws', 'fastly', 'hoster', 'google', 'azure'];
const OTHER_WEIGHTS = [30, 16, 16, 8, 20, 6, 4];

export interface Site {
  readonly name: string;
  readonly alias: string | null;
  readonly ttl: number;
  readonly tls: TlsVersion;
  readonly quic: boolean;
  /** Whether the name has IPv6 addresses. */
  readonly dualStack: boolean;
  /** The machines that an answer names at this time. */
  remotes(now: number): readonly Remote[];
}

export class Internet {
  readonly #random: Random;
  readonly #gateway: Uint8Array;
  readonly #sites = new Map<string, Site>();
  readonly #byAddress = new Map<string, Remote>();

  /** `gateway` is the router's hardware address, which every far host has here. */
  constructor(random: Random, gateway: Uint8Array) {
    this.#random = random;
    this.#gateway = gateway;
  }

  /** What a name resolves to; the same for the same seed, and changing over time as content networks do. */
  site(name: string): Site {
    let site = this.#sites.get(name);
    if (site === undefined) {
      site = this.#createSite(name);
      this.#sites.set(name, site);
    }
    return site;
  }

  /** A machine by address, such as an attacker's server or a random victim. */
  machine(ip: Uint8Array, options: Partial<Pick<Remote, 'latency' | 'answers' | 'name'>> = {}): Remote {
    const key = ip.join('.');
    let machine = this.#byAddress.get(key);
    if (machine === undefined) {
      const random = this.#random.fork(`machine/${key}`);
      const stack = random.bool(0.85) ? stacks.linux : stacks.windows;
      machine = {
        name: key,
        v4: farEndpoint(this.#gateway, ip, stack.ttl - random.int(6, 18), random),
        v6: null,
        stack,
        latency: random.logNormal(60_000, 0.6),
        pace: random.logNormal(300, 0.5),
        loss: 0.002,
        answers: () => 'open',
        ...options,
      };
      this.#byAddress.set(key, machine);
    }
    return machine;
  }

  #createSite(name: string): Site {
    const random = this.#random.fork(`site/${name}`);
    const owner = OWNERS.find(([suffix]) => name === suffix || name.endsWith(`.${suffix}`))?.[1];
    const provider: Provider = providers[owner ?? OTHERS[random.weighted(OTHER_WEIGHTS)]!];
    const latency = random.logNormal(provider.rtt * 1000, 0.25);
    const dualStack = provider.network6 !== null && random.bool(0.7);
    const machines = Array.from({ length: provider.pool }, (_, i): Remote => {
      const own = random.fork(i);
      const ttl = 64 - own.int(6, 16);
      return {
        name,
        v4: farEndpoint(this.#gateway, address4(provider, own), ttl, own),
        v6: dualStack ? farEndpoint(this.#gateway, address6(provider, own), ttl, own) : null,
        stack: stacks.linux,
        latency: latency * own.uniform(0.9, 1.1),
        pace: own.logNormal(220, 0.3),
        loss: 0.001,
        answers: () => 'open',
      };
    });
    const ttl = random.pick(provider.ttls);
    const start = random.int(0, provider.pool - 1);
    // Answers move on with time, not with every query.
    const period = Math.max(600, ttl * 6) * 1e6;
    const key = `${name}#`;
    return {
      name,
      alias: provider.alias === null ? null : provider.alias.replace('#', String(random.int(1000, 99999))),
      ttl,
      tls: random.bool(0.75) ? '1.3' : '1.2',
      quic: random.bool(provider.quic),
      dualStack,
      remotes: (now) => {
        const turn = provider.pool > provider.shown ? hash(key + Math.floor(now / period)) : 0;
        return Array.from({ length: provider.shown }, (_, i) => machines[(start + turn + i) % provider.pool]!);
      },
    };
  }
}

function farEndpoint(mac: Uint8Array, ip: Uint8Array, ttl: number, random: Random): Endpoint {
  return { mac, ip, ttl, nextId: () => random.int(0, 0xffff), padded: false };
}

/** A network is the beginning of a dotted address, perhaps in the middle of an octet (`3.2` gives 3.20 to 3.29). */
function address4(provider: Provider, random: Random): Uint8Array {
  const prefix = random.pick(provider.networks);
  const started = prefix.split('.');
  const octets = started.map((part, i) => {
    if (i < started.length - 1) return Number(part);
    if (part === '') return random.int(1, 254);
    return Math.min(254, Number(part) * 10 + random.int(0, Number(part) === 25 ? 4 : 9));
  });
  while (octets.length < 4) octets.push(random.int(1, 254));
  return Uint8Array.from(octets);
}

function address6(provider: Provider, random: Random): Uint8Array {
  return parseIpv6(`${provider.network6}${random.int(1, 0xffff).toString(16)}::${random.int(1, 0xffff).toString(16)}`);
}
