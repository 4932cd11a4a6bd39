/** A TLS session over TCP: handshake by version, requests and responses of given plain sizes. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import { MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import { certificateChain } from '../wire/application/certificate.ts';
import {
  applicationData,
  type ClientProfile,
  type ClientProfileName,
  clientFlight12,
  clientFlight13,
  clientHello,
  clientProfiles,
  closeNotify,
  finishFlight12,
  serverFlight12,
  serverFlight12Resumed,
  serverFlight13,
  type TlsVersion,
} from '../wire/application/tls.ts';
import { resolve } from './dns.ts';
import { openTcp, type Side, type TcpSession } from './tcp.ts';

export interface TlsOptions {
  profile: ClientProfileName;
  port?: number;
  alpn?: readonly string[];
  /** Probability that an earlier session is picked up. */
  resume?: number;
}

/** What an application does with a protected connection, whatever carries it. */
export interface SecureSession {
  /** Plain bytes up and down; the server thinks in between. */
  exchange(upBytes: number, downBytes: number, thinkSeconds?: number): Process;
  pause(seconds: number): Process;
  /** Whether it still works. */
  readonly open: boolean;
  close(from?: Side): Process;
}

export class TlsSession implements SecureSession {
  readonly tcp: TcpSession;
  readonly #actor: Actor;
  readonly #version: TlsVersion;

  constructor(actor: Actor, tcp: TcpSession, version: TlsVersion) {
    [this.#actor, this.tcp, this.#version] = [actor, tcp, version];
  }

  get open(): boolean {
    return this.tcp.open;
  }

  /** Application data of one side; a writer makes records of its own size only for long messages. */
  *send(from: Side, plainBytes: number, thinkSeconds = 0): Process {
    yield* this.tcp.send(from, applicationData(plainBytes, this.#actor.random), thinkSeconds);
  }

  /** A request and its response; the server thinks in between. */
  *exchange(upBytes: number, downBytes: number, thinkSeconds = this.#actor.random.logNormal(0.02, 0.8)): Process {
    yield* this.send(0, upBytes);
    yield* this.send(1, downBytes, thinkSeconds);
  }

  *pause(seconds: number): Process {
    yield* this.tcp.pause(seconds);
  }

  /** close_notify and FIN; some clients answer with a reset. */
  *close(from: Side = 0): Process {
    if (!this.tcp.open) return;
    const { random } = this.#actor;
    if (random.bool(0.8)) yield* this.tcp.send(from, closeNotify(this.#version, random));
    if (random.bool(0.12)) yield* this.tcp.reset(0);
    else yield* this.tcp.close(from);
  }
}

/** Resolves, connects and shakes hands; null where the server cannot be reached. */
export function* openTls(actor: Actor, name: string, options: TlsOptions): Process<TlsSession | null> {
  const remote = yield* resolve(actor, name);
  if (remote === null) return null;
  yield actor.random.uniform(0.2, 4) * MILLISECOND;
  return yield* openTlsTo(actor, remote, name, actor.home.internet.site(name).tls, options);
}

/** The same to a known machine; `serverName` null for one that is reached by its address. */
export function* openTlsTo(
  actor: Actor,
  remote: Remote,
  serverName: string | null,
  version: TlsVersion,
  { profile: profileName, port = 443, alpn, resume = 0.4 }: TlsOptions,
): Process<TlsSession | null> {
  const { random } = actor;
  const profile: ClientProfile = clientProfiles[profileName];
  const tcp = yield* openTcp(actor, remote, port);
  if (tcp === null) return null;
  const spoken = profile.versions.includes(version) ? version : '1.2';
  const resumed = random.bool(resume);
  yield* tcp.send(0, clientHello(profile, { serverName, random, resume: resumed, ...(alpn && { alpn }) }), 0.001);
  // Small processors need a while for the key exchange.
  const work = actor.host.stack.layout === 'lwip' ? random.uniform(0.15, 0.5) : random.uniform(0.001, 0.02);
  if (spoken === '1.3') {
    yield* tcp.send(1, serverFlight13(profile, resumed ? 120 : random.size(3600, 0.25), random), 0.002);
    yield* tcp.send(0, clientFlight13(random), work);
  } else if (resumed) {
    yield* tcp.send(1, serverFlight12Resumed(profile, random), 0.001);
    yield* tcp.send(0, finishFlight12(random), work / 4);
  } else {
    yield* tcp.send(1, serverFlight12(profile, certificateChain(serverName ?? 'localhost'), random), 0.003);
    yield* tcp.send(0, clientFlight12(random), work);
    yield* tcp.send(1, finishFlight12(random), 0.002);
  }
  return new TlsSession(actor, tcp, spoken);
}

/** A whole short call: connect, one exchange, close. */
export function* httpsCall(
  actor: Actor,
  name: string,
  upBytes: number,
  downBytes: number,
  options: TlsOptions,
): Process {
  const session = yield* openTls(actor, name, options);
  if (session === null) return;
  yield* session.exchange(upBytes, downBytes);
  yield actor.random.uniform(0, 0.05) * SECOND;
  yield* session.close(actor.random.bool(0.7) ? 0 : 1);
}
