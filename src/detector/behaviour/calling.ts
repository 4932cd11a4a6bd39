/**
 * A device that keeps calling strangers who do not answer: SYN after SYN to addresses that it never reached. Malware
 * whose command server is gone does that; so does a device whose cloud is down, but that address it has met before.
 */
import type { Host } from '../../feature/host.ts';
import { PROTO_TCP, TCP_ACK, TCP_SYN } from '../../packet/packet.ts';
import { remember } from '../remember.ts';
import type { Behaviour } from './behaviour.ts';
import { weightOfSilence } from './line.ts';

/** One dead call is five or six SYNs (Linux's tcp_syn_retries); this is the second call. */
const CALLS = 8;
const WINDOW = 300;
/** In a house without a past nothing is known of what answers. */
const COLD_FACTOR = 3;
const MOST = 4096;

interface Caller {
  /** Unanswered SYNs of the window: (time, responder). */
  calls: { ts: number; resp: Host; port: number }[];
  /** Addresses that answered, ever. */
  reached: Set<string>;
}

export function createCalling(): Behaviour {
  const callers = new WeakMap<Host, Caller>();
  const met = new Set<string>();

  const callerOf = (host: Host): Caller => remember(callers, host, () => ({ calls: [], reached: new Set() }));

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
        if (context.learning && met.size < MOST) met.add(`${orig.address}>${resp.address}`);
        return;
      }
      if ((packet.tcpFlags & (TCP_SYN | TCP_ACK)) !== TCP_SYN) return;
      if (caller.reached.has(resp.address) || met.has(`${orig.address}>${resp.address}`)) return;
      const { ts } = context;
      caller.calls.push({ ts, resp, port });
      while (caller.calls[0].ts < ts - WINDOW || caller.calls.length > MOST) caller.calls.shift();
      const dead = caller.calls.filter((call) => !caller.reached.has(call.resp.address));
      caller.calls = dead;
      const bar = (CALLS * (context.hasPast && !context.learning ? 1 : COLD_FACTOR)) / weightOfSilence(orig, ts);
      if (dead.length < bar) return;
      const addresses = new Set(dead.map((call) => call.resp.address));
      context.report({
        kind: 'beacon',
        detector: 'calling',
        host: orig,
        target: addresses.size === 1 ? resp : null,
        ts,
        since: dead[0].ts,
        strength: Math.log(dead.length / bar),
        evidence: { calls: dead.length, addresses: addresses.size, port, seconds: ts - dead[0].ts },
      });
    },
    save: () => [...met],
    load(state) {
      met.clear();
      for (const key of state as string[]) met.add(key);
    },
  };
}
