/** DHCP (RFC 2131, options RFC 2132). */
import { ByteWriter } from '../bytes.ts';

export const DhcpType = { DISCOVER: 1, OFFER: 2, REQUEST: 3, DECLINE: 4, ACK: 5, NAK: 6, RELEASE: 7 } as const;

/** What identifies a kind of client: option 12, 55 and 60 as its firmware sends them. */
export interface DhcpFingerprint {
  readonly hostname: string | null;
  readonly vendorClass: string | null;
  readonly requestList: readonly number[];
  /** BOOTP-sized padding that old udhcp versions send. */
  readonly padded?: boolean;
}

const MAGIC = 0x63825363;

interface Header {
  reply: boolean;
  transaction: number;
  seconds?: number;
  broadcast?: boolean;
  clientIp?: Uint8Array;
  yourIp?: Uint8Array;
  serverIp?: Uint8Array;
  clientMac: Uint8Array;
}

function dhcpMessage(header: Header, options: (writer: ByteWriter) => void, minimum: number): Uint8Array {
  const zero = new Uint8Array(4);
  const writer = new ByteWriter(600);
  writer
    .u8(header.reply ? 2 : 1)
    .u8(1)
    .u8(6)
    .u8(0)
    .u32(header.transaction);
  writer.u16(header.seconds ?? 0).u16(header.broadcast ? 0x8000 : 0);
  writer
    .bytes(header.clientIp ?? zero)
    .bytes(header.yourIp ?? zero)
    .bytes(header.serverIp ?? zero)
    .bytes(zero);
  writer
    .bytes(header.clientMac)
    .zeros(10 + 64 + 128)
    .u32(MAGIC);
  options(writer);
  writer.u8(255);
  if (writer.length < minimum) writer.zeros(minimum - writer.length);
  return writer.done();
}

function option(writer: ByteWriter, code: number, value: ArrayLike<number>): void {
  writer.u8(code).u8(value.length).bytes(value);
}

function text(writer: ByteWriter, code: number, value: string): void {
  writer.u8(code).u8(value.length).ascii(value);
}

export interface ClientMessage {
  type: number;
  transaction: number;
  mac: Uint8Array;
  fingerprint: DhcpFingerprint;
  /** The address that the client has now (a renewal). */
  clientIp?: Uint8Array;
  requestedIp?: Uint8Array;
  serverId?: Uint8Array;
  seconds?: number;
}

/** What a client sends. */
export function dhcpClientMessage(message: ClientMessage): Uint8Array {
  const { fingerprint } = message;
  return dhcpMessage(
    { reply: false, transaction: message.transaction, clientMac: message.mac, ...pick(message) },
    (writer) => {
      option(writer, 53, [message.type]);
      option(writer, 61, [1, ...message.mac]);
      if (message.requestedIp) option(writer, 50, message.requestedIp);
      if (message.serverId) option(writer, 54, message.serverId);
      if (message.type === DhcpType.RELEASE) return;
      option(writer, 57, [0x05, 0xdc]);
      if (fingerprint.vendorClass !== null) text(writer, 60, fingerprint.vendorClass);
      if (fingerprint.hostname !== null) text(writer, 12, fingerprint.hostname);
      option(writer, 55, fingerprint.requestList);
    },
    fingerprint.padded ? 548 : 300,
  );
}

function pick(message: ClientMessage): Partial<Header> {
  return {
    ...(message.clientIp && { clientIp: message.clientIp }),
    ...(message.seconds !== undefined && { seconds: message.seconds }),
  };
}

export interface ServerMessage {
  type: number;
  transaction: number;
  mac: Uint8Array;
  yourIp: Uint8Array;
  serverIp: Uint8Array;
  router: Uint8Array;
  dns: Uint8Array;
  leaseSeconds: number;
  domain: string;
}

/** What the router, or one that poses as it, answers. */
export function dhcpServerMessage(message: ServerMessage): Uint8Array {
  return dhcpMessage(
    {
      reply: true,
      transaction: message.transaction,
      clientMac: message.mac,
      yourIp: message.yourIp,
      serverIp: message.serverIp,
    },
    (writer) => {
      const lease = message.leaseSeconds;
      const seconds = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
      option(writer, 53, [message.type]);
      option(writer, 54, message.serverIp);
      option(writer, 51, seconds(lease));
      option(writer, 58, seconds(lease >>> 1));
      option(writer, 59, seconds(Math.floor(lease * 0.875)));
      option(writer, 1, [255, 255, 255, 0]);
      option(writer, 28, [...message.router.subarray(0, 3), 255]);
      option(writer, 3, message.router);
      option(writer, 6, message.dns);
      text(writer, 15, message.domain);
    },
    300,
  );
}
