/**
 * Brute force: one sender tries one service's login again and again. An attempt is a connection that carries a login
 * in clear text, or a short connection to a service that begins with one. Explicit refusals count double.
 */
import type { Host } from '../../../feature/host.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { type Packet, PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { Usual } from '../reach/usual.ts';
import { isLoginRefusal, isLoginRequest } from './login.ts';

/** FTP, SSH, telnet and its twin, RDP, VNC: nothing but a session begins there, and a guess ends quickly. */
const LOGIN_PORTS = new Set([21, 22, 23, 2323, 3389, 5900]);
const GUESS_SECONDS = 60;
const GUESS_BYTES = 10_000;
/** A minute is what fail2ban-like tools look at for fast guessing; a person types perhaps three passwords in it. */
const WINDOW = 60;
const MOST_GUESSES = 8;
const REFUSED_WEIGHT = 2;
/** A client that logs in for every request does so in its past as well. */
const PAST_FACTOR = 3;

interface Guesses {
  times: number[];
  weights: number[];
  total: number;
  /** All of this episode. */
  count: number;
  refused: number;
  since: number;
}

export function createBruteForce(): Behaviour {
  const guesses = new WeakMap<Channel, Guesses>();
  const counted = new WeakSet<Link>();
  const usual = new Usual();

  function attempt(link: Link, host: Host, weight: number, context: Context): void {
    const { channel } = link;
    const none = { times: [], weights: [], total: 0, count: 0, refused: 0, since: context.ts };
    const state: Guesses = getOrCreate(guesses, channel, () => none);
    state.times.push(context.ts);
    state.weights.push(weight);
    state.total += weight;
    while (state.times[0] < context.ts - WINDOW) {
      state.times.shift();
      state.total -= state.weights.shift()!;
    }
    if (state.times.length === 1) {
      state.since = link.start;
      state.count = 0;
      state.refused = 0;
    }
    state.count++;
    if (weight > 1) state.refused++;
    const key = `${host.address} ${channel.port}`;
    if (context.learning) usual.learn(key, Math.min(state.total, MOST_GUESSES));
    const bar = Math.max(MOST_GUESSES, PAST_FACTOR * (usual.of(key) ?? 0));
    if (state.total < bar) return;
    context.report({
      kind: 'brute-force',
      detector: 'brute-force',
      host,
      target: channel.resp,
      ts: context.ts,
      since: state.since,
      strength: state.total - bar,
      evidence: {
        attempts: state.count,
        refused: state.refused,
        port: channel.port,
        seconds: context.ts - state.since,
        usual: usual.of(key) ?? 0,
      },
    });
  }

  return {
    name: 'brute-force',
    packet(packet: Packet, step: Step, context) {
      if (packet.payloadCaptured === 0 || packet.proto !== PROTO_TCP) return;
      const { link } = step;
      if (step.direction === 1) {
        if (isLoginRefusal(packet)) attempt(link, link.channel.orig, REFUSED_WEIGHT, context);
      } else if (!counted.has(link) && isLoginRequest(packet)) {
        counted.add(link);
        attempt(link, link.channel.orig, 1, context);
      }
    },
    end(link, context) {
      const { channel } = link;
      if (channel.proto !== PROTO_TCP || !LOGIN_PORTS.has(channel.port) || counted.has(link)) return;
      if (link.packets[1] === 0 || link.state === 'refused') return;
      const short = link.lastSeen - link.start < GUESS_SECONDS && link.bytes[0] + link.bytes[1] < GUESS_BYTES;
      if (short && link.bytes[1] > 0) attempt(link, channel.orig, 1, context);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}
