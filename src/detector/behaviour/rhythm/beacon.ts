/**
 * Beacons: connections to one service that return like a clock, and messages in one that stays open. Requests of
 * different size are different clocks, beside one for all sizes. Home devices beacon all day, so what counts is a clock
 * that is not in the past of this house. Where there is no past, it counts how the other end is known: makers' clouds
 * have names.
 */
import { areNeighbours } from '../../../feature/host.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import { isIcmp, PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import { weightOfSilence } from '../access/line.ts';
import type { Acquaintance, Behaviour, Context, Outcome } from '../behaviour.ts';
import { Clock, clockCut } from './clock.ts';

/** With and without regard to size. */
const CUT = clockCut(2);
/**
 * In a house without a past a clock may well be an ordinary device that polls. Then it takes three times the evidence,
 * and what is asked for besides hangs on how the other end is known. Seconds, contacts.
 */
const COLD_FACTOR = 3;
const COLD: Record<Acquaintance | 'recorded', { period: number; times: number }> = {
  // A device that waits for its owner asks its cloud every two seconds, but not for ever.
  named: { period: 15, times: 100 },
  // Ordinary devices poll once a minute.
  unknown: { period: 45, times: 0 },
  bare: { period: 600, times: 0 },
  // A log of connections holds no names.
  recorded: { period: 45, times: 60 },
};
/** Two clocks are the same when their periods and sizes are within a factor of two. */
const SAME = Math.LN2;
/** Names, addresses, time, NetBIOS and discovery: their clients run by the clock, all of them. */
const BY_THE_CLOCK = new Set([53, 67, 123, 137, 138, 1900, 3702, 5353, 5355]);
const MOST_CLOCKS = 8;
const MOST_FAMILIAR = 65_536;
const MOST_LEARNED = 64;

/** Requests of one size to one service; of any size where it is NaN. */
class Requests extends Clock {
  readonly size: number;

  constructor(size: number, start: number) {
    super(start);
    this.size = size;
  }
}

interface Learned {
  port: number;
  period: number;
  size: number;
}

