/** The clear part of an SSH handshake as binary packets (RFC 4253, section 6 and 7; RFC 5656). */
import type { Random } from '../../engine/random.ts';
import { ByteWriter } from '../bytes.ts';

/** A packet before encryption: length, padding length, payload, padding to a multiple of 8. */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8);
  return new ByteWriter(payload.length + 16)
    .u32(payload.length + 1 + padding)
    .u8(padding)
    .bytes(payload)
    .zeros(padding)
    .done();
}

function text(writer: ByteWriter, value: string): void {
  writer.u32(value.length).ascii(value);
}

const CIPHERS =
  'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com';
const MACS = 'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512,hmac-sha1';

export function keyExchangeInit(random: Random): Uint8Array {
  const writer = new ByteWriter(1200).u8(20).bytes(random.bytes(16));
  text(writer, 'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha256');
  text(writer, 'rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519');
  for (const list of [CIPHERS, CIPHERS, MACS, MACS, 'none,zlib@openssh.com', 'none,zlib@openssh.com', '', ''])
    text(writer, list);
  return packet(writer.u8(0).u32(0).done());
}

export function ecdhInit(random: Random): Uint8Array {
  return packet(new ByteWriter(64).u8(30).u32(32).bytes(random.bytes(32)).done());
}

/** Host key, the server's share and its signature, all ed25519-sized. */
export function ecdhReply(random: Random): Uint8Array {
  const key = new ByteWriter(64);
  text(key, 'ssh-ed25519');
  key.u32(32).bytes(random.bytes(32));
  const signature = new ByteWriter(96);
  text(signature, 'ssh-ed25519');
  signature.u32(64).bytes(random.bytes(64));
  const writer = new ByteWriter(300).u8(31);
  writer.u32(key.length).bytes(key.done()).u32(32).bytes(random.bytes(32));
  return packet(writer.u32(signature.length).bytes(signature.done()).done());
}

export function newKeys(): Uint8Array {
  return packet(Uint8Array.of(21));
}
