/**
 * QUIC version 1 (RFC 9000) from outside. Initial packets are protected with keys that anybody can derive (RFC 9001,
 * section 5), so they are real; handshake and application packets are sealed to every observer and hold random bytes.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import type { Random } from '../../engine/random.ts';
import { ByteWriter } from '../bytes.ts';
import { fillOpaque, opaque } from './opaque.ts';
import { type ClientProfile, clientHelloMessage, serverHello } from './tls.ts';

const INITIAL_SALT = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
const VERSION = 1;
const TAG_BYTES = 16;
export const QUIC_DATAGRAM_BYTES = 1250;
const [INITIAL, HANDSHAKE] = [0, 2];

interface PacketKeys {
  key: Uint8Array;
  iv: Uint8Array;
  headerKey: Uint8Array;
}

function hmac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** HKDF-Expand-Label (RFC 8446, 7.1) for at most 32 bytes: a single block. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const info = new ByteWriter(32).u16(length);
  info.prefixed(1, () => info.ascii(`tls13 ${label}`)).u8(0);
  return hmac(secret, info.done(), Uint8Array.of(1)).subarray(0, length);
}

function initialKeys(connectionId: Uint8Array, side: 'client' | 'server'): PacketKeys {
  const secret = expandLabel(hmac(INITIAL_SALT, connectionId), `${side} in`, 32);
  return {
    key: expandLabel(secret, 'quic key', 16),
    iv: expandLabel(secret, 'quic iv', 12),
    headerKey: expandLabel(secret, 'quic hp', 16),
  };
}

function varint(writer: ByteWriter, value: number): void {
  if (value < 64) writer.u8(value);
  else writer.u16(0x4000 | value);
}

interface Ids {
  destination: Uint8Array;
  source: Uint8Array;
}

function longHeader(type: number, { destination, source }: Ids, remaining: number): ByteWriter {
  const writer = new ByteWriter(1400).u8(0xc0 | (type << 4)).u32(VERSION);
  writer.prefixed(1, () => writer.bytes(destination)).prefixed(1, () => writer.bytes(source));
  if (type === INITIAL) varint(writer, 0);
  return writer.u16(0x4000 | remaining);
}

/** One Initial packet, packet number 0 in one byte, sealed and with its header protected. */
function initialPacket(ids: Ids, keys: PacketKeys, frames: Uint8Array): Uint8Array {
  const header = longHeader(INITIAL, ids, 1 + frames.length + TAG_BYTES)
    .u8(0)
    .done();
  // The nonce is the IV exclusive-or the packet number, which is 0.
  const cipher = createCipheriv('aes-128-gcm', keys.key, keys.iv);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  const packet = new ByteWriter(header.length + sealed.length).bytes(header).bytes(sealed).done();
  const number = header.length - 1;
  const sample = packet.subarray(number + 4, number + 20);
  const mask = createCipheriv('aes-128-ecb', keys.headerKey, null).update(sample);
  packet[0] = packet[0]! ^ (mask[0]! & 0x0f);
  packet[number] = packet[number]! ^ mask[1]!;
  return packet;
}

function cryptoFrame(writer: ByteWriter, message: Uint8Array): void {
  writer.u8(0x06);
  varint(writer, 0);
  varint(writer, message.length);
  writer.bytes(message);
}

/** Limits and timeouts that a browser announces (RFC 9000, section 18.2). */
function transportParameters(): Uint8Array {
  const writer = new ByteWriter(64);
  const numbers: ReadonlyArray<readonly [id: number, value: number]> = [
    [0x01, 30_000],
    [0x03, 1472],
    [0x04, 15_728_640],
    [0x05, 6_291_456],
    [0x06, 6_291_456],
    [0x08, 100],
    [0x09, 103],
  ];
  for (const [id, value] of numbers) {
    varint(writer, id);
    writer.u8(4).u32((0x80000000 | value) >>> 0);
  }
  varint(writer, 0x0f);
  return writer.u8(0).done();
}

const NO_ID = new Uint8Array(0);

/** The client's first datagram. `connectionId`: 8 random bytes that address the server until it chooses its own. */
export function quicClientInitial(
  profile: ClientProfile,
  serverName: string,
  connectionId: Uint8Array,
  random: Random,
): Uint8Array {
  const options = { serverName, random, alpn: ['h3'] };
  const hello = clientHelloMessage(profile, options, [[0x39, transportParameters()]]);
  const frames = new ByteWriter(QUIC_DATAGRAM_BYTES);
  cryptoFrame(frames, hello);
  const ids = { destination: connectionId, source: NO_ID };
  const overhead = 1 + 4 + 1 + connectionId.length + 1 + 1 + 2 + 1 + TAG_BYTES;
  frames.zeros(Math.max(0, QUIC_DATAGRAM_BYTES - overhead - frames.length));
  return initialPacket(ids, initialKeys(connectionId, 'client'), frames.done());
}

/** The server's first datagram: acknowledgement and hello in an Initial, the start of its flight behind it. */
export function quicServerInitial(
  connectionId: Uint8Array,
  own: Uint8Array,
  profile: ClientProfile,
  random: Random,
): Uint8Array {
  const frames = new ByteWriter(256).u8(0x02).u8(0).u8(0).u8(0).u8(0);
  cryptoFrame(frames, serverHello('1.3', profile, random, 0));
  const ids = { destination: NO_ID, source: own };
  const initial = initialPacket(ids, initialKeys(connectionId, 'server'), frames.done());
  const rest = QUIC_DATAGRAM_BYTES - initial.length;
  return new ByteWriter(QUIC_DATAGRAM_BYTES)
    .bytes(initial)
    .bytes(quicHandshake(ids, rest, random))
    .done();
}

/** A sealed Handshake packet of `length` bytes in all. */
export function quicHandshake(ids: Ids, length: number, random: Random): Uint8Array {
  const header = 1 + 4 + 1 + ids.destination.length + 1 + ids.source.length + 2;
  const writer = longHeader(HANDSHAKE, ids, length - header);
  const packet = writer.bytes(opaque(length - header, random)).done();
  packet[0] = packet[0]! | random.int(0, 15); // protected bits
  return packet;
}

/** A packet of application data, `length` bytes in all; towards the client the connection ID is empty. */
export function quicShort(connectionId: Uint8Array, length: number, random: Random): Uint8Array {
  const packet = new Uint8Array(Math.max(length, 1 + connectionId.length + 20));
  packet[0] = 0x40 | random.int(0, 63);
  packet.set(connectionId, 1);
  fillOpaque(packet, 1 + connectionId.length, packet.length, random);
  return packet;
}
