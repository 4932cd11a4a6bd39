import { looksLikeHttpResponse } from '../../packet/layers/application/http.ts';
import type { Packet } from '../../packet/packet.ts';
import { latin1Text } from '../../packet/text.ts';
import { IS_PARTIAL, LAST_SEQ, START_SEQ } from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import {
  FLAGS,
  MORE_SERVICES,
  ORIG_COUNTERS,
  ORIG_ENDPOINT,
  PORTS,
  RESP_COUNTERS,
  RESP_ENDPOINT,
  SERVICES,
  WORDS,
} from '../table/record-layout.ts';
import * as signature from '../tcp/signature.ts';
import { UNDECIDED, UNKNOWN } from '../tcp/signature.ts';
import { StreamPrefix } from '../tcp/stream-prefix.ts';
import { tcpSignature } from '../tcp/tcp-signature.ts';
import type { AppObserver } from './app-observer.ts';
import { DatagramServices, MAXIMUM_LOOKS } from './datagram-services.ts';
import { ExpectedConnections } from './expected.ts';
import { BEGINS_BEHIND, BEGINS_HERE, Follower, loginsIn, OVER } from './follow.ts';
import { serviceSet } from './service.ts';
import { ANY_INSIDE, LOGINS, LOGINS_AND_PIPES, NOTHING, tcpService } from './tcp-service.ts';

/**
 * Word of a side's counters that holds its signature in the lower byte, which is 0 while it is looked for, and how often
 * it was; or that the side is followed further.
 */
const SIGNATURE = 7;
const LOOKS_SHIFT = 8;
const FOLLOWED = 0x10000;
/** Logins in a side's first message, which count once the service is known. */
const LOGINS_SHIFT = 20;

const FTP_DATA = serviceSet('ftp-data');
const WEBSOCKET = serviceSet('websocket');
const INTERACTIVE = serviceSet('ssh', 'ftp');

/** Recognises application protocols from the payload, and hands what they say in the clear to an observer. */
export class ServiceDetector {
  readonly #store: ConnectionStore;
  readonly #prefix = new StreamPrefix();
  readonly #observer: AppObserver | null;
  readonly #interactive: (slot: number) => void;
  readonly #datagrams: DatagramServices;
  readonly #expected = new ExpectedConnections();
  readonly #follower = new Follower(this.#expected);
  /** Where the protocol inside another one begins, relative to the connection's first byte. */
  readonly #origins = new Map<number, number>();

  /** `interactive` is told of connections with a person behind them (SSH, FTP), which may be silent for long. */
  constructor(store: ConnectionStore, observer: AppObserver | null, interactive: (slot: number) => void) {
    this.#store = store;
    this.#observer = observer;
    this.#interactive = interactive;
    this.#datagrams = new DatagramServices(store);
  }

  /** Whether `opened` has to be told. */
  get expects(): boolean {
    return !this.#expected.isEmpty;
  }

  /** A TCP connection begins: perhaps one that another one has announced. */
  opened(slot: number, packet: Packet): void {
    const { dst0, dst1, dst2, dst3 } = packet;
    const address = packet.ipVersion === 4 ? [dst0] : [dst0, dst1, dst2, dst3];
    if (!this.#expected.has(address, packet.dstPort, packet.ts)) return;
    this.#add(slot, FTP_DATA.low, FTP_DATA.high);
    this.#stop(slot);
  }

  /** A UDP datagram with captured payload. True asks for originator and responder to be exchanged. */
  datagram(slot: number, packet: Packet, isOrig: boolean): boolean {
    const flip = this.#datagrams.look(slot, packet, isOrig);
    if (this.#observer !== null) {
      this.#observer.datagram(slot, packet, isOrig, this.#store.words[slot * WORDS + SERVICES]);
    }
    return flip;
  }

  /** A TCP segment with captured payload. */
  segment(slot: number, packet: Packet, isOrig: boolean): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    const endpoint = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const at = base + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + SIGNATURE;
    if ((words[at] & 0xff) !== UNDECIDED) return;
    if ((words[at] & FOLLOWED) !== 0 && !this.#follow(slot, packet, isOrig, endpoint, at)) return;
    const other = words[base + (isOrig ? RESP_COUNTERS : ORIG_COUNTERS) + SIGNATURE] & 0xff;
    if (isRequest(other) && isHttpAnswer(packet)) {
      this.#answered(slot, packet, other);
      this.#decide(slot, at, endpoint, signature.HTTP_ANSWER);
      return;
    }
    const looks = ((words[at] >>> LOOKS_SHIFT) & 0xff) + 1;
    const relative = (packet.tcpSeq - words[endpoint + START_SEQ] - 1 - this.#origin(endpoint)) | 0;
    if (looks > MAXIMUM_LOOKS || relative < 0 || !this.#prefix.extend(endpoint, packet, relative)) {
      if (looks > MAXIMUM_LOOKS || relative > 0) this.#decide(slot, at, endpoint, UNKNOWN);
      return;
    }
    const { bytes, from, to } = this.#prefix;
    const found = this.#signature(bytes, from, to, words[base + PORTS] & 0xffff, other, base);
    const isComplete =
      found !== UNDECIDED && (this.#observer === null || this.#observer.stream(slot, packet, found, bytes, from, to));
    if (isComplete)
      this.#decide(slot, at, endpoint, found | (carriers.has(found) ? loginsIn(bytes, from, to) << LOGINS_SHIFT : 0));
    else if (this.#prefix.keep(endpoint)) words[at] = looks << LOOKS_SHIFT;
    else this.#decide(slot, at, endpoint, found === UNDECIDED ? UNKNOWN : found);
  }

  /** Of a connection that was running before, the beginning is not here: only some are known by any of their messages. */
  #signature(bytes: Uint8Array, from: number, to: number, port: number, other: number, base: number): number {
    const found = tcpSignature(bytes, from, to, port, other);
    const isPartial = (this.#store.words[base + FLAGS] & IS_PARTIAL) !== 0;
    return isPartial && !knownByAny.has(found) ? UNKNOWN : found;
  }

  #origin(endpoint: number): number {
    return this.#origins.size === 0 ? 0 : (this.#origins.get(endpoint) ?? 0);
  }

  /** True where another protocol begins with this segment. */
  #follow(slot: number, packet: Packet, isOrig: boolean, endpoint: number, at: number): boolean {
    const told = this.#follower.segment(slot, packet, isOrig);
    this.#add(slot, this.#follower.low, this.#follower.high);
    if (told === BEGINS_HERE) {
      const { words } = this.#store;
      this.#origins.set(endpoint, (packet.tcpSeq - words[endpoint + START_SEQ] - 1) | 0);
      words[at] = 0;
      return true;
    }
    if (told === BEGINS_BEHIND) this.#restart(slot);
    else if (told === OVER) this.#stop(slot);
    return false;
  }

  /** Behind what was sent so far, on either side, something else begins. */
  #restart(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    this.#follower.forget(slot);
    for (const [endpoint, counters] of sides) {
      const sent = (words[base + endpoint + LAST_SEQ] - words[base + endpoint + START_SEQ] - 1) | 0;
      this.#origins.set(base + endpoint, Math.max(0, sent));
      words[base + counters + SIGNATURE] = 0;
    }
  }

  /** An answer to a request may say that the connection is a WebSocket from now on. */
  #answered(slot: number, packet: Packet, other: number): void {
    const { bytes, payloadOffset: from } = packet;
    if (other !== signature.HTTP_REQUEST || bytes[from + 9] !== 0x31 || bytes[from + 11] !== 0x31) return;
    const head = latin1Text(bytes, from, Math.min(from + packet.payloadCaptured, from + 1024));
    if (/^HTTP\/1\.1 101 .*\r\nupgrade: *websocket\r\n/is.test(head)) this.#add(slot, WEBSOCKET.low, WEBSOCKET.high);
  }

