/** Ends of conversations on a home network, and the frames that put addresses on it. */
import type { Endpoint } from '../../src/simulator/wire/address.ts';
import { DhcpType, dhcpClientMessage, dhcpServerMessage } from '../../src/simulator/wire/application/dhcp.ts';
import { dnsMessage, QUERY_FLAGS, RESPONSE_FLAGS, RecordType } from '../../src/simulator/wire/application/dns.ts';
import { arpAnnouncement, arpReply, arpRequest } from '../../src/simulator/wire/arp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';
import type { TimedFrame } from './watch.ts';

export class Station implements Endpoint {
  readonly mac: Uint8Array;
  readonly ip: Uint8Array;
  readonly ttl: number = 64;
  readonly padded = false;
  #id = 0;

  constructor(address: string, mac: string) {
    this.ip = Uint8Array.from(address.split('.'), Number);
    this.mac = Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16));
  }

  get address(): string {
    return this.ip.join('.');
  }

  get macText(): string {
    return [...this.mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }

  nextId(): number {
    return this.#id++ & 0xffff;
  }

  /** The same machine under another IP address, or the same address at another card. */
  as(address: string): Station {
    return new Station(address, this.macText);
  }

  at(mac: string): Station {
    return new Station(this.address, mac);
  }
}

const NOBODY = new Station('0.0.0.0', '00:00:00:00:00:00');
const EVERYBODY = new Station('255.255.255.255', 'ff:ff:ff:ff:ff:ff');

export const router = new Station('192.168.1.1', 'f8:1a:67:11:22:33');
export const phone = new Station('192.168.1.40', 'f0:18:98:01:02:03');
export const laptop = new Station('192.168.1.20', '3c:7c:3f:10:20:30');
export const camera = new Station('192.168.1.70', '44:19:b6:0a:0b:0c');
/** A host of the internet has the router's link-layer address. */
export const outside = (address: string): Station => new Station(address, router.macText);

export const asks = (ts: number, who: Station, whom: Station): TimedFrame => ({
  ts,
  bytes: arpRequest(who, whom.ip).slice(),
});
export const answers = (ts: number, who: Station, whom: Station): TimedFrame => ({
  ts,
  bytes: arpReply(who, whom).slice(),
});
export const announces = (ts: number, who: Station): TimedFrame => ({ ts, bytes: arpAnnouncement(who).slice() });
export const datagram = (
  ts: number,
  from: Station,
  to: Station,
  ports: [from: number, to: number] = [40_000, 40_000],
  payload: Uint8Array | number = 64,
): TimedFrame => ({
  ts,
  bytes: udpFrame(
    from,
    ports[0],
    to,
    ports[1],
    typeof payload === 'number' ? new Uint8Array(payload).fill(0x2e) : payload,
  ).slice(),
});

export interface Lease {
  router?: string;
  dns?: string;
  /** Who answers: the server; its own address and resolver are told where nothing else is said. */
  server: Station;
}

const ip = (address: string): Uint8Array => Uint8Array.from(address.split('.'), Number);

/** A device asks for its address again, and each server answers. */
export function leases(ts: number, client: Station, ...servers: Lease[]): TimedFrame[] {
  const transaction = (Math.round(ts * 7919) ^ (client.ip[3]! << 8)) >>> 0;
  const { mac } = client;
  const fingerprint = { hostname: null, vendorClass: null, requestList: [1, 3, 6] };
  const request = dhcpClientMessage({ type: DhcpType.REQUEST, transaction, mac, fingerprint, requestedIp: client.ip });
  return [
    datagram(ts, new Station(NOBODY.address, client.macText), EVERYBODY, [68, 67], request),
    ...servers.map((lease, i) => grants(ts + 0.02 * (i + 1), client, lease, transaction)),
  ];
}

/** An ACK, asked for or not. */
export function grants(
  ts: number,
  client: Station,
  { server, router: gateway, dns }: Lease,
  transaction = 7,
): TimedFrame {
  const message = dhcpServerMessage({
    ...{ type: DhcpType.ACK, transaction, mac: client.mac, yourIp: client.ip, serverIp: server.ip },
    ...{ router: ip(gateway ?? server.address), dns: ip(dns ?? server.address), leaseSeconds: 7200, domain: 'home' },
  });
  return datagram(ts, server, client, [67, 68], message);
}

/** The frame on a trunk. */
export const tagged = ({ ts, bytes }: TimedFrame, vlan: number): TimedFrame => ({
  ts,
  bytes: Uint8Array.from([...bytes.subarray(0, 12), 0x81, 0, vlan >> 8, vlan & 255, ...bytes.subarray(12)]),
});

/** A look-up and its answer: an address, or that there is no such name. */
export function looksUp(ts: number, who: Station, name: string, address: Station | null, id = 7): TimedFrame[] {
  const question = { name, type: RecordType.A };
  const message = { id, questions: [question], answers: [], authorities: [], additionals: [] };
  const ask = dnsMessage({ ...message, flags: QUERY_FLAGS } as never);
  const record = address && { name, type: RecordType.A, ttl: 3600, address: address.ip };
  const flags = record ? RESPONSE_FLAGS : RESPONSE_FLAGS | 3;
  const tell = dnsMessage({ ...message, flags, answers: record ? [record] : [] } as never);
  return [datagram(ts, who, router, [41_000 + id, 53], ask), datagram(ts + 0.02, router, who, [53, 41_000 + id], tell)];
}
