/** What comes later in a connection whose service is known: TLS, another protocol behind a proxy, logins, FTP's data. */
import {
  CARRIES_DCE_RPC,
  CARRIES_GSSAPI,
  CARRIES_KERBEROS,
  CARRIES_NTLM,
  carriedLogins,
} from '../../packet/layers/application/windows.ts';
import type { Packet } from '../../packet/packet.ts';
import { latin1Text } from '../../packet/text.ts';
import type { ExpectedConnections } from './expected.ts';
import { type Services, serviceSet } from './service.ts';
import { ANY_AFTER_SOCKS, FTP_COMMANDS, LOGINS, LOGINS_AND_PIPES, TLS_LATER } from './tcp-service.ts';

/** Segments of a connection that are looked at, but for those of FTP's commands, which are few and far between. */
const MAXIMUM_LOOKS = 64;
const MAXIMUM_COMMANDS = 65_536;
/** Connections that are followed at a time. */
const MAXIMUM_FOLLOWED = 16_384;
/** Bytes of a segment that are searched for logins. */
const MAXIMUM_SEARCH = 4096;
const LONGEST_COMMAND = 512;

/** What a segment tells: nothing, that the protocol inside begins with it or behind it, or that it is enough. */
export const GO_ON = 0;
export const BEGINS_HERE = 1;
export const BEGINS_BEHIND = 2;
export const OVER = 3;

interface Followed {
  kind: number;
  looks: number;
}

const carried: readonly (readonly [bit: number, services: Services])[] = [
  [CARRIES_GSSAPI, serviceSet('gssapi')],
  [CARRIES_NTLM, serviceSet('ntlm')],
  [CARRIES_KERBEROS, serviceSet('krb')],
  [CARRIES_DCE_RPC, serviceSet('dce_rpc')],
];
const GRIDFTP = serviceSet('ssl', 'gridftp');

export class Follower {
  readonly #followed = new Map<number, Followed>();
  readonly #expected: ExpectedConnections;
  /** Services that the last segment showed. */
  low = 0;
  high = 0;

  constructor(expected: ExpectedConnections) {
    this.#expected = expected;
  }

  /** False where there is no room for another one. */
  begin(slot: number, kind: number): boolean {
    if (this.#followed.size >= MAXIMUM_FOLLOWED) return false;
    this.#followed.set(slot, { kind, looks: 0 });
    return true;
  }

  forget(slot: number): void {
    if (this.#followed.size > 0) this.#followed.delete(slot);
  }

  /** A segment with payload of a connection that is followed. */
  segment(slot: number, packet: Packet, isOrig: boolean): number {
    this.#clear();
    const followed = this.#followed.get(slot);
    if (followed === undefined) return OVER;
    const limit = followed.kind === FTP_COMMANDS ? MAXIMUM_COMMANDS : MAXIMUM_LOOKS;
    if (++followed.looks > limit) return OVER;
    const { bytes, payloadOffset: from } = packet;
    const to = from + packet.payloadCaptured;
    switch (followed.kind) {
      case TLS_LATER:
        return isHello(bytes, from, to) ? BEGINS_HERE : GO_ON;
      case ANY_AFTER_SOCKS:
        return !isOrig && isSocksReply(bytes, from, to) ? BEGINS_BEHIND : GO_ON;
      case LOGINS:
      case LOGINS_AND_PIPES:
        // LDAP has STARTTLS too.
        if (isHello(bytes, from, to)) return BEGINS_HERE;
        this.#addLogins(followed.kind, loginsIn(bytes, from, to));
        return GO_ON;
      case FTP_COMMANDS:
        if (isHello(bytes, from, to)) return BEGINS_HERE;
        this.#ftp(packet, isOrig, latin1Text(bytes, from, Math.min(to, from + LONGEST_COMMAND)));
        return GO_ON;
      default:
        return OVER;
    }
  }

  /** What `loginsIn` found in earlier messages of such a connection. */
  logins(kind: number, found: number): void {
    this.#clear();
    this.#addLogins(kind, found);
  }

  #clear(): void {
    this.low = 0;
    this.high = 0;
  }

  /** A remote call counts only where there are pipes. */
  #addLogins(kind: number, found: number): void {
    const bits = kind === LOGINS_AND_PIPES ? found : found & ~CARRIES_DCE_RPC;
    if (bits === 0) return;
    for (const [bit, services] of carried) if ((bits & bit) !== 0) this.#add(services);
  }

  #add({ low, high }: Services): void {
    this.low |= low;
    this.high |= high;
  }

  #ftp(packet: Packet, isOrig: boolean, text: string): void {
    // A GSI login: TLS in Base64, whose records begin with 16 03.
    if (/(?:^|\n)(?:ADAT |33[45] ADAT=)FgM/.test(text)) this.#add(GRIDFTP);
    const place = isOrig ? ftpPort(text) : ftpPassive(text);
    if (place !== null) this.#expected.add(place.address ?? sender(packet), place.port, packet.ts);
  }
}

export const loginsIn = (bytes: Uint8Array, from: number, to: number): number =>
  carriedLogins(bytes, from, Math.min(to, from + MAXIMUM_SEARCH));

/** A record with a client's or a server's hello. */
function isHello(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 6 > to || bytes[from] !== 0x16 || bytes[from + 1] !== 3 || bytes[from + 2] > 4) return false;
  return bytes[from + 5] === 1 || bytes[from + 5] === 2;
}

/** Version 5, success, reserved, a kind of address. */
function isSocksReply(bytes: Uint8Array, from: number, to: number): boolean {
  return from + 10 <= to && bytes[from] === 5 && bytes[from + 1] === 0 && bytes[from + 2] === 0 && bytes[from + 3] <= 4;
}

interface Place {
  /** As words of an address; null for that of the sender. */
  address: readonly number[] | null;
  port: number;
}

/** PORT (RFC 959) and EPRT (RFC 2428): where the client listens. */
function ftpPort(text: string): Place | null {
  const port = /(?:^|\n)PORT +(\d{1,3}(?:,\d{1,3}){5})/i.exec(text);
  if (port !== null) return placeOf(port[1]);
  const extended = /(?:^|\n)EPRT +\|[12]\|[^|]{2,45}\|(\d{1,5})\|/i.exec(text);
  return extended === null ? null : { address: null, port: Number(extended[1]) };
}

/** Answers 227 and 229: where the server listens. */
function ftpPassive(text: string): Place | null {
  const passive = /(?:^|\n)227 [^\r\n]*?(\d{1,3}(?:,\d{1,3}){5})/.exec(text);
  if (passive !== null) return placeOf(passive[1]);
  const extended = /(?:^|\n)229 [^\r\n]*\(\|\|\|(\d{1,5})\|\)/.exec(text);
  return extended === null ? null : { address: null, port: Number(extended[1]) };
}

/** Six numbers: an IPv4 address and the two bytes of a port. */
function placeOf(list: string): Place | null {
  const numbers = list.split(',').map(Number);
  if (numbers.some((number) => number > 255)) return null;
  const [a, b, c, d, high, low] = numbers;
  return { address: [(a << 24) | (b << 16) | (c << 8) | d], port: high * 256 + low };
}

const sender = ({ ipVersion, src0, src1, src2, src3 }: Packet): readonly number[] =>
  ipVersion === 4 ? [src0] : [src0, src1, src2, src3];
