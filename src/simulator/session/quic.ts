/** A QUIC connection, both ends, as the router sees it: handshake, datagrams in windows, acknowledgements. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import type { Endpoint } from '../wire/address.ts';
import {
  QUIC_DATAGRAM_BYTES,
  quicClientInitial,
  quicHandshake,
  quicServerInitial,
  quicShort,
} from '../wire/application/quic.ts';
import { type ClientProfileName, clientProfiles } from '../wire/application/tls.ts';
import { udpFrame } from '../wire/udp.ts';
import type { SecureSession } from './tls.ts';

const PORT = 443;
const NO_ID = new Uint8Array(0);
const CONTENT_BYTES = 1200;

export class QuicSession implements SecureSession {
  readonly #actor: Actor;
  readonly #remote: Remote;
  readonly #ends: readonly [Endpoint, Endpoint];
  readonly #port: number;
  /** Chosen by the server. */
  readonly #id: Uint8Array;
  /** When the client's acknowledgements pass. */
  #acks: number[] = [];
  #window = 10;

  constructor(actor: Actor, remote: Remote) {
    const { host, random } = actor;
    this.#actor = actor;
    this.#remote = remote;
    const six = host.v6 !== null && remote.v6 !== null && random.bool(0.75);
    this.#ends = six ? [host.v6!, remote.v6!] : [host.v4, remote.v4];
    this.#port = host.nextPort();
    this.#id = random.bytes(8);
  }

  get open(): boolean {
    return !this.#actor.home.line.isDown(this.#actor.now);
  }

  *handshake(serverName: string, profileName: ClientProfileName): Process {
    const { random } = this.#actor;
    const profile = clientProfiles[profileName];
    const first = random.bytes(8);
    this.#send(0, quicClientInitial(profile, serverName, first, random));
    yield this.#far();
    this.#send(1, quicServerInitial(first, this.#id, profile, random));
    for (let i = random.int(1, 3); i > 0; i--) {
      yield this.#remote.pace;
      const length = i > 1 ? QUIC_DATAGRAM_BYTES : random.int(400, 1100);
      this.#send(1, quicHandshake({ destination: NO_ID, source: this.#id }, length, random));
    }
    yield this.#near();
    this.#send(0, quicHandshake({ destination: this.#id, source: NO_ID }, random.int(76, 120), random));
  }

  *exchange(upBytes: number, downBytes: number, thinkSeconds = this.#actor.random.logNormal(0.02, 0.8)): Process {
    if (!this.open) return;
    const { random, host } = this.#actor;
    for (let rest = upBytes, count = 1; rest > 0; rest -= CONTENT_BYTES, count++) {
      this.#data(0, Math.min(rest, CONTENT_BYTES));
      if (rest > CONTENT_BYTES) yield* this.#until(this.#actor.now + host.pace);
      // Long uploads are clocked by the server's acknowledgements.
      if (count % 20 === 0) {
        yield* this.#until(this.#actor.now + this.#far());
        this.#acknowledge(1);
      }
    }
    yield* this.#until(this.#actor.now + this.#far() + thinkSeconds * SECOND);
    const every = random.int(2, 10);
    let sent = 0;
    for (let rest = downBytes; rest > 0; rest -= CONTENT_BYTES) {
      this.#data(1, Math.min(rest, CONTENT_BYTES));
      sent++;
      if (sent % every === 0 || rest <= CONTENT_BYTES) this.#acks.push(this.#actor.now + this.#near());
      const pause = sent % this.#window === 0 ? this.#remote.latency : this.#remote.pace;
      if (sent % this.#window === 0) this.#window = Math.min(96, this.#window * 2);
      if (rest > CONTENT_BYTES) yield* this.#until(this.#actor.now + pause);
    }
  }

  *pause(seconds: number): Process {
    yield* this.#until(this.#actor.now + seconds * SECOND);
  }

  /** CONNECTION_CLOSE, or nothing: most connections just run into their idle timeout. */
  *close(): Process {
    const last = this.#acks.at(-1);
    if (last !== undefined) yield* this.#until(last);
    if (this.#actor.random.bool(0.4)) this.#data(0, 12);
  }

  *#until(time: number): Process {
    while (this.#acks.length > 0 && this.#acks[0]! <= time) {
      const at = this.#acks.shift()!;
      if (at > this.#actor.now) yield at - this.#actor.now;
      this.#acknowledge(0);
    }
    if (time > this.#actor.now) yield time - this.#actor.now;
  }

  #far(): number {
    return this.#remote.latency * this.#actor.random.uniform(0.92, 1.15);
  }

  #near(): number {
    return this.#actor.host.latency * this.#actor.random.uniform(0.7, 1.6);
  }

  #acknowledge(from: 0 | 1): void {
    this.#data(from, this.#actor.random.int(5, 16));
  }

  #data(from: 0 | 1, contentBytes: number): void {
    const id = from === 0 ? this.#id : NO_ID;
    this.#send(from, quicShort(id, 1 + id.length + 2 + 16 + contentBytes, this.#actor.random));
  }

  #send(from: 0 | 1, datagram: Uint8Array): void {
    const [client, server] = this.#ends;
    if (from === 0) this.#actor.send(udpFrame(client, this.#port, server, PORT, datagram));
    else this.#actor.send(udpFrame(server, PORT, client, this.#port, datagram));
  }
}

export function* openQuicTo(
  actor: Actor,
  remote: Remote,
  name: string,
  profile: ClientProfileName,
): Process<QuicSession> {
  const session = new QuicSession(actor, remote);
  yield* session.handshake(name, profile);
  return session;
}
