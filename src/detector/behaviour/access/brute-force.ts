/**
 * Brute force: one sender tries one service's login again and again. An attempt is a connection that carries a login
 * in clear text, or a short connection to a service that begins with one. Explicit refusals weigh double. A request and
 * its refusal are one attempt of the same login, so what is counted is not what is weighed.
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
  since: number;
  tally: Tally;
}

/** Logins of an episode, each counted once. */
interface Tally {
  attempts: number;
  refused: number;
}

/** Of one connection: every request and every refusal that was seen. */
interface Logins {
  requests: number;
  refusals: number;
}

export function createBruteForce(): Behaviour {
  const guesses = new WeakMap<Channel, Guesses>();
  const logins = new WeakMap<Link, Logins>();
  const usual = new Usual();

  /**
   * A sign of a login. Where a connection shows as many refusals as requests they are the same logins; where only
   * refusals can be read, each is one.
   */
  function attempt(
    link: Link,
    host: Host,
    sign: 'request' | 'refusal' | 'guess',
    weight: number,
    context: Context,
  ): void {
    const { channel } = link;
    const none = () => ({ times: [], weights: [], total: 0, since: link.start, tally: { attempts: 0, refused: 0 } });
    const state: Guesses = getOrCreate(guesses, channel, none);
    state.times.push(context.ts);
    state.weights.push(weight);
    state.total += weight;
    while (state.times[0] < context.ts - WINDOW) {
      state.times.shift();
      state.total -= state.weights.shift()!;
    }
    if (state.times.length === 1) {
      state.since = sign === 'guess' ? link.start : context.ts;
      state.tally = { attempts: 0, refused: 0 };
    }
    const seen = getOrCreate(logins, link, () => ({ requests: 0, refusals: 0 }));
    const before = Math.max(seen.requests, seen.refusals);
    if (sign === 'refusal') seen.refusals++;
    else seen.requests++;
    state.tally.attempts += Math.max(seen.requests, seen.refusals) - before;
    if (sign === 'refusal') state.tally.refused++;
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
        ...state.tally,
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
        if (isLoginRefusal(packet)) attempt(link, link.channel.orig, 'refusal', REFUSED_WEIGHT, context);
      } else if (isLoginRequest(packet)) {
        // A session that logs in for each of its requests is weighed once.
        attempt(link, link.channel.orig, 'request', logins.has(link) ? 0 : 1, context);
      }
    },
    end(link, context) {
      const { channel } = link;
      if (channel.proto !== PROTO_TCP || !LOGIN_PORTS.has(channel.port) || logins.has(link)) return;
      if (link.packets[1] === 0 || link.state === 'refused') return;
      const short = link.lastSeen - link.start < GUESS_SECONDS && link.bytes[0] + link.bytes[1] < GUESS_BYTES;
      if (short && link.bytes[1] > 0) attempt(link, channel.orig, 'guess', 1, context);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}
