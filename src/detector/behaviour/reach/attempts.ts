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

interface Attempt {
  ts: number;
  resp: Host;
  port: number;
}

export interface Tried {
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
  private byPort: Map<number, FewSet<Host>> | null = null;
  private byHost: Map<Host, number> | null = null;
  private pairs = 0;
  private isFull = false;

  constructor(ts: number) {
    this.since = ts;
  }

  /** Different services so far. */
  get size(): number {
    return this.byPort === null && this.first !== null ? 1 : this.pairs;
  }

  add(ts: number, resp: Host, port: number | null): void {
    const attempt = { ts, resp, port: port ?? NO_PORT };
    if (this.first === null && this.byPort === null) {
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
    this.byPort = this.byHost = null;
    this.recent = [];
    [this.from, this.pairs, this.isFull] = [0, 0, false];
    for (const attempt of kept) this.note(attempt);
  }

  /** What it was about. */
  summary(): Tried {
    if (this.first !== null) this.note(this.first);
    this.first = null;
    const byPort = this.byPort ?? new Map<number, FewSet<Host>>();
    const byHost = this.byHost ?? new Map<Host, number>();
    const ceiling = this.isFull ? { at_least: 1 as const } : {};
    const ports = [...byPort].filter(([port]) => port !== NO_PORT);
    const [top, widest] = ports.reduce((a, b) => (b[1].size > a[1].size ? b : a), [
      NO_PORT,
      new FewSet<Host>(),
    ] as const);
    const port = ports.length > 0 ? { port: top } : {};
    const [target, most] = [...byHost].reduce<[Host | null, number]>((a, b) => (b[1] > a[1] ? b : a), [null, 0]);
    if (target !== null && (byHost.size === 1 || (most >= NEARLY_ALL * this.pairs && most > MAIN_PORTS))) {
      const own = ports.filter(([, hosts]) => hosts.has(target));
      return { target, addresses: 1, ports: own.length, ...(own.length > 0 && { port: own[0][0] }), ...ceiling };
    }
    const main = ports.filter(([, hosts]) => hosts.size >= MAIN_SHARE * widest.size);
    const covered = main.reduce((sum, [, hosts]) => sum + hosts.size, 0);
    if (main.length === 0 || main.length > MAIN_PORTS || covered < NEARLY_ALL * this.pairs)
      return { target: null, addresses: byHost.size, ports: ports.length, ...port, ...ceiling };
    if (main.length === 1) return { target: null, addresses: widest.size, ports: 1, ...port, ...ceiling };
    const addresses = new Set(main.flatMap(([, hosts]) => [...hosts])).size;
    const list = main
      .map(([each]) => each)
      .sort((a, b) => a - b)
      .join(', ');
    return { target: null, addresses, ports: main.length, ...port, port_list: list, ...ceiling };
  }

  private note(attempt: Attempt): void {
    const { ts, resp, port } = attempt;
    this.recent.push(attempt);
    while (this.recent[this.from].ts < ts - JUDGED_WITHIN) this.from++;
    if (this.from > 1024 && this.from > this.recent.length / 2) {
      this.recent = this.recent.slice(this.from);
      this.from = 0;
    }
    this.byPort ??= new Map();
    this.byHost ??= new Map();
    let hosts = this.byPort.get(port);
    if (hosts?.has(resp)) return;
    if (this.pairs >= MOST_PAIRS) {
      this.isFull = true;
      return;
    }
    if (!hosts) {
      hosts = new FewSet();
      this.byPort.set(port, hosts);
    }
    hosts.add(resp);
    this.byHost.set(resp, (this.byHost.get(resp) ?? 0) + 1);
    this.pairs++;
  }
}
