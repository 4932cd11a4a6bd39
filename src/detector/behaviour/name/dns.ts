/**
 * Two ways to misuse names. Tunnels carry data in them: many different long labels under one domain, or new ones by the clock. Malware that
 * generates its rendezvous names asks for many domains that do not exist and look like nothing a person would type.
 */
import type { Host } from '../../../feature/host.ts';
import type { DnsMessage } from '../../../packet/layers/application/dns.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';
import { Clock, clockCut } from '../rhythm/clock.ts';
import { SlidingSum } from '../volume/sliding-sum.ts';
import { DnsStream } from './dns-stream.ts';
import { nameOddity } from './name-oddity.ts';
import { registeredDomain } from './registered-domain.ts';

const NO_SUCH_NAME = 3;
const WINDOW = 60;
const MINUTE = 60;
/** Payload of a tunnel: bytes of labels never seen before under one domain in a minute. A page load makes some hundred. */
const TUNNEL_BYTES = 1500;
const TUNNEL_NAMES = 20;
/** The same over an hour: names that a person would choose do not count. */
const HOUR_BYTES = 20_000;
const HOUR_NAMES = 200;
/** Different domains in a minute that do not exist and whose names are improbable. A typo makes one. */
const GENERATED = 8;
const MOST_DOMAINS = 256;
const MOST_NAMES = 2048;
/** A slow tunnel asks for a new name by the clock, for commands: this many, and three times the usual evidence. */
const CALLS = 15;
const CALLS_CUT = 3 * clockCut(1);
/** Faster ones carry data. Seconds. */
const FASTEST_CALLS = 1;
const SHORTEST_LABEL = 6;
/**
 * Reverse look-ups and lists of mail senders (an address, back to front) have long names by design. What else looks like
 * it (`_…`, `.local`) a resolver passes on as well.
 */
const NO_PAYLOAD = /(\.|^)(in-addr|ip6)\.arpa$|^(\d{1,3}\.){4}[a-z]/;

interface Domain {
  /** Bytes of new names in the last minute. */
  recent: SlidingSum;
  /** The same of the last hour, of improbable names. */
  hour: SlidingSum;
  names: Set<string>;
  /** The generation of names before: together they remember the last MOST_NAMES at least. */
  earlier: Set<string>;
  /** All new names since more than a few came in a minute. */
  tally: Tally;
  /** New names that look like nothing a person would choose, and all new names since that clock began. */
  clock: Clock | null;
  byClock: Tally;
}

/** What is said: counted since its beginning, whatever the rules look at. */
interface Tally {
  since: number;
  names: number;
  bytes: number;
}
const newTally = (ts: number): Tally => ({ since: ts, names: 0, bytes: 0 });
/** As many in a minute are everyday life, and no part of what may begin now. */
const FEW = 3;
const MOST_ABSENT = 65_536;
/** A clock that is told ticks once for each name, nearly. */
const IN_STEP = 1.05;

interface Asker {
  domains: Map<string, Domain>;
  /** Odd domains that do not exist, and when each was first asked for; the oldest first. */
  missing: Map<string, number>;
  /** All names that do not exist, since more than a few odd ones came in a minute. */
  absent: { since: number; names: Set<string> };
}

