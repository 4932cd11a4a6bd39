import { looksLikeHttpResponse } from '../../packet/layers/application/http.ts';
import type { Packet } from '../../packet/packet.ts';
import { IS_PARTIAL, START_SEQ } from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import {
  FLAGS,
  ORIG_COUNTERS,
  ORIG_ENDPOINT,
  PORTS,
  RESP_COUNTERS,
  RESP_ENDPOINT,
  SERVICES,
  WORDS,
} from '../table/record-layout.ts';
import { StreamPrefix } from '../tcp/stream-prefix.ts';
import * as signature from '../tcp/tcp-signature.ts';
import { tcpSignature, UNDECIDED, UNKNOWN } from '../tcp/tcp-signature.ts';
import type { AppObserver } from './app-observer.ts';
import { serviceBit } from './service.ts';
import { udpService } from './udp-signature.ts';

/** Word of a side's counters that holds its signature (TCP) or how many datagrams were looked at (UDP). */
const SIGNATURE = 7;
/** Datagrams and segments of one side that are looked at before a connection counts as unknown. */
const MAXIMUM_LOOKS = 8;
const LOOKS_SHIFT = 8;

/** Recognises application protocols from the payload, and hands what they say in the clear to an observer. */
export class ServiceDetector {
  readonly #store: ConnectionStore;
  readonly #prefix = new StreamPrefix();
  readonly #observer: AppObserver | null;
  readonly #interactive: (slot: number) => void;

  /** `interactive` is told of connections with a person behind them (SSH, FTP), which may be silent for long. */
  constructor(store: ConnectionStore, observer: AppObserver | null, interactive: (slot: number) => void) {
    this.#store = store;
    this.#observer = observer;
    this.#interactive = interactive;
  }

