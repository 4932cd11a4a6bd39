/**
 * Data in pings. Honest pings carry a clock in their first bytes and a pattern that never changes, and the answer sends
 * it back as it came. A tunnel puts messages there: they change from ping to ping, or the answer is another one.
 */
import type { Channel } from '../../../feature/link.ts';
import { type Packet, PROTO_ICMP, PROTO_ICMPV6 } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';

/** Echo request and reply (RFC 792, RFC 4443). */
const REQUESTS: Record<number, number> = { [PROTO_ICMP]: 8, [PROTO_ICMPV6]: 128 };
const REPLIES: Record<number, number> = { [PROTO_ICMP]: 0, [PROTO_ICMPV6]: 129 };
/** Where programs that ping keep their clock, and how much behind it is compared. Bytes. */
const CLOCK = 16;
const COMPARED = 256;
/** Bytes of a ping that are its own; a counter of a monitoring tool is fewer. */
const OWN = 12;
/** Pings with bytes of their own, and those bytes, that are no accident. */
const PINGS = 20;
const BYTES = 2000;
/** Answers that are not what was asked: a damaged one or two are. */
const CHANGED = 8;
/** Requests that an answer may belong to. */
const AWAITED = 16;
const QUIET = 600;

interface Pings {
  since: number;
  last: number;
  packets: number;
  bytes: number;
  /** Pings with bytes of their own, and how many those are. */
  speaking: number;
  own: number;
  changed: number;
  /** What each side sent last. */
  before: [Uint8Array, Uint8Array];
  /** Sums over the content of the latest requests. */
  awaited: number[];
}

const EMPTY = new Uint8Array(0);

/** FNV-1a over the content. */
function sumOf(content: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of content) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}

/** Bytes that the ping before did not have there, and that go on in no pattern. */
function ownBytes(content: Uint8Array, before: Uint8Array): number {
  let own = 0;
  for (let i = CLOCK; i < content.length && i < CLOCK + COMPARED; i++) {
    if (i < before.length ? content[i] === before[i] : isPattern(content, i)) continue;
    own++;
  }
  return own;
}

const isPattern = (content: Uint8Array, i: number): boolean =>
  content[i] === content[i - 1] || content[i] === ((content[i - 1] + 1) & 255) || content[i] === content[i - 8];

export function createIcmpTunnel(): Behaviour {
  const pings = new WeakMap<Channel, Pings>();
  const usual = new Usual();

  function report(channel: Channel, state: Pings, strength: number, { ts, report }: Context): void {
    const { packets, bytes, changed, since } = state;
    report({
      ...{ kind: 'icmp-tunnel', detector: 'icmp-tunnel', host: channel.orig, target: channel.resp, ts, since },
      strength,
      evidence: { packets, bytes, changed, seconds: ts - since },
    });
  }

  function take(packet: Packet, channel: Channel, isReply: boolean, context: Context): void {
    const { ts } = context;
    const none = { since: ts, last: ts, packets: 0, bytes: 0, speaking: 0, own: 0, changed: 0, awaited: [] };
    const state: Pings = getOrCreate(pings, channel, () => ({ ...none, before: [EMPTY, EMPTY] }));
    if (ts - state.last > QUIET) Object.assign(state, none, { awaited: [], before: [EMPTY, EMPTY] });
    state.last = ts;
    state.packets++;
    state.bytes += packet.payloadLength;
    const at = packet.payloadOffset;
    const content = packet.bytes.slice(at, at + Math.min(packet.payloadCaptured, CLOCK + COMPARED));
    const sum = sumOf(content);
    const side = isReply ? 1 : 0;
    const own = state.packets > 1 && state.before[side].length > 0 ? ownBytes(content, state.before[side]) : 0;
    state.before[side] = content;
    if (isReply) {
      if (state.awaited.length > 0 && !state.awaited.includes(sum)) state.changed++;
    } else {
      state.awaited.push(sum);
      if (state.awaited.length > AWAITED) state.awaited.shift();
    }
    if (own < OWN) return;
    state.speaking++;
    state.own += own;
    judge(channel, state, context);
  }

  function judge(channel: Channel, state: Pings, context: Context): void {
    const key = `${channel.orig.address}>${channel.resp.address}`;
    const past = usual.of(key) ?? 0;
    const bar = Math.max(BYTES, PAST_FACTOR * past);
    // Inside the house a program that tests the network fills its pings with chance, and gets them back as they were.
    const staysInside = channel.orig.scope === 'local' && channel.resp.scope === 'local' && state.changed === 0;
    const stands = state.speaking >= PINGS && state.own >= bar && !staysInside;
    const isChanged = state.changed >= CHANGED && past === 0;
    if (context.learning && !stands && !isChanged) usual.learn(key, state.own);
    else if (stands || isChanged)
      report(channel, state, Math.log(Math.max(1, state.own / bar)) + (isChanged ? 1 : 0), context);
  }

  return {
    name: 'icmp-tunnel',
    packet(packet, { link: { channel } }, context) {
      const request = REQUESTS[packet.proto];
      if (request === undefined || packet.payloadCaptured <= CLOCK || channel.resp.scope === 'multicast') return;
      const isReply = packet.srcPort === REPLIES[packet.proto];
      if (isReply || packet.srcPort === request) take(packet, channel, isReply, context);
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}