export function createDns(): Behaviour {
  const askers = new WeakMap<Host, Asker>();
  const usual = new Usual();
  const stream = new DnsStream();

  function tunnel(asker: Asker, host: Host, name: string, context: Context): void {
    const { ts } = context;
    const domain = registeredDomain(name);
    const payload = name.length - domain.length - 1;
    if (payload <= 0) return;
    const state: Domain = getOrCreate(asker.domains, domain, () => ({
      ...{ recent: new SlidingSum(), hour: new SlidingSum(MINUTE), names: new Set(), earlier: new Set(), clock: null },
      ...{ tally: newTally(ts), byClock: newTally(Number.NaN) },
    }));
    if (asker.domains.size > MOST_DOMAINS) asker.domains.delete(asker.domains.keys().next().value!);
    if (state.names.has(name) || state.earlier.has(name)) return;
    if (state.names.size >= MOST_NAMES) {
      state.earlier = state.names;
      state.names = new Set();
    }
    state.names.add(name);
    calls(state, host, domain, name, context);
    slowly(state, host, domain, name, context);
    state.recent.add(ts, payload);
    const { total: bytes, count } = state.recent;
    if (count <= FEW) state.tally = { since: state.recent.since, names: count, bytes };
    else {
      state.tally.names++;
      state.tally.bytes += payload;
    }
    const key = `tunnel ${host.address}`;
    const bar = usual.barFor(key, bytes, TUNNEL_BYTES, PAST_FACTOR, context.learning);
    if (bytes < bar || count < TUNNEL_NAMES) return;
    context.report({
      kind: 'dns-tunnel',
      detector: 'dns',
      host,
      target: null,
      ts,
      since: state.tally.since,
      strength: Math.log(bytes / bar),
      evidence: { domain, names: state.tally.names, bytes: state.tally.bytes, seconds: ts - state.tally.since },
    });
  }

  /** Little in each minute, and much in an hour. */
  function slowly({ hour }: Domain, host: Host, domain: string, name: string, context: Context): void {
    const { ts } = context;
    if (nameOddity(name.slice(0, name.indexOf('.'))) <= 0) return;
    hour.add(ts, name.length - domain.length - 1);
    const { total: bytes, count: names, since } = hour;
    const key = `hour ${host.address}`;
    const bar = usual.barFor(key, bytes, HOUR_BYTES, PAST_FACTOR, context.learning);
    if (bytes < bar || names < HOUR_NAMES) return;
    context.report({
      ...{ kind: 'dns-tunnel', detector: 'dns', host, target: null, ts, since, strength: Math.log(bytes / bar) },
      evidence: { domain, names, bytes, seconds: ts - since },
    });
  }

  function calls(state: Domain, host: Host, domain: string, name: string, context: Context): void {
    const label = name.slice(0, name.indexOf('.'));
    const payload = name.length - domain.length - 1;
    const { byClock } = state;
    byClock.names++;
    byClock.bytes += payload;
    if (label.length < SHORTEST_LABEL || nameOddity(label) <= 0) return;
    const { ts } = context;
    state.clock ??= new Clock(ts);
    const { clock } = state;
    const key = `calls ${host.address} ${domain}`;
    const isTick = clock.beat(ts);
    if (clock.since !== byClock.since)
      Object.assign(byClock, { since: clock.since, names: clock.events, bytes: clock.events * payload });
    if (!isTick) return;
    const isSlow = clock.period >= FASTEST_CALLS;
    const stands = isSlow && clock.intervals >= CALLS && clock.evidence >= CALLS_CUT;
    if (context.learning && !stands && clock.evidence >= CALLS_CUT / 2) usual.learn(key, clock.period);
    if (!stands || (!context.learning && usual.of(key) !== undefined)) return;
    const { since, intervals, evidence } = clock;
    const { names, bytes } = byClock;
    context.report({
      ...{ kind: 'dns-tunnel', detector: 'dns', host, target: null, ts, since },
      strength: evidence - CALLS_CUT,
      evidence:
        names <= IN_STEP * (intervals + 1)
          ? { domain, names, ...clock.measure() }
          : { domain, names, bytes, seconds: ts - since },
    });
  }

  function generated(asker: Asker, host: Host, name: string, context: Context): void {
    const { ts } = context;
    const domain = registeredDomain(name);
    const label = domain.split('.')[0];
    if (label.length < 6 || nameOddity(label) <= 0) return;
    if (asker.missing.has(domain)) return;
    asker.missing.set(domain, ts);
    for (const [old, since] of asker.missing) {
      if (since >= ts - WINDOW && asker.missing.size <= MOST_NAMES) break;
      asker.missing.delete(old);
    }
    const count = asker.missing.size;
    const key = `generated ${host.address}`;
    const bar = usual.barFor(key, count, GENERATED, PAST_FACTOR, context.learning);
    if (count < bar) return;
    context.report({
      kind: 'generated-names',
      detector: 'dns',
      host,
      target: null,
      ts,
      since: asker.absent.since,
      strength: Math.log(count / bar),
      evidence: { names: asker.absent.names.size, example: domain, seconds: ts - asker.absent.since },
    });
  }

  /** A name that does not exist, odd or not: it is said how many there were. */
  function absent(asker: Asker, name: string, ts: number): void {
    let recent = 0;
    for (const since of asker.missing.values()) if (since >= ts - WINDOW && ++recent > FEW) break;
    if (recent <= FEW) asker.absent = { since: ts, names: new Set() };
    if (asker.absent.names.size < MOST_ABSENT) asker.absent.names.add(name);
  }

  function take(message: DnsMessage, host: Host, ts: number, context: Context): void {
    const name = message.questions[0]?.name.toLowerCase();
    if (!name || NO_PAYLOAD.test(name)) return;
    const asker: Asker = getOrCreate(askers, host, () => ({
      ...{ domains: new Map(), missing: new Map(), absent: { since: context.ts, names: new Set() } },
    }));
    if (!message.isResponse) tunnel(asker, host, name, context);
    // Of packets that come out of order by minutes nothing is known of their pace.
    else if (message.rcode === NO_SUCH_NAME && ts >= context.ts - WINDOW) {
      absent(asker, name, context.ts);
      generated(asker, host, name, context);
    }
  }

  return {
    name: 'dns',
    packet(packet, step, context) {
      for (const message of stream.read(packet, step)) take(message, step.link.channel.orig, packet.ts, context);
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}
