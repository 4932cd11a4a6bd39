import { DONE, ETHERNET, etherTypeLayer, GRE, IP, LLC, REJECTED } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal } from '../../refusal.ts';

/** Tunnels in UDP. Each begins at the payload of the packet, moves `next` behind its header and names the layer. */
export const VXLAN = 1;
export const GENEVE = 2;
export const GTPV1 = 3;
export const TEREDO = 4;
export const AYIYA = 5;
export const GRE_IN_UDP = 6;
export const CAPWAP = 7;

const bad = refusal('bad_tunnel_header');

/** The ports that these tunnels are registered for. */
const kinds = new Uint8Array(65_536);
kinds[4789] = VXLAN;
kinds[6081] = GENEVE;
kinds[2152] = GTPV1;
kinds[2123] = GTPV1;
kinds[3544] = TEREDO;
kinds[5072] = AYIYA;
kinds[4754] = GRE_IN_UDP;
kinds[5247] = CAPWAP;

/** The kind of tunnel behind a UDP port, 0 for none. */
export function tunnelKind(port: number): number {
  return kinds[port];
}

const TEREDO_PREFIX = 0x20010000;

/**
 * The kind of tunnel that a datagram on another port shows, 0 for none. Teredo's clients send to each other's ports: an
 * IPv6 packet with an address of Teredo, or its own headers before one. AYIYA has a fixed identity and signature.
 */
export function tunnelInside(packet: Packet): number {
  const { bytes, view, payloadOffset: at, payloadCaptured: length } = packet;
  if (length < 40) return 0;
  const first = bytes[at];
  if (first >>> 4 === 6) {
    const isTeredo = view.getInt32(at + 8) === TEREDO_PREFIX || view.getInt32(at + 24) === TEREDO_PREFIX;
    return isTeredo && isWholeIp(packet, at, at + length) ? TEREDO : 0;
  }
  if (first === 0 && bytes[at + 1] <= 1) return isTeredoHeader(packet, at, at + length) ? TEREDO : 0;
  const isAyiya = bytes[at + 1] === 0x52 && bytes[at + 2] === 0x11 && (bytes[at + 3] === 41 || bytes[at + 3] === 4);
  return isAyiya ? AYIYA : 0;
}

/** Authentication, origin, or both, and then exactly an IPv6 packet. */
function isTeredoHeader(packet: Packet, start: number, end: number): boolean {
  const { bytes } = packet;
  let at = start;
  if (bytes[at + 1] === 1) at += 13 + bytes[at + 2] + bytes[at + 3];
  if (at + 8 <= end && bytes[at] === 0 && bytes[at + 1] === 0) at += 8;
  return at > start && at + 40 <= end && bytes[at] >>> 4 === 6 && isWholeIp(packet, at, end);
}

/** The layer inside; DONE where there is no packet behind the header, REJECTED where the message is no tunnel. */
export function enterTunnel(packet: Packet, kind: number): number {
  packet.next = packet.payloadOffset;
  const end = packet.payloadOffset + packet.payloadCaptured;
  switch (kind) {
    case VXLAN:
      return enterVxlan(packet, end);
    case GENEVE:
      return enterGeneve(packet, end);
    case GTPV1:
      return enterGtp(packet, end);
    case TEREDO:
      return enterTeredo(packet, end);
    case AYIYA:
      return enterAyiya(packet, end);
    case GRE_IN_UDP:
      return GRE;
    case CAPWAP:
      return enterCapwap(packet, end);
    default:
      return REJECTED;
  }
}

/** RFC 7348: flags with the I bit, the network identifier, an Ethernet frame. */
function enterVxlan(packet: Packet, end: number): number {
  const { bytes, next } = packet;
  if (next + 8 > end || (bytes[next] & 0x08) === 0) return bad(packet);
  packet.next = next + 8;
  return packet.next === end ? DONE : ETHERNET;
}

/** RFC 8926: version and length of the options, an EtherType, the network identifier, options. */
function enterGeneve(packet: Packet, end: number): number {
  const { bytes, next } = packet;
  if (next + 8 > end || bytes[next] >>> 6 !== 0) return bad(packet);
  packet.next = next + 8 + ((bytes[next] & 0x3f) << 2);
  if (packet.next > end) return bad(packet);
  return packet.next === end ? DONE : etherTypeLayer((bytes[next + 2] << 8) | bytes[next + 3]);
}

