/**
 * What a host tries: every first packet to a service, counted when it is sent. Whether it was answered is known seconds
 * later, or never where the capture ends; a rule that judges answers counts nothing itself.
 */
import type { Host } from '../../../feature/host.ts';
import { FewSet } from './few-set.ts';

/** Longer than it takes until an attempt is judged: what was sent meanwhile belongs to what begins with it. Seconds. */
const JUDGED_WITHIN = 5;
/** More services of one episode are not told apart. */
const MOST_PAIRS = 131_072;
/** An episode is about these ports: each of as many addresses as a tenth of the busiest one has, three at most. */
const MAIN_PORTS = 3;
const MAIN_SHARE = 0.1;
/** They have this share of all attempts, else it is about no ports in particular; the same goes for one address. */
const NEARLY_ALL = 0.9;
/** Stands for a port where there is none: pings. */
const NO_PORT = -1;

export type Transport = 'tcp' | 'udp' | 'ping';

interface Attempt {
  ts: number;
  resp: Host;
  port: number;
  proto: Transport;
}

/** The different services of one transport: whom each port was tried of, and how many ports of each. */
class Services {
  readonly proto: Transport;
  readonly byPort = new Map<number, FewSet<Host>>();
  readonly byHost = new Map<Host, number>();
  pairs = 0;

  constructor(proto: Transport) {
    this.proto = proto;
  }

  leads(other: Services): boolean {
    if (this.proto === 'ping') return other.proto === 'ping' && this.pairs > other.pairs;
    return other.proto === 'ping' || this.pairs > other.pairs;
  }
}
const NONE = new Services('ping');

export interface Tried {
  /** The transport of most attempts; the numbers are of that one. */
  proto: Transport;
  /** The address that nearly all of it goes to. */
  target: Host | null;
  addresses: number;
  ports: number;
  /** The port of most addresses, and all of them where it is about a few. */
  port?: number;
  port_list?: string;
  /** The numbers are a ceiling: there was more. */
  at_least?: 1;
}

export class Attempts {
  since: number;
  /** Mostly there is one attempt and no more: in a flood of made-up senders everybody has one. */
  private first: Attempt | null = null;
  private recent: Attempt[] = [];
  private from = 0;
  private services: Map<Transport, Services> | null = null;
  /** The transport of most. Pings lead only where there is nothing else: what answers them is tried next. */
  private leading: Services = NONE;
  private isFull = false;

  constructor(ts: number) {
    this.since = ts;
  }

  /** Different services so far, of the transport that has most. */
  get size(): number {
    return this.first !== null ? 1 : this.leading.pairs;
  }

  add(ts: number, resp: Host, proto: Transport, port: number): void {
    const attempt = { ts, resp, proto, port: proto === 'ping' ? NO_PORT : port };
    if (this.first === null && this.services === null) {
      this.first = attempt;
      return;
    }
    if (this.first !== null) {
      const { first } = this;
      this.first = null;
      this.note(first);
    }
    this.note(attempt);
  }

  /** Another episode begins: what was tried before `since` is none of it. */
  restart(since: number): void {
    this.since = since;
    if (this.first !== null) {
      if (this.first.ts < since) this.first = null;
      return;
    }
    const kept = this.recent.slice(this.from).filter(({ ts }) => ts >= since);
    this.services = null;
    this.leading = NONE;
    this.recent = [];
    [this.from, this.isFull] = [0, false];
    for (const attempt of kept) this.note(attempt);
  }

  /** What it was about. */
  summary(): Tried {
    if (this.first !== null) this.note(this.first);
    this.first = null;
    const { proto, byPort, byHost, pairs } = this.leading;
    const common = { proto, ...(this.isFull && { at_least: 1 as const }) };
    const ports = [...byPort].filter(([port]) => port !== NO_PORT);
    const [top, widest] = ports.reduce((a, b) => (b[1].size > a[1].size ? b : a), [
      NO_PORT,
      new FewSet<Host>(),
    ] as const);
    const port = ports.length > 0 ? { port: top } : {};
    const [target, most] = [...byHost].reduce<[Host | null, number]>((a, b) => (b[1] > a[1] ? b : a), [null, 0]);
    if (target !== null && (byHost.size === 1 || (most >= NEARLY_ALL * pairs && most > MAIN_PORTS))) {
      const own = ports.filter(([, hosts]) => hosts.has(target));
      return { target, addresses: 1, ports: own.length, ...(own.length > 0 && { port: own[0][0] }), ...common };
    }
    const main = ports.filter(([, hosts]) => hosts.size >= MAIN_SHARE * widest.size);
    const covered = main.reduce((sum, [, hosts]) => sum + hosts.size, 0);
    if (main.length === 0 || main.length > MAIN_PORTS || covered < NEARLY_ALL * pairs)
      return { target: null, addresses: byHost.size, ports: ports.length, ...port, ...common };
    if (main.length === 1) return { target: null, addresses: widest.size, ports: 1, ...port, ...common };
    const addresses = new Set(main.flatMap(([, hosts]) => [...hosts])).size;
    const list = main
      .map(([each]) => each)
      .sort((a, b) => a - b)
      .join(', ');
    return { target: null, addresses, ports: main.length, ...port, port_list: list, ...common };
  }

  private note(attempt: Attempt): void {
    const { ts, resp, port } = attempt;
    this.recent.push(attempt);
    while (this.recent[this.from].ts < ts - JUDGED_WITHIN) this.from++;
    if (this.from > 1024 && this.from > this.recent.length / 2) {
      this.recent = this.recent.slice(this.from);
      this.from = 0;
    }
    this.services ??= new Map();
    let own = this.services.get(attempt.proto);
    if (!own) {
      own = new Services(attempt.proto);
      this.services.set(attempt.proto, own);
    }
    let hosts = own.byPort.get(port);
    if (hosts?.has(resp)) return;
    if (own.pairs >= MOST_PAIRS) {
      this.isFull = true;
      return;
    }
    if (!hosts) {
      hosts = new FewSet();
      own.byPort.set(port, hosts);
    }
    hosts.add(resp);
    own.byHost.set(resp, (own.byHost.get(resp) ?? 0) + 1);
    own.pairs++;
    if (own.leads(this.leading)) this.leading = own;
  }
}
