/**
 * Calls that no program makes. Whoever wants an answer waits longer each time and gives up soon: a SYN is sent again
 * six or seven times, and who asks for a link-layer address asks three times and rests. Forged packets come by the
 * clock, for as long as their sender likes.
 */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import { ARP_SENDER_IP, ARP_TARGET_IP, arpOperation, isEthernetArp } from '../../../packet/layers/link/arp.ts';
import { type Packet, PROTO_TCP, TCP_ACK, TCP_SYN } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

/** SYNs of one connection that nobody answers. Linux sends seven, at its owner's wish some more. */
const SYNS = 16;
/**
 * Requests for one address in half a minute, five a second, four times in a row: one that pings the dead asks once a
 * second, and a device that starts is done with asking by then.
 */
const REQUESTS = 150;
const WITHIN = 30;
const KEPT_UP = 4;
const MOST_PAIRS = 4096;
/**
 * Who was answered knows it for a quarter of a minute at least. Some programs ask every second all the same to see
 * whether the line works (bonded cards), so it counts where there is a past without it: requests in half a minute, and
 * how many halves of a minute in a row.
 */
const AGAIN = 12;
const AGAIN_KEPT_UP = 10;
const ANSWERED_SHARE = 0.5;

interface Requests {
  since: number;
  /** All since then. */
  count: number;
  /** The half minute that runs: when it began, and its requests. */
  begun: number;
  recent: number;
  /** How many before it were busy, without a pause. */
  busy: number;
  /** The same of requests that are answered. */
  again: { since: number; count: number; answers: number; halves: number };
}

export function createInsistence(): Behaviour {
  const syns = new WeakMap<Link, number>();
  const requests = new Map<string, Requests>();
  /** Pairs that did so while learning. */
  const usual = new Set<string>();

  function ask(packet: Packet, context: Context): void {
    const sender = packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP);
    const target = packet.view.getInt32(packet.arpOffset + ARP_TARGET_IP);
    if (sender === 0 || sender === target) return;
    const { ts } = context;
    if (requests.size >= MOST_PAIRS) requests.clear();
    const none = { since: ts, count: 0, begun: ts, recent: 0, busy: 0 };
    const first = { since: ts, count: 0, answers: 0, halves: 0 };
    const state = getOrCreate(requests, `${sender} ${target}`, (): Requests => ({ ...none, again: first }));
    state.again.count++;
    if (ts - state.begun > WITHIN) {
      const isPause = ts - state.begun > 2 * WITHIN;
      if (isPause || state.recent < AGAIN || state.again.answers < ANSWERED_SHARE * state.again.count)
        state.again = { ...first, count: 1 };
      else state.again.halves++;
      if (state.recent < REQUESTS || ts - state.begun > 2 * WITHIN) Object.assign(state, none);
      else Object.assign(state, { begun: ts, recent: 0, busy: state.busy + 1 });
    }
    state.count++;
    state.recent++;
    if (state.again.halves >= AGAIN_KEPT_UP && state.recent === 1) againAndAgain(sender, target, state.again, context);
    if (state.busy < KEPT_UP || state.recent > 1) return;
    const [host, asked]: Host[] = [context.hosts.word(sender, ts), context.hosts.word(target, ts)];
    context.report({
      ...{ kind: 'flood', detector: 'insistence', host, target: asked, ts, since: state.since },
      strength: Math.log(state.busy / KEPT_UP),
      evidence: {
        ...{ unit: 'packets', packets: state.count, seconds: ts - state.since },
        ...{ usual: 0, port: 0, proto: 'arp' },
      },
    });
  }

  /** Answered, and asked again. */
  function againAndAgain(
    sender: number,
    target: number,
    { since, count, halves }: Requests['again'],
    { ts, hosts, hasPast, learning, report }: Context,
  ): void {
    const [host, asked]: Host[] = [hosts.word(sender, ts), hosts.word(target, ts)];
    const pair = `${host.address}>${asked.address}`;
    if (learning && usual.size < MOST_PAIRS) usual.add(pair);
    if (learning || !hasPast || usual.has(pair)) return;
    report({
      ...{ kind: 'flood', detector: 'insistence', host, target: asked, ts, since },
      strength: Math.log(halves / AGAIN_KEPT_UP),
      evidence: { ...{ unit: 'packets', packets: count, seconds: ts - since }, ...{ usual: 0, port: 0, proto: 'arp' } },
    });
  }

  return {
    name: 'insistence',
    packet(packet, { link, direction }, context) {
      if (packet.proto !== PROTO_TCP || direction !== 0 || link.state !== 'attempt') return;
      if ((packet.tcpFlags & (TCP_SYN | TCP_ACK)) !== TCP_SYN) return;
      const calls = (syns.get(link) ?? 0) + 1;
      syns.set(link, calls);
      if (calls < SYNS) return;
      const { orig, resp, port } = link.channel;
      context.report({
        ...{ kind: 'beacon', detector: 'insistence', host: orig, target: resp, ts: context.ts, since: link.start },
        strength: Math.log(calls / SYNS),
        evidence: { calls, addresses: 1, port, seconds: context.ts - link.start },
      });
    },
    frame(packet, context) {
      if (!isEthernetArp(packet)) return;
      if (arpOperation(packet) === 1) ask(packet, context);
      else {
        const [sender, target] = [ARP_SENDER_IP, ARP_TARGET_IP].map((at) =>
          packet.view.getInt32(packet.arpOffset + at),
        );
        const asked = requests.get(`${target} ${sender}`);
        if (asked) asked.again.answers++;
      }
    },
    save: () => [...usual].map((pair) => [pair]),
    load(pairs: [string][]) {
      usual.clear();
      for (const [pair] of pairs) usual.add(pair);
    },
  };
}