  /** A UDP datagram with captured payload. True asks for originator and responder to be exchanged. */
  datagram(slot: number, packet: Packet, isOrig: boolean): boolean {
    const { words } = this.#store;
    const base = slot * WORDS;
    const looks = base + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + SIGNATURE;
    let bit = words[base + SERVICES];
    let flip = false;
    if (bit === 0 && words[looks] < MAXIMUM_LOOKS) {
      words[looks]++;
      const isFirst = words[base + ORIG_COUNTERS + SIGNATURE] + words[base + RESP_COUNTERS + SIGNATURE] === 1;
      bit = udpService(packet);
      if (bit !== 0) words[base + SERVICES] |= bit;
      flip = isFirst && isOrig && bit === NTP && isNtpAnswer(packet);
    }
    if (this.#observer !== null) this.#observer.datagram(slot, packet, isOrig, bit);
    return flip;
  }

  /** A TCP segment with captured payload. */
  segment(slot: number, packet: Packet, isOrig: boolean): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    const endpoint = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const at = base + (isOrig ? ORIG_COUNTERS : RESP_COUNTERS) + SIGNATURE;
    const known = words[at] & 0xff;
    // Of a connection that was running before, the beginning is not here.
    if (known !== UNDECIDED || (words[base + FLAGS] & IS_PARTIAL) !== 0) return;
    // A request in the other direction settles it, and of the answer nothing is told.
    const other = words[base + (isOrig ? RESP_COUNTERS : ORIG_COUNTERS) + SIGNATURE] & 0xff;
    if (other === signature.HTTP_REQUEST && isHttpAnswer(packet)) {
      this.#decide(slot, at, endpoint, UNKNOWN);
      return;
    }
    const looks = (words[at] >>> LOOKS_SHIFT) + 1;
    const relative = (packet.tcpSeq - words[endpoint + START_SEQ] - 1) | 0;
    if (looks > MAXIMUM_LOOKS || relative < 0 || !this.#prefix.extend(endpoint, packet, relative)) {
      if (looks > MAXIMUM_LOOKS || relative > 0) this.#decide(slot, at, endpoint, UNKNOWN);
      return;
    }
    const { bytes, from, to } = this.#prefix;
    const found = tcpSignature(bytes, from, to, words[base + PORTS] & 0xffff);
    const isComplete =
      found !== UNDECIDED && (this.#observer === null || this.#observer.stream(slot, packet, found, bytes, from, to));
    if (isComplete) this.#decide(slot, at, endpoint, found);
    else if (this.#prefix.keep(endpoint)) words[at] = looks << LOOKS_SHIFT;
    else this.#decide(slot, at, endpoint, found === UNDECIDED ? UNKNOWN : found);
  }

  #decide(slot: number, at: number, endpoint: number, found: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    words[at] = found;
    this.#prefix.forget(endpoint);
    const orig = words[base + ORIG_COUNTERS + SIGNATURE] & 0xff;
    const resp = words[base + RESP_COUNTERS + SIGNATURE] & 0xff;
    const both = pair(orig, resp, words[base + PORTS] & 0xffff);
    if (both === 0) return;
    words[base + SERVICES] |= both;
    if ((both & INTERACTIVE_SERVICES) !== 0) this.#interactive(slot);
  }

  forget(slot: number): void {
    const base = slot * WORDS;
    this.#prefix.forget(base + ORIG_ENDPOINT);
    this.#prefix.forget(base + RESP_ENDPOINT);
    this.#observer?.close(slot);
  }
}

const isHttpAnswer = ({ bytes, payloadOffset, payloadCaptured }: Packet): boolean =>
  looksLikeHttpResponse(bytes, payloadOffset, payloadOffset + payloadCaptured);

const NTP = serviceBit('ntp');
const INTERACTIVE_SERVICES = serviceBit('ssh') | serviceBit('ftp');

/** Mode 4: a server's answer. */
function isNtpAnswer(packet: Packet): boolean {
  return packet.srcPort === packet.dstPort && (packet.bytes[packet.payloadOffset] & 0x07) === 4;
}

/** Where a client's hello alone suffices; elsewhere the server has to answer it. */
const tlsPorts = new Set([443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223]);

const isIrcPort = (port: number): boolean => port >= 6666 && port <= 6669;

const DNS = serviceBit('dns');
const FTP = serviceBit('ftp');
const HTTP = serviceBit('http');
const IMAP = serviceBit('imap');
const IRC = serviceBit('irc');
const MQTT = serviceBit('mqtt');
const POP3 = serviceBit('pop3');
const SIP = serviceBit('sip');
const SMTP = serviceBit('smtp');
const SSH = serviceBit('ssh');
const SSL = serviceBit('ssl');

/** The service that the two directions show together. Some need both, in either order. */
function pair(orig: number, resp: number, responderPort: number): number {
  const has = (one: number) => orig === one || resp === one;
  const have = (one: number, other: number) => (orig === one && resp === other) || (orig === other && resp === one);
  if (has(signature.HTTP_REQUEST)) return HTTP;
  if (has(signature.TLS_CLIENT) && (has(signature.TLS_SERVER) || tlsPorts.has(responderPort))) return SSL;
  if (have(signature.SSH_BANNER, signature.SSH_BANNER)) return SSH;
  if (has(signature.MQTT_CONNECT)) return MQTT;
  if (has(signature.DNS_MESSAGE)) return DNS;
  if (has(signature.IRC_CLIENT) && (has(signature.IRC_SERVER) || isIrcPort(responderPort))) return IRC;
  if (have(signature.SMTP_CLIENT, signature.GREETING_220)) return SMTP;
  if (have(signature.FTP_CLIENT, signature.GREETING_220)) return FTP;
  if (have(signature.POP3_SERVER, signature.POP3_CLIENT) || have(signature.POP3_SERVER, signature.FTP_CLIENT)) {
    return POP3;
  }
  if (has(signature.IMAP_SERVER)) return IMAP;
  return has(signature.SIP_MESSAGE) ? SIP : 0;
}
