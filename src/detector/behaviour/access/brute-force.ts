/**
 * Brute force: one sender tries one password after the other on one service. A try is a login in clear text with a
 * password that was not tried before, or a short connection to a service that begins with a login and has room for
 * nothing else. A client that logs in again and again with its own password guesses nothing; and a server that asks for
 * a password (401 of HTTP Digest and NTLM) has refused none.
 */
import type { Channel, Link } from '../../../feature/link.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { type Packet, PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';
import { answerOf, loginOf } from './login.ts';
import { SealedSession } from './sealed-session.ts';

/** FTP, SSH, telnet and its twin, RDP, VNC: nothing but a session begins there, and a guess ends quickly. */
const LOGIN_PORTS = new Set([21, 22, 23, 2323, 3389, 5900]);
const GUESS_SECONDS = 60;
const GUESS_BYTES = 10_000;
/** A minute is what fail2ban-like tools look at for fast guessing; a person types perhaps three passwords in it. */
const WINDOW = 60;
const MOST_GUESSES = 8;
/** A new password, and its refusal. */
const TRIED = 1;
const REFUSED = 2;
const MOST_SECRETS = 4096;

interface Guesses {
  times: number[];
  weights: number[];
  total: number;
  /** All logins of this episode, and those that were refused. */
  count: number;
  refused: number;
  since: number;
  secrets: Set<string>;
}

/** A login that has no answer yet. */
interface Pending {
  isNew: boolean;
  isSealed: boolean;
}

export function createBruteForce(): Behaviour {
  const guesses = new WeakMap<Channel, Guesses>();
  const pending = new WeakMap<Link, Pending>();
  const counted = new WeakSet<Link>();
  const sealed = new WeakMap<Link, SealedSession>();
  /** Highest sequence number each way: what is sent again, or was captured twice, says nothing new. */
  const heard = new WeakMap<Link, [number, number]>();
  const usual = new Usual();

  function guessesOf({ channel, start }: Link, ts: number): Guesses {
    const none = { times: [], weights: [], total: 0, count: 0, refused: 0, since: start, secrets: new Set<string>() };
    const state: Guesses = getOrCreate(guesses, channel, () => none);
    while (state.times[0] < ts - WINDOW) {
      state.times.shift();
      state.total -= state.weights.shift()!;
    }
    if (state.times.length === 0) Object.assign(state, { total: 0, count: 0, refused: 0, since: start });
    return state;
  }

  function weigh(link: Link, state: Guesses, weight: number, context: Context): void {
    const { channel } = link;
    const { ts, learning } = context;
    state.times.push(ts);
    state.weights.push(weight);
    state.total += weight;
    if (weight === 0) return;
    const key = `${channel.orig.address} ${channel.port}`;
    const bar = usual.barFor(key, state.total, MOST_GUESSES, PAST_FACTOR, learning);
    const past = usual.of(key) ?? 0;
    if (state.total < bar) return;
    context.report({
      ...{ kind: 'brute-force', detector: 'brute-force', host: channel.orig, target: channel.resp },
      ...{ ts, since: state.since, strength: state.total - bar },
      evidence: {
        ...{ attempts: state.count, refused: state.refused, port: channel.port },
        ...{ seconds: ts - state.since, usual: past },
      },
    });
  }

  function request(packet: Packet, link: Link, context: Context): void {
    const login = loginOf(packet);
    if (login === null) return;
    counted.add(link);
    const state = guessesOf(link, context.ts);
    state.count++;
    const { secret, isSealed } = login;
    const isNew = secret === null || !state.secrets.has(secret);
    if (secret !== null && state.secrets.size < MOST_SECRETS) state.secrets.add(secret);
    pending.set(link, { isNew, isSealed });
    weigh(link, state, isNew && !isSealed ? TRIED : 0, context);
  }

  function answer(packet: Packet, link: Link, context: Context): void {
    const said = answerOf(packet);
    if (said === null) return;
    const asked = pending.get(link);
    pending.delete(link);
    if (said.answer === 'accepted' || (asked === undefined && said.isHttp)) return;
    const state = guessesOf(link, context.ts);
    state.refused++;
    if (asked === undefined) {
      // The password went letter by letter.
      counted.add(link);
      state.count++;
    }
    const isUncounted = asked === undefined || asked.isSealed;
    weigh(link, state, asked?.isNew === false ? 0 : REFUSED + (isUncounted ? TRIED : 0), context);
  }

  return {
    name: 'brute-force',
    packet(packet: Packet, step: Step, context) {
      if (packet.payloadCaptured === 0 || packet.proto !== PROTO_TCP) return;
      const { link, direction } = step;
      const last = getOrCreate(heard, link, (): [number, number] => [Number.NaN, Number.NaN]);
      if (!Number.isNaN(last[direction]) && ((packet.tcpSeq - last[direction]) | 0) <= 0) return;
      last[direction] = packet.tcpSeq;
      if (direction === 1) answer(packet, link, context);
      else {
        request(packet, link, context);
        if (LOGIN_PORTS.has(link.channel.port))
          getOrCreate(sealed, link, () => new SealedSession()).say(packet.payloadLength);
      }
    },
    end(link, context) {
      const { channel } = link;
      if (channel.proto !== PROTO_TCP || !LOGIN_PORTS.has(channel.port) || counted.has(link)) return;
      if (link.packets[1] === 0 || link.state === 'refused' || sealed.get(link)?.isUsed) return;
      const short = link.lastSeen - link.start < GUESS_SECONDS && link.bytes[0] + link.bytes[1] < GUESS_BYTES;
      if (!short || link.bytes[1] === 0) return;
      const state = guessesOf(link, context.ts);
      state.count++;
      weigh(link, state, TRIED, context);
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}
