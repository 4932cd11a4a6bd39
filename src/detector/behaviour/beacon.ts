/**
 * Beacons: connections to one service that return like a clock. Each interval is evidence for a clock or for chance
 * (a sequential likelihood ratio at three widths of jitter); requests of different size are different clocks.
 * Home devices beacon all day, so what counts is a clock that is not in the past of this house.
 */
import type { Host } from '../../feature/host.ts';
import type { Channel, Link } from '../../feature/link.ts';
import { PROTO_UDP } from '../../packet/packet.ts';
import type { Behaviour, Context, Outcome } from './behaviour.ts';
import { weightOfSilence } from './line.ts';

/** Half-widths of "on time", as parts of the interval. */
const JITTER = [0.05, 0.15, 0.3, 0.5] as const;
/** A clock is on time this often: packets get lost, requests fail. */
const ON_TIME = 0.9;
const FALSE_ALARM = 1e-5;
const CUT = Math.log((JITTER.length * 0.99) / FALSE_ALARM);
/** In a house without a past it may well be an ordinary device that polls: three times the evidence. */
const COLD_FACTOR = 3;
/** And only new connections, faster than the polling of ordinary devices, which is once a minute; cameras greet by UDP. */
const COLD_PERIOD = 45;
/** Faster than this is one burst of work, not a clock. */
const SHORTEST = 0.5;
/** Two clocks are the same when their periods and sizes are within a factor of two. */
const SAME = Math.LN2;
/** Names, addresses, time, NetBIOS and discovery: their clients run by the clock, all of them. */
const BY_THE_CLOCK = new Set([53, 67, 123, 137, 138, 1900, 3702, 5353, 5355]);
const MOST_CLOCKS = 8;
const MOST_LEARNED = 64;

/** Requests of one size to one service. */
interface Clock {
  size: number;
  last: number;
  since: number;
  count: number;
  /** Median-like estimate of the interval: moves by a tenth of itself towards each observation. */
  period: number;
  ratios: number[];
}

interface Learned {
  port: number;
  period: number;
  size: number;
}

export function createBeacon(): Behaviour {
  const clocks = new WeakMap<Channel, Clock[]>();
  const ticked = new WeakSet<Link>();
  const familiar = new Set<string>();
  const learned = new Map<string, Learned[]>();

  function tick(link: Link, context: Context): void {
    const { channel } = link;
    if (ticked.has(link) || channel.resp.scope === 'multicast') return;
    if (channel.proto === PROTO_UDP && BY_THE_CLOCK.has(channel.port)) return;
    ticked.add(link);
    const clock = clockOf(channel, Math.log1p(link.bytes[0]), link.start);
    if (clock === null) return;
    const interval = link.start - clock.last;
    clock.last = link.start;
    if (interval < SHORTEST) return;
    if (clock.count++ === 0) {
      clock.period = interval;
      return;
    }
    observe(clock, interval);
    const best = Math.max(...clock.ratios);
    if (context.learning) learn(channel, clock, best);
    const cold = !context.hasPast || context.learning;
    const cut = CUT * (cold ? COLD_FACTOR : 1);
    if (best < cut || (cold && (clock.period > COLD_PERIOD || channel.proto === PROTO_UDP))) return;
    if (isFamiliar(channel, clock)) return;
    const width = JITTER[clock.ratios.indexOf(best)];
    context.report({
      kind: 'beacon',
      detector: 'beacon',
      host: channel.orig,
      target: channel.resp,
      ts: context.ts,
      since: clock.since,
      strength: best - cut,
      evidence: {
        period: clock.period,
        jitter: width * clock.period,
        times: clock.count + 1,
        port: channel.port,
        bytes: Math.round(Math.expm1(clock.size)),
        answered: link.packets[1] > 0 ? 1 : 0,
      },
    });
  }

  /** The clock of this size, a tenth more or less; null when a new one begins. */
  function clockOf(channel: Channel, size: number, start: number): Clock | null {
    const own = clocks.get(channel) ?? [];
    if (own.length === 0) clocks.set(channel, own);
    const known = own.find((clock) => Math.abs(clock.size - size) < 0.1);
    if (known) return known;
    if (own.length >= MOST_CLOCKS) own.shift();
    own.push({ size, last: start, since: start, count: 0, period: 0, ratios: JITTER.map(() => 0) });
    return null;
  }

  function observe(clock: Clock, interval: number): void {
    const deviation = Math.abs(interval - clock.period) / clock.period;
    let restart = true;
    for (let i = 0; i < JITTER.length; i++) {
      const width = JITTER[i];
      // Chance of an interval within the width when arrivals are random (exponential with the same mean).
      const chance = Math.exp(-(1 - width)) - Math.exp(-(1 + width));
      const onTime = deviation <= width;
      const step = onTime ? Math.log(ON_TIME / chance) : Math.log((1 - ON_TIME) / (1 - chance));
      clock.ratios[i] = Math.max(0, clock.ratios[i] + step);
      if (clock.ratios[i] > 0) restart = false;
    }
    if (restart) {
      clock.since = clock.last;
      clock.period = interval;
      clock.count = 1;
    } else clock.period += 0.1 * Math.max(-clock.period, Math.min(clock.period, interval - clock.period));
  }

  function learn(channel: Channel, clock: Clock, ratio: number): void {
    familiar.add(keyOf(channel));
    if (ratio < STEP_TO_LEARN) return;
    const of = (host: Host): Learned[] => {
      const list = learned.get(host.address) ?? [];
      if (list.length === 0) learned.set(host.address, list);
      return list;
    };
    const list = of(channel.orig);
    if (list.length < MOST_LEARNED && !list.some((past) => isSame(past, channel, clock))) {
      list.push({ port: channel.port, period: clock.period, size: clock.size });
    }
  }

  /** The channel itself was there while learning, or the same clock to another address (servers move). */
  function isFamiliar(channel: Channel, clock: Clock): boolean {
    if (familiar.has(keyOf(channel))) return true;
    return (learned.get(channel.orig.address) ?? []).some((past) => isSame(past, channel, clock));
  }

  const isSame = (past: Learned, channel: Channel, clock: Clock): boolean =>
    past.port === channel.port &&
    Math.abs(Math.log(past.period / clock.period)) < SAME &&
    Math.abs(past.size - clock.size) < SAME;

  const keyOf = ({ orig, resp, port }: Channel): string => `${orig.address}>${resp.address}:${port}`;

  return {
    name: 'beacon',
    outcome(link, outcome: Outcome, context) {
      const { orig, resp } = link.channel;
      // Behind a dead line everything that retries looks like a clock.
      if (resp.scope === 'external' && weightOfSilence(orig, context.ts) < 1) return;
      if (outcome !== 'answered') tick(link, context);
    },
    packet(packet, step, context) {
      // The first bytes of the originator show the size of the request.
      if (step.direction === 0 && packet.payloadLength > 0) tick(step.link, context);
    },
    end: (link, context) => tick(link, context),
    save: () => ({ familiar: [...familiar], learned: [...learned] }),
    load(state) {
      const past = state as { familiar: string[]; learned: [string, Learned[]][] };
      familiar.clear();
      for (const key of past.familiar) familiar.add(key);
      learned.clear();
      for (const [host, list] of past.learned) learned.set(host, list);
    },
  };
}

/** Half the evidence for an alert makes a rhythm worth remembering. */
const STEP_TO_LEARN = CUT / 2;