/** 3GPP TS 29.281: user data (type 255) of version 1, with optional fields and extension headers. */
function enterGtp(packet: Packet, end: number): number {
  const { bytes, next } = packet;
  if (next + 8 > end || bytes[next] >>> 4 !== 3) return bad(packet);
  if (bytes[next + 1] !== 255) return REJECTED; // signalling, with nothing inside
  let at = next + 8;
  if ((bytes[next] & 0x07) !== 0) {
    if (at + 4 > end) return bad(packet);
    let extension = (bytes[next] & 0x04) !== 0 ? bytes[at + 3] : 0;
    at += 4;
    for (let count = 0; extension !== 0; count++) {
      if (at >= end || bytes[at] === 0 || count === 16) return bad(packet);
      const length = bytes[at] << 2;
      if (at + length > end) return bad(packet);
      extension = bytes[at + length - 1];
      at += length;
    }
  }
  packet.next = at;
  return isWholeIp(packet, at, end) ? IP : bad(packet);
}

/** RFC 4380: an authentication header, an origin indication, then IPv6. */
function enterTeredo(packet: Packet, end: number): number {
  const { bytes } = packet;
  let at = packet.next;
  if (at + 4 <= end && bytes[at] === 0 && bytes[at + 1] === 1) at += 13 + bytes[at + 2] + bytes[at + 3];
  if (at + 8 <= end && bytes[at] === 0 && bytes[at + 1] === 0) at += 8;
  if (at + 40 > end || bytes[at] >>> 4 !== 6) return bad(packet);
  const length = 40 + ((bytes[at + 4] << 8) | bytes[at + 5]);
  const isBubble = bytes[at + 6] === 59;
  if (at + length > end || (at + length < end && !isBubble)) return bad(packet);
  packet.next = at;
  return isBubble ? DONE : IP;
}

/** AYIYA (draft-massar-v6ops-ayiya): identity and signature of variable length, then what the next header says. */
function enterAyiya(packet: Packet, end: number): number {
  const { bytes, next } = packet;
  if (next + 8 > end) return bad(packet);
  packet.next = next + 8 + (1 << (bytes[next] >>> 4)) + (bytes[next + 1] >>> 4) * 4;
  if (packet.next > end) return bad(packet);
  if ((bytes[next + 2] & 0x0f) !== 1 || packet.next === end) return DONE;
  const header = bytes[next + 3];
  return header === 4 || header === 41 ? IP : DONE;
}

/**
 * CAPWAP data (RFC 5415): what access points send to their controller. Behind a header of variable length, an 802.3 or
 * 802.11 frame; the frame control of the latter comes with its bytes exchanged from some vendors.
 */
function enterCapwap(packet: Packet, end: number): number {
  const { bytes, next } = packet;
  if (next + 8 > end) return bad(packet);
  const isEncrypted = (bytes[next] & 0x0f) !== 0;
  const isFragment = (bytes[next + 3] & 0x80) !== 0;
  if (isEncrypted || isFragment) return REJECTED;
  const at = next + ((bytes[next + 1] >>> 3) << 2);
  const isNative = (bytes[next + 2] & 0x01) !== 0;
  if (at + 32 > end) return REJECTED;
  packet.next = at;
  if (!isNative) return ETHERNET;
  const isSwapped = (bytes[at + 1] & 0x0f) === 0x08 && (bytes[at] & 0x0c) !== 0x08;
  const control = isSwapped ? bytes[at + 1] : bytes[at];
  if ((control & 0x4c) !== 0x08) return REJECTED; // management, or no data
  packet.next = at + 24 + ((control & 0x80) !== 0 ? 2 : 0);
  return LLC;
}

/** An IP packet that fills [at, end) exactly: what tells tunnels from other traffic on their port. */
function isWholeIp(packet: Packet, at: number, end: number): boolean {
  const { bytes } = packet;
  if (at + 20 > end) return false;
  const version = bytes[at] >>> 4;
  if (version === 4) return ((bytes[at + 2] << 8) | bytes[at + 3]) === end - at;
  return version === 6 && at + 40 <= end && 40 + ((bytes[at + 4] << 8) | bytes[at + 5]) === end - at;
}
