/**
 * Floods: far more connections or packets to one service than it ever had from one client, or, where there is no past,
 * than any device at home needs.
 */

import { SECOND, TEN_SECONDS } from '../../../feature/damped.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import { isIcmp, type Packet, PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_SYN } from '../../../packet/packet.ts';
import type { EvidenceOf } from '../../evidence.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';

/** Without a past: connections within about a second (a browser opens six at a time), and packets of a small-packet or one-sided stream. */
const CONNECTIONS = 20;
/** A datagram and its answer are a connection already; a page makes dozens of look-ups. */
const EXCHANGES = 100;
/** Logs (RFC 5424): a line a datagram, each from a port of its own where a script writes them. */
const LOGS = 514;
const PACKETS = 300;
/** A browser opens dozens at once to a proxy outside; who overloads a service of the internet opens more. */
const CONNECTIONS_OUT = 100;
/** A full packet, or an answer, is a transfer and no flood. */
const SMALL_PAYLOAD = 100;
/** A camera or a screen that sends to one who only listens: full datagrams, some thousands a second at the most. */
const FULL_PAYLOAD = 400;
const STREAM = 6000;
/** Connections of the last ten seconds from which on it is no one stream: a log that is sent in bulk goes from one port to one. */
const MANY_PORTS = 3;
const FEWEST = 6;
/** With a past: beyond the busiest client of the service in this many different seconds. */
const KEPT_UP = 5;
/** A transfer may well be this much faster than the past before anybody should call it a flood. */
const PACKET_FACTOR = 10;

interface Pace {
  /** Seconds of the last ten in which a connection began. */
  seconds: number[];
  since: number;
  /** Requests for a connection since then. */
  count: number;
}

/** Packets of the originator, from when the channel became busy. */
interface Burst {
  since: number;
  last: number;
  count: number;
  /** The running second, and its packets. */
  second: number;
  inSecond: number;
}
/** A channel that is not busy for so long begins another burst. Seconds. */
const PAUSE = 2;

