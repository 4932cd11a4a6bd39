/**
 * One TCP connection, both ends, as the router sees it: handshake, data in windows with acknowledgements as they
 * travel, delayed acknowledgements, a retransmission now and then, FIN or RST.
 * Index 0 is the client, 1 the server, throughout.
 */
import type { Actor } from '../engine/actor.ts';
import { Host, type Remote, type Stack } from '../engine/host.ts';
import type { Random } from '../engine/random.ts';
import { MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import type { Endpoint } from '../wire/address.ts';
import { Flag, offersTimestamps, synOptions, tcpFrame, timestampOption } from '../wire/tcp.ts';
import { reach } from './neighbour.ts';

export type Side = 0 | 1;

interface Peer {
  endpoint: Endpoint;
  port: number;
  stack: Stack;
  latency: number;
  pace: number;
  loss: number;
  /** Next sequence number that it sends. */
  seq: number;
  window: number;
  /** Segments that it may have in flight: grows while it sends, at most what the receiver's window holds. */
  congestionWindow: number;
  congestionLimit: number;
  clock: number;
  lastStamp: number;
  lastSent: number;
}

const MSS = 1460;
const MSS6 = 1440;
const DELAYED_ACK = 40 * MILLISECOND;

export class TcpSession {
  readonly actor: Actor;
  readonly #peers: readonly [Peer, Peer];
  readonly #timestamps: boolean;
  readonly #mss: number;
  readonly #random: Random;
  /** Pure acknowledgements on their way, in time order; all from the same side. */
  #acks: Array<{ at: number; ack: number }> = [];
  #acksFrom: Side = 1;
  readonly #throughLine: boolean;
  open = false;

  constructor(actor: Actor, remote: Remote, port: number, version6: boolean) {
    const { host, random, now } = actor;
    this.actor = actor;
    this.#random = random;
    const local = version6 && host.v6 ? host.v6 : host.v4;
    const far = version6 && remote.v6 ? remote.v6 : remote.v4;
    this.#throughLine = !(remote instanceof Host);
    this.#mss = local.ip.length === 4 ? MSS : MSS6;
    this.#timestamps = offersTimestamps(host.stack.layout) && offersTimestamps(remote.stack.layout);
    const peer = (endpoint: Endpoint, number: number, side: Remote): Peer => ({
      endpoint,
      port: number,
      stack: side.stack,
      latency: side.latency,
      pace: side.pace,
      loss: side.loss,
      seq: random.uint32(),
      window: side.stack.window,
      congestionWindow: 10,
      congestionLimit: 128,
      clock: random.uint32() - Math.floor(now / MILLISECOND),
      lastStamp: 0,
      lastSent: now,
    });
    this.#peers = [peer(local, host.nextPort(), host), peer(far, port, remote)];
  }

  get clientPort(): number {
    return this.#peers[0].port;
  }

  /** Handshake. False when nobody answers or the port is closed. */
  *connect(answer: 'open' | 'closed' | 'silent', attempts = 4): Process<boolean> {
    const [client, server] = this.#peers;
    for (let attempt = 0; ; attempt++) {
      this.#emitSyn(0);
      const lost = answer !== 'silent' && this.#random.bool(server.loss);
      if (answer !== 'silent' && !lost) break;
      if (attempt + 1 >= attempts) return false;
      yield SECOND * 2 ** attempt * this.#random.uniform(1, 1.03);
    }
    client.seq = (client.seq + 1) >>> 0;
    yield this.#delay(server);
    if (answer === 'closed') {
      server.seq = 0;
      this.#emit(1, Flag.RST | Flag.ACK);
      return false;
    }
    this.#emitSyn(1);
    server.seq = (server.seq + 1) >>> 0;
    yield this.#delay(client);
    const scaled = this.#peers.every((peer) => peer.stack.windowScale > 0);
    for (const [i, peer] of this.#peers.entries()) {
      const room = scaled ? peer.stack.window * this.#random.int(2, 8) : peer.stack.window;
      peer.window = scaled ? Math.min(0xffff, room >> peer.stack.windowScale) : room;
      const sender = this.#peers[1 - i]!;
      sender.congestionLimit = Math.max(1, Math.min(128, Math.floor(room / MSS)));
      sender.congestionWindow = Math.min(10, sender.congestionLimit);
    }
    this.#emit(0, Flag.ACK);
    this.open = true;
    return true;
  }

  /** Bytes from one side; returns when the last segment has passed, its acknowledgement still on its way. */
  *send(from: Side, payload: Uint8Array, thinkSeconds = 0): Process {
    if (!this.open) return;
    if (this.#throughLine && this.actor.home.line.isDown(this.actor.now)) {
      yield* this.#starve(from, payload);
      return;
    }
    const sender = this.#peers[from];
    const receiver = this.#peers[1 - from]!;
    // It cannot answer before it has the question.
    const start = Math.max(this.actor.now, receiver.lastSent + this.#delay(sender)) + thinkSeconds * SECOND;
    yield* this.#until(start);
    if (this.#acksFrom === from) this.#acks = []; // the data carries them
    this.#acksFrom = (1 - from) as Side;
    const segment = this.#mss - (this.#timestamps ? 12 : 0);
    const roundTrip = sender.latency + receiver.latency;
    // Receive offload acknowledges long transfers in larger steps.
    const ackEvery = payload.length > 60_000 ? this.#random.int(3, 8) : 2;
    let inWindow = 0;
    let windowStart = this.actor.now;
    for (let at = 0, count = 1; at < payload.length; at += segment, count++) {
      const end = Math.min(at + segment, payload.length);
      if (inWindow >= sender.congestionWindow) {
        yield* this.#until(windowStart + roundTrip);
        windowStart = this.actor.now;
        inWindow = 0;
        sender.congestionWindow = Math.min(sender.congestionWindow * 2, sender.congestionLimit);
      }
      const flags = end === payload.length ? Flag.ACK | Flag.PSH : Flag.ACK;
      this.#emit(from, flags, payload, at, end);
      if (this.#random.bool(sender.loss)) {
        // Seen here, lost behind: no acknowledgement comes, and the timer sends it again.
        yield* this.#until(this.actor.now + roundTrip + 200 * MILLISECOND * this.#random.uniform(1, 1.4));
        this.#emit(from, flags, payload, at, end);
        sender.congestionWindow = Math.min(10, sender.congestionLimit);
        inWindow = sender.congestionWindow;
      }
      sender.seq = (sender.seq + end - at) >>> 0;
      inWindow++;
      const last = end === payload.length;
      if (last || count % ackEvery === 0) {
        const lazy = last && count % ackEvery !== 0 && this.#random.bool(0.6);
        this.#acks.push({ at: this.actor.now + this.#delay(receiver) + (lazy ? DELAYED_ACK : 0), ack: sender.seq });
      }
      if (!last) yield* this.#until(this.actor.now + (sender.pace * (end - at)) / MSS);
    }
  }

  /** The line is down: the client repeats itself, or waits in vain, and gives up. */
  *#starve(from: Side, payload: Uint8Array): Process {
    this.open = false;
    this.#acks = [];
    const end = Math.min(payload.length, this.#mss - 12);
    for (let attempt = 0; from === 0 && attempt < 6; attempt++) {
      this.#emit(0, Flag.ACK | Flag.PSH, payload, 0, end);
      yield 0.3 * 2 ** attempt * SECOND;
    }
    if (from === 1) yield this.#random.uniform(5, 30) * SECOND;
    if (this.#random.bool(0.5)) this.#emit(0, Flag.FIN | Flag.ACK);
  }

  /** Quiet time; acknowledgements that are due pass. */
  *pause(seconds: number): Process {
    yield* this.#until(this.actor.now + seconds * SECOND);
  }

  /** FIN from both sides, `from` first. */
  *close(from: Side = 0): Process {
    if (!this.open) return;
    this.open = false;
    const to = (1 - from) as Side;
    yield* this.#until(Math.max(this.actor.now, this.#peers[to].lastSent + this.#delay(this.#peers[from])));
    if (this.#acksFrom === from) this.#acks = [];
    yield* this.#flush();
    this.#emit(from, Flag.FIN | Flag.ACK);
    this.#peers[from].seq = (this.#peers[from].seq + 1) >>> 0;
    yield this.#delay(this.#peers[to]);
    if (this.#random.bool(0.3)) {
      this.#emit(to, Flag.ACK);
      yield this.#random.uniform(0.2, 40) * MILLISECOND;
    }
    this.#emit(to, Flag.FIN | Flag.ACK);
    this.#peers[to].seq = (this.#peers[to].seq + 1) >>> 0;
    yield this.#delay(this.#peers[from]);
    this.#emit(from, Flag.ACK);
  }

  /** One RST and silence. */
  *reset(from: Side): Process {
    if (!this.open) return;
    this.open = false;
    yield* this.#flush();
    this.#emit(from, Flag.RST | Flag.ACK);
  }

  /** The stack's keep-alive probe (RFC 9293, 3.8.4) and its answer. */
  *keepAlive(from: Side): Process {
    if (!this.open) return;
    yield* this.#flush();
    const prober = this.#peers[from];
    prober.seq = (prober.seq - 1) >>> 0;
    this.#emit(from, Flag.ACK);
    prober.seq = (prober.seq + 1) >>> 0;
    const other = (1 - from) as Side;
    yield this.#delay(this.#peers[other]);
    this.#emit(other, Flag.ACK);
  }

  *#flush(): Process {
    const last = this.#acks.at(-1);
    if (last) yield* this.#until(last.at);
  }

  *#until(time: number): Process {
    while (this.#acks.length > 0 && this.#acks[0]!.at <= time) {
      const { at, ack } = this.#acks.shift()!;
      if (at > this.actor.now) yield at - this.actor.now;
      this.#emit(this.#acksFrom, Flag.ACK, undefined, 0, 0, ack);
    }
    if (time > this.actor.now) yield time - this.actor.now;
  }

  #delay(peer: Peer): number {
    return peer.latency * this.#random.uniform(0.92, 1.15);
  }

  #stamp(peer: Peer): number {
    return (Math.floor(this.actor.now / MILLISECOND) + peer.clock) >>> 0;
  }

  #emitSyn(from: Side): void {
    const sender = this.#peers[from];
    const receiver = this.#peers[1 - from]!;
    const stamp = this.#stamp(sender);
    if (offersTimestamps(sender.stack.layout)) sender.lastStamp = stamp;
    const withStamps = from === 0 ? offersTimestamps(sender.stack.layout) : this.#timestamps;
    const offered = this.#peers[0].stack.layout;
    const layout = from === 1 && offered === 'lwip' ? 'lwip' : sender.stack.layout;
    this.actor.send(
      tcpFrame({
        from: sender.endpoint,
        fromPort: sender.port,
        to: receiver.endpoint,
        toPort: receiver.port,
        seq: sender.seq,
        ack: receiver.seq,
        flags: from === 0 ? Flag.SYN : Flag.SYN | Flag.ACK,
        window: sender.stack.window,
        options: synOptions(
          layout,
          this.#mss,
          sender.stack.windowScale,
          withStamps ? [stamp, from === 0 ? 0 : receiver.lastStamp] : null,
        ),
      }),
    );
    sender.lastSent = this.actor.now;
  }

  #emit(from: Side, flags: number, payload?: Uint8Array, start = 0, end = 0, ack?: number): void {
    const sender = this.#peers[from];
    const receiver = this.#peers[1 - from]!;
    let options: Uint8Array | undefined;
    if (this.#timestamps && !(flags & Flag.RST)) {
      sender.lastStamp = this.#stamp(sender);
      options = timestampOption(sender.lastStamp, receiver.lastStamp);
    }
    this.actor.send(
      tcpFrame(
        {
          from: sender.endpoint,
          fromPort: sender.port,
          to: receiver.endpoint,
          toPort: receiver.port,
          seq: sender.seq,
          ack: ack ?? receiver.seq,
          flags,
          window: sender.window,
          ...(options && { options }),
        },
        payload,
        start,
        end,
      ),
    );
    if (end > start || flags & (Flag.FIN | Flag.SYN)) sender.lastSent = this.actor.now;
  }
}

/** A connection to `port` of `remote`, or null where it was refused or nobody answered. */
export function* openTcp(actor: Actor, remote: Remote, port: number): Process<TcpSession | null> {
  if (!(yield* reach(actor, remote))) return null;
  const version6 = actor.host.v6 !== null && remote.v6 !== null && actor.random.bool(0.75);
  const session = new TcpSession(actor, remote, port, version6);
  return (yield* session.connect(actor.home.answer(remote, port))) ? session : null;
}