  #decide(slot: number, at: number, endpoint: number, found: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    words[at] = found;
    this.#prefix.forget(endpoint);
    const orig = words[base + ORIG_COUNTERS + SIGNATURE] & 0xff;
    const resp = words[base + RESP_COUNTERS + SIGNATURE] & 0xff;
    const { services, follow } = tcpService(orig, resp, words[base + PORTS] & 0xffff);
    if ((services.low | services.high) === 0) return;
    // What is inside something is not followed once more.
    const isInside = this.#origins.size > 0 && this.#origins.has(endpoint);
    this.#add(slot, services.low, services.high);
    if (isInside || follow === NOTHING) return;
    if (follow === ANY_INSIDE) {
      this.#restart(slot);
      return;
    }
    if (follow === LOGINS || follow === LOGINS_AND_PIPES) this.#addLogins(slot, follow);
    if (this.#follower.begin(slot, follow)) this.#setBoth(slot, FOLLOWED);
  }

  /** What the first messages of both sides carried. */
  #addLogins(slot: number, follow: number): void {
    const { words } = this.#store;
    for (const [, counters] of sides) {
      this.#follower.logins(follow, words[slot * WORDS + counters + SIGNATURE] >>> LOGINS_SHIFT);
      this.#add(slot, this.#follower.low, this.#follower.high);
    }
  }

  #add(slot: number, low: number, high: number): void {
    if ((low | high) === 0) return;
    const { words } = this.#store;
    const base = slot * WORDS;
    words[base + SERVICES] |= low;
    words[base + MORE_SERVICES] |= high;
    if ((low & INTERACTIVE.low) !== 0) this.#interactive(slot);
  }

  #setBoth(slot: number, value: number): void {
    const { words } = this.#store;
    for (const [, counters] of sides) words[slot * WORDS + counters + SIGNATURE] = value;
  }

  /** Nothing more is looked for. */
  #stop(slot: number): void {
    this.#follower.forget(slot);
    this.#setBoth(slot, UNKNOWN);
  }

  forget(slot: number): void {
    const base = slot * WORDS;
    this.#prefix.forget(base + ORIG_ENDPOINT);
    this.#prefix.forget(base + RESP_ENDPOINT);
    this.#follower.forget(slot);
    if (this.#origins.size > 0) for (const [endpoint] of sides) this.#origins.delete(base + endpoint);
    this.#observer?.close(slot);
  }
}

const sides: readonly (readonly [endpoint: number, counters: number])[] = [
  [ORIG_ENDPOINT, ORIG_COUNTERS],
  [RESP_ENDPOINT, RESP_COUNTERS],
];

/** Those that Zeek too follows from any message on. */
const knownByAny = new Set([
  signature.LDAP_REQUEST,
  signature.LDAP_RESPONSE,
  signature.POSTGRESQL_STARTUP,
  signature.POSTGRESQL_ANSWER,
  signature.REDIS_COMMAND,
  signature.REDIS_ANSWER,
  signature.MODBUS,
  signature.DNP3,
  signature.MQTT_CONNECT,
  signature.SMB,
]);

/** First messages that may hold a login. */
const carriers = new Set([signature.LDAP_REQUEST, signature.LDAP_RESPONSE, signature.SMB, signature.DCE_RPC]);

const isRequest = (found: number): boolean =>
  found === signature.HTTP_REQUEST || found === signature.HTTP_CONNECT || found === signature.HTTP_09_REQUEST;

const isHttpAnswer = ({ bytes, payloadOffset, payloadCaptured }: Packet): boolean =>
  looksLikeHttpResponse(bytes, payloadOffset, payloadOffset + payloadCaptured);