export function createFlood(): Behaviour {
  const paces = new WeakMap<Channel, Pace>();
  const bursts = new WeakMap<Channel, Burst>();
  const usual = new Usual();

  function report(
    channel: Channel,
    since: number,
    evidence: Omit<Extract<EvidenceOf['flood'], { unit: string }>, 'port' | 'proto'>,
    ratio: number,
    context: Context,
  ): void {
    context.report({
      kind: 'flood',
      detector: 'flood',
      host: channel.orig,
      target: channel.resp,
      ts: context.ts,
      since,
      strength: Math.log(Math.max(1, ratio)),
      evidence: { port: channel.port, proto: isEcho(channel) ? 'ping' : 'service', ...evidence },
    });
  }

  return {
    name: 'flood',
    start(link: Link, context) {
      const { channel } = link;
      if (channel.resp.scope === 'multicast' || (isIcmp(channel.proto) && !isEcho(channel))) return;
      const { ts } = context;
      const second = Math.floor(ts);
      const pace = getOrCreate(paces, channel, () => ({ seconds: [second], since: ts, count: 0 }));
      if (pace.seconds.at(-1) !== second) pace.seconds.push(second);
      while (pace.seconds[0] < second - 9) pace.seconds.shift();
      const inTen = channel.started.at(ts, TEN_SECONDS);
      // Up to a handful is everyday life, and no part of what may begin now.
      if (inTen <= FEWEST) Object.assign(pace, { since: ts, count: 0 });
      pace.count++;
      const inOne = channel.started.at(ts, SECOND);
      const key = `connections ${channel.resp.address}:${channel.port}`;
      const isOut = channel.orig.scope === 'local' && channel.resp.scope === 'external';
      const most =
        channel.proto === PROTO_UDP
          ? channel.port === LOGS
            ? STREAM
            : EXCHANGES
          : isOut
            ? CONNECTIONS_OUT
            : CONNECTIONS;
      const cold = inOne / most;
      // A flood that comes while learning is nobody's past.
      if (context.learning && cold < 1) usual.learn(key, inTen);
      const past = context.learning ? undefined : usual.of(key);
      const warm =
        past === undefined || pace.seconds.length < KEPT_UP ? 0 : inTen / Math.max(FEWEST, PAST_FACTOR * past);
      if (Math.max(past === undefined ? cold : cold / Math.max(1, past / most), warm) < 1) return;
      report(
        channel,
        pace.since,
        {
          ...{ connections: pace.count, seconds: ts - pace.since, unit: 'connections' },
          ...{ usual: Math.round((past ?? 0) * 10) / 10, usual_seconds: 10 },
        },
        Math.max(cold, warm),
        context,
      );
    },
    packet(packet, step, context) {
      const { channel } = step.link;
      if (channel.resp.scope === 'multicast' || (isIcmp(channel.proto) && !isEcho(channel))) return;
      const { ts } = context;
      // Another request on ports that were used before: made-up ports come again.
      const asks = packet.proto === PROTO_TCP && (packet.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
      if (asks && !step.opened && step.direction === 0) {
        const pace = paces.get(channel);
        if (pace) pace.count++;
      }
      const packets = channel.packets.at(ts, SECOND);
      if (!context.learning && packets < PACKETS) return;
      const key = `packets ${channel.orig.address}>${channel.port}`;
      const past = (context.learning ? undefined : usual.of(key)) ?? 0;
      const mean = channel.bytes.at(ts, SECOND) / packets;
      const isOne = mean >= SMALL_PAYLOAD && channel.started.at(ts, TEN_SECONDS) < MANY_PORTS;
      const isStream = packet.proto === PROTO_UDP && (mean >= FULL_PAYLOAD || isOne || isLogLine(packet));
      const bar = Math.max(isStream ? STREAM : PACKETS, PACKET_FACTOR * past);
      // Both directions are busy together; who floods is who sends.
      const isFlood =
        packets >= bar &&
        step.direction === 0 &&
        sentInSecond(channel, ts) >= bar &&
        isRelentless(packet, step.link, mean);
      if (context.learning && !isFlood) usual.learn(key, packets);
      if (!isFlood) return;
      const { since, count, inSecond } = bursts.get(channel)!;
      report(
        channel,
        since,
        { packets: count, seconds: ts - since, unit: 'packets', usual: Math.round(past), usual_seconds: 1 },
        inSecond / bar,
        context,
      );
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };

  /** Counts a packet of the originator of a busy channel: how many it has sent in the running second. */
  function sentInSecond(channel: Channel, ts: number): number {
    const burst = getOrCreate(bursts, channel, () => ({ since: ts, last: ts, count: 0, second: ts, inSecond: 0 }));
    if (ts - burst.last > PAUSE) Object.assign(burst, { since: ts, count: 0, second: ts, inSecond: 0 });
    if (ts - burst.second >= 1) Object.assign(burst, { second: ts, inSecond: 0 });
    burst.last = ts;
    burst.count++;
    return ++burst.inSecond;
  }
}

/** Small packets, or an unanswered stream: neither a transfer nor a conversation (a screen that is shared, a game). */
function isRelentless(packet: Packet, { channel, bytes, packets }: Link, meanPayload: number): boolean {
  if (packet.proto === PROTO_TCP) {
    const isConversation = channel.open <= 1 && bytes[0] > 0 && bytes[1] > 0;
    return meanPayload < SMALL_PAYLOAD && !isConversation;
  }
  return isEcho(channel) || meanPayload < SMALL_PAYLOAD || packets[1] === 0;
}

/** It begins with a priority: `<134>`. */
const isLogLine = ({ bytes, payloadOffset: at, payloadCaptured, dstPort }: Packet): boolean =>
  dstPort === LOGS && payloadCaptured > 3 && bytes[at] === 0x3c && bytes[at + 1] >= 0x30 && bytes[at + 1] <= 0x39;

/** Echo requests and their replies; what else ICMP says (a port that is not there) answers others. */
const isEcho = (channel: Channel): boolean => isIcmp(channel.proto) && (channel.port === 8 || channel.port === 128);