export function createBeacon(): Behaviour {
  const clocks = new WeakMap<Channel, Requests[]>();
  const ticked = new WeakSet<Link>();
  /** Messages in a connection that stays open to a bare address; null where that is not so. */
  const inside = new WeakMap<Link, Requests | null>();
  const familiar = new Set<string>();
  /** Channels that were called out while learning: no past of anybody's. */
  const refused = new Set<string>();
  const learned = new Map<string, Learned[]>();

  function tick(link: Link, context: Context): void {
    const { channel } = link;
    // Pings by the clock ask whether the line works; routers, cameras and televisions do so all day.
    if (ticked.has(link) || channel.resp.scope === 'multicast' || isIcmp(channel.proto)) return;
    if (channel.proto === PROTO_UDP && BY_THE_CLOCK.has(channel.port)) return;
    ticked.add(link);
    if (context.learning) meet(channel);
    const size = Math.log1p(link.bytes[0]);
    const own = getOrCreate(clocks, channel, () => [Number.NaN, size].map((each) => new Requests(each, link.start)));
    let sized = own.find((clock) => Math.abs(clock.size - size) < 0.1);
    if (!sized) {
      sized = new Requests(size, link.start);
      if (own.length > MOST_CLOCKS) own.splice(1, 1);
      own.push(sized);
    }
    const ticking = [own[0], sized].filter((clock) => clock.beat(link.start));
    judge(link, ticking, false, context);
  }

  /**
   * A command server may keep one connection open. So do clouds, but they have names. While learning the clocks of both
   * are taken down: tomorrow the look-up may lie before the capture, and the cloud seem to have none.
   */
  function message(link: Link, context: Context): void {
    const { proto, resp } = link.channel;
    const isBare = context.names.of(link) === 'bare';
    if (!isBare && !context.learning) return;
    const clock = getOrCreate(inside, link, () =>
      proto === PROTO_TCP && resp.scope === 'external' ? new Requests(Number.NaN, context.ts) : null,
    );
    if (!clock?.beat(context.ts)) return;
    if (isBare) judge(link, [clock], true, context);
    else learn(link.channel, clock, clock.evidence, false);
  }

  /** The clock that is surest is reported; of equals the one for every size. */
  function judge(link: Link, clocks: readonly Requests[], isInside: boolean, context: Context): void {
    const { channel } = link;
    const cold = isInside || !context.hasPast || context.learning;
    const cut = CUT * (cold ? COLD_FACTOR : 1);
    let surest: Requests | null = null;
    for (const clock of clocks) {
      const stands = clock.evidence >= cut && (!cold || standsAlone(link, clock, context));
      if (context.learning) learn(channel, clock, clock.evidence, stands);
      if (stands && !isFamiliar(channel, clock) && !(surest && surest.evidence >= clock.evidence)) surest = clock;
    }
    if (surest) report(link, surest, surest.evidence - cut, isInside, context);
  }

  function report(link: Link, clock: Requests, strength: number, isInside: boolean, context: Context): void {
    const { channel } = link;
    const times = clock.intervals + 1;
    context.report({
      kind: 'beacon',
      detector: 'beacon',
      host: channel.orig,
      target: channel.resp,
      ts: context.ts,
      since: clock.since,
      strength,
      evidence: {
        ...clock.measure(),
        times,
        ...(clock.events > times && { events: clock.events }),
        ...(isInside && { inside: 1 as const }),
        ...(!Number.isNaN(clock.size) && { sized: 1 as const }),
        port: channel.port,
        bytes: link.bytes[0],
        answered: link.packets[1] > 0 ? 1 : 0,
        acquaintance: context.names.of(link),
      },
    });
  }

  /** Whether a clock is no ordinary device's even where nothing was learned. Hubs poll the house; cameras greet by UDP. */
  function standsAlone(link: Link, { period, intervals }: Clock, { names }: Context): boolean {
    const { orig, resp, proto } = link.channel;
    if (proto === PROTO_UDP || areNeighbours(orig, resp)) return false;
    const known = names.of(link);
    // A maker switches its servers off, and its devices go on calling them by name.
    const isGone = link.state === 'attempt' || link.state === 'refused';
    if (isGone && known === 'named' && !names.nameOf(resp.address)?.isDynamic) return false;
    const asked = COLD[link.recorded ? 'recorded' : known];
    return period <= asked.period && intervals >= asked.times;
  }

  function learn(channel: Channel, clock: Requests, ratio: number, stands: boolean): void {
    const key = keyOf(channel);
    const own = getOrCreate(learned, channel.orig.address, (): Learned[] => []);
    if (stands && !refused.has(key)) {
      refused.add(key);
      familiar.delete(key);
      learned.set(
        channel.orig.address,
        own.filter((past) => !isSame(past, channel, clock)),
      );
    }
    if (refused.has(key)) return;
    meet(channel);
    if (ratio < STEP_TO_LEARN || own.length >= MOST_LEARNED || own.some((past) => isSame(past, channel, clock))) return;
    own.push({ port: channel.port, period: clock.period, size: clock.size });
  }

  /** It was there while learning, if only once. */
  function meet(channel: Channel): void {
    const key = keyOf(channel);
    if (refused.has(key)) return;
    if (familiar.size >= MOST_FAMILIAR) familiar.delete(familiar.values().next().value!);
    familiar.add(key);
  }

  /** The channel itself was there while learning, or the same clock to another address (servers move). */
  function isFamiliar(channel: Channel, clock: Requests): boolean {
    if (familiar.has(keyOf(channel))) return true;
    return (learned.get(channel.orig.address) ?? []).some((past) => isSame(past, channel, clock));
  }

  const isSame = (past: Learned, channel: Channel, clock: Requests): boolean =>
    past.port === channel.port &&
    Math.abs(Math.log(past.period / clock.period)) < SAME &&
    !(Math.abs(past.size - clock.size) >= SAME);

  const keyOf = ({ orig, resp, port }: Channel): string => `${orig.address}>${resp.address}:${port}`;

  return {
    name: 'beacon',
    outcome(link, outcome: Outcome, context) {
      const { orig, resp } = link.channel;
      // Behind a dead line everything that retries looks like a clock.
      if (outcome === 'answered') return;
      if (resp.scope === 'external' && weightOfSilence(orig, context.ts) < 1) ticked.add(link);
      else tick(link, context);
    },
    packet(packet, step, context) {
      // The first bytes of the originator show the size of the request.
      if (step.direction !== 0 || packet.payloadLength === 0) return;
      if (ticked.has(step.link)) message(step.link, context);
      else tick(step.link, context);
    },
    end: (link, context) => tick(link, context),
    save: () => ({ familiar: [...familiar], learned: [...learned] }),
    load(past: { familiar: string[]; learned: [string, Learned[]][] }) {
      familiar.clear();
      for (const key of past.familiar) familiar.add(key);
      learned.clear();
      for (const [host, list] of past.learned) {
        const own = getOrCreate(learned, host, (): Learned[] => []);
        // JSON knows no NaN.
        own.push(...list.map((rhythm) => ({ ...rhythm, size: rhythm.size ?? Number.NaN })));
      }
    },
  };
}

/** Half the evidence for an alert makes a rhythm worth remembering. */
const STEP_TO_LEARN = CUT / 2;
