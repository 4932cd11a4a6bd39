/**
 * A device that keeps calling strangers who do not answer: SYN after SYN to addresses that it never reached. Malware
 * whose command server is gone does that; so does a device whose cloud is down, but that address it has met before.
 */
import type { Host } from '../../feature/host.ts';
import type { Link } from '../../feature/link.ts';
import { PROTO_TCP, TCP_ACK, TCP_SYN } from '../../packet/packet.ts';
import { remember } from '../remember.ts';
import type { Behaviour } from './behaviour.ts';
import { weightOfSilence } from './line.ts';

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

interface Caller {
  /** Unanswered SYNs of the window: (time, responder). */
  calls: { ts: number; link: Link }[];
  /** Since when each address is called in vain. */
  since: Map<string, number>;
  /** Addresses that answered, ever. */
  reached: Set<string>;
}

export function createCalling(): Behaviour {
  const callers = new WeakMap<Host, Caller>();
  /** Addresses outside that answered each device while learning. */
  const met = new Map<string, Set<string>>();

  const callerOf = (host: Host): Caller =>
    remember(callers, host, () => ({ calls: [], since: new Map(), reached: new Set() }));

  return {
    name: 'calling',
    packet(packet, step, context) {
      if (packet.proto !== PROTO_TCP) return;
      const { link } = step;
      const { orig, resp, port } = link.channel;
      if (orig.scope !== 'local' || resp.scope !== 'external') return;
      const caller = callerOf(orig);
      if (step.direction === 1) {
        if (caller.reached.size < MOST) caller.reached.add(resp.address);
        if (context.learning) {
          const own = remember(met, orig.address, () => new Set<string>());
          if (own.size < MOST) own.add(resp.address);
        }
        return;
      }
      if ((packet.tcpFlags & (TCP_SYN | TCP_ACK)) !== TCP_SYN) return;
      if (caller.reached.has(resp.address) || met.get(orig.address)?.has(resp.address)) return;
      const { ts } = context;
      caller.calls.push({ ts, link });
      while (caller.calls[0].ts < ts - WINDOW || caller.calls.length > MOST) caller.calls.shift();
      if (caller.since.size >= MOST) caller.since.clear();
      remember(caller.since, resp.address, () => ts);
      const dead = caller.calls.filter((call) => !caller.reached.has(call.link.channel.resp.address));
      caller.calls = dead;
      const attempts = new Map<string, { count: number; link: Link }>();
      for (const call of dead) {
        const { address } = call.link.channel.resp;
        attempts.set(address, { count: (attempts.get(address)?.count ?? 0) + 1, link: call.link });
      }
      const strangers = [...attempts].filter(([, { count }]) => count >= DEAD_AFTER);
      const addresses = strangers.length;
      const cold = !context.hasPast || context.learning || (met.get(orig.address)?.size ?? 0) > SOCIABLE;
      const isStubborn = ([address, call]: (typeof strangers)[number]): boolean => {
        const acquaintance = context.names.of(call.link);
        return acquaintance === 'bare' || (acquaintance === 'unknown' && ts - caller.since.get(address)! > IN_VAIN);
      };
      const weight = cold
        ? strangers.reduce((sum, stranger) => sum + (isStubborn(stranger) ? STUBBORN : 1), 0)
        : addresses;
      const bar = (STRANGERS * (cold ? COLD_FACTOR : 1)) / weightOfSilence(orig, ts);
      if (weight < bar) return;
      context.report({
        kind: 'beacon',
        detector: 'calling',
        host: orig,
        target: addresses === 1 ? resp : null,
        ts,
        since: dead[0].ts,
        strength: Math.log(weight / bar),
        evidence: { calls: dead.length, addresses, port, seconds: ts - dead[0].ts },
      });
    },
    save: () => [...met].map(([device, addresses]) => [device, [...addresses]]),
    load(state) {
      met.clear();
      for (const [device, addresses] of state as [string, string[]][]) met.set(device, new Set(addresses));
    },
  };
}
