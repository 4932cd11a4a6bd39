/**
 * A device that keeps calling strangers who do not answer: SYN after SYN to addresses that it never reached. Malware
 * whose command server is gone does that; so does a device whose cloud is down, but that address it has met before.
 */
import type { Host } from '../../../feature/host.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import { PROTO_TCP, TCP_ACK, TCP_SYN } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import { weightOfSilence } from '../access/line.ts';
import type { Behaviour, Context, Names } from '../behaviour.ts';

/** A call is dead after this many SYNs (Linux sends six or seven in all). */
const DEAD_AFTER = 4;
/** Dead calls to different strangers; one dead web site is everyday life. */
const STRANGERS = 2;
const WINDOW = 300;
/** In a house without a past nothing is known of what answers. */
const COLD_FACTOR = 3;
/** There a stranger counts three times that is called by its bare address, or in vain for half an hour. */
const STUBBORN = 3;
const IN_VAIN = 1800;
/** A device that meets more addresses than this is one that people browse with: strangers are its daily life. */
const SOCIABLE = 50;
const MOST = 4096;
/** SYNs to one address that are counted. */
const MOST_CALLS = 64;
/** Reported again when there are so many more. */
const GROWTH = 0.01;

/** An address that has not answered yet, or all addresses that were looked up by one name. */
interface Stranger {
  addresses: Set<string>;
  /** Since when it is called in vain. */
  since: number;
  /** SYNs of the window, and all since then. */
  calls: number[];
  all: number;
  /** What it counts: 0 until a call is dead. */
  weight: number;
}

interface Caller {
  /** By the time of the last call, the oldest first. */
  strangers: Map<string, Stranger>;
  /** Sums over the strangers: those whose calls are dead, and what they count without a past. */
  dead: number;
  weight: number;
  /** Strangers of this episode that are not called any more: they did not answer either. */
  gone: Map<string, { addresses: Set<string>; calls: number; since: number }>;
  /** Calls when it was reported last, and those since then. */
  told: number;
  untold: number;
  /** Addresses that answered, ever. */
  reached: Set<string>;
}

export function createCalling(): Behaviour {
  const callers = new WeakMap<Host, Caller>();
  /** Addresses outside that answered each device while learning. */
  const met = new Map<string, Set<string>>();

  const newCaller = (): Caller => ({
    ...{ strangers: new Map(), dead: 0, weight: 0, gone: new Map(), told: 0, untold: 0, reached: new Set() },
  });

  function forget(caller: Caller, address: string, { weight }: Stranger): void {
    caller.strangers.delete(address);
    caller.dead -= weight > 0 ? 1 : 0;
    caller.weight -= weight;
  }

  /** A device whose owner keeps it in tries one address of its cloud after the other: it is one stranger. */
  const keyOf = (address: string, names: Names): string => names.nameOf(address)?.name ?? address;

  function answered(caller: Caller, { orig, resp }: Channel, { learning, names }: Context): void {
    const key = keyOf(resp.address, names);
    const stranger = caller.strangers.get(key);
    if (stranger) forget(caller, key, stranger);
    caller.gone.delete(key);
    if (caller.reached.size < MOST) caller.reached.add(resp.address);
    if (!learning) return;
    const own = getOrCreate(met, orig.address, () => new Set<string>());
    if (own.size < MOST) own.add(resp.address);
  }

  function call(caller: Caller, link: Link, { ts, names }: Context): void {
    const { address } = link.channel.resp;
    const key = keyOf(address, names);
    const none = { addresses: new Set<string>(), since: ts, calls: [], all: 0, weight: 0 };
    const stranger: Stranger = caller.strangers.get(key) ?? none;
    forget(caller, key, stranger);
    const { addresses, calls, since } = stranger;
    if (addresses.size < MOST_CALLS) addresses.add(address);
    calls.push(ts);
    stranger.all++;
    while (calls[0] < ts - WINDOW || calls.length > MOST_CALLS) calls.shift();
    if (calls.length >= DEAD_AFTER) {
      const acquaintance = names.of(link);
      const isStubborn = acquaintance === 'bare' || (acquaintance === 'unknown' && ts - since > IN_VAIN);
      stranger.weight = isStubborn ? STUBBORN : 1;
    } else stranger.weight = 0;
    caller.strangers.set(key, stranger);
    caller.dead += stranger.weight > 0 ? 1 : 0;
    caller.weight += stranger.weight;
    for (const [oldest, other] of caller.strangers) {
      if (other.calls.at(-1)! >= ts - WINDOW && caller.strangers.size <= MOST) break;
      forget(caller, oldest, other);
      const { addresses: others, all, since: begun } = other;
      const before = caller.gone.get(oldest) ?? { addresses: others, calls: 0, since: begun };
      if (caller.gone.size < MOST) caller.gone.set(oldest, { ...before, calls: before.calls + all });
    }
    if (caller.dead > 0) return;
    caller.gone.clear();
    caller.told = caller.untold = 0;
  }

  return {
    name: 'calling',
    packet(packet, step, context) {
      if (packet.proto !== PROTO_TCP) return;
      const { link } = step;
      const { orig, resp, port } = link.channel;
      if (orig.scope !== 'local' || resp.scope !== 'external') return;
      const caller = getOrCreate(callers, orig, newCaller);
      if (step.direction === 1) {
        answered(caller, link.channel, context);
        return;
      }
      if ((packet.tcpFlags & (TCP_SYN | TCP_ACK)) !== TCP_SYN) return;
      if (caller.reached.has(resp.address) || met.get(orig.address)?.has(resp.address)) return;
      if (!context.learning && context.names.isUsual(resp.address)) return;
      call(caller, link, context);
      const { ts } = context;
      const cold = !context.hasPast || context.learning || (met.get(orig.address)?.size ?? 0) > SOCIABLE;
      const bar = (STRANGERS * (cold ? COLD_FACTOR : 1)) / weightOfSilence(orig, ts);
      const weight = cold ? caller.weight : caller.dead;
      caller.untold++;
      if (weight < bar || caller.untold < GROWTH * caller.told) return;
      // It is told of the dead calls, and of all that nobody has answered.
      const strangers = [...caller.strangers.values()];
      const silent = [...caller.gone.values(), ...strangers.map(({ all, ...rest }) => ({ ...rest, calls: all }))];
      const since = silent.reduce((first, stranger) => Math.min(first, stranger.since), ts);
      const calls = silent.reduce((sum, stranger) => sum + stranger.calls, 0);
      const called = new Set(silent.flatMap(({ addresses }) => [...addresses]));
      const [only] = called;
      Object.assign(caller, { told: calls, untold: 0 });
      context.report({
        kind: 'beacon',
        detector: 'calling',
        host: orig,
        target: called.size === 1 ? context.hosts.get(only, ts) : null,
        ts,
        since,
        strength: Math.log(weight / bar),
        evidence: { calls, addresses: called.size, port, seconds: ts - since },
      });
    },
    save: () => [...met].map(([device, addresses]) => [device, [...addresses]]),
    load(state: [string, string[]][]) {
      met.clear();
      for (const [device, addresses] of state) {
        const own = getOrCreate(met, device, () => new Set<string>());
        for (const address of addresses) own.add(address);
      }
    },
  };
}
