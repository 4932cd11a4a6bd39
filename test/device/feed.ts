/** Frames of a small home into an inventory, through the decoder and the connection table, as a capture goes. */
import { createInventory, type Inventory, type InventoryOptions } from '../../src/device/inventory.ts';
import { lookupVendor } from '../../src/device/vendor.ts';
import { createConnectionTable } from '../../src/flow/table/connection-table.ts';
import { decodePacket } from '../../src/packet/decode.ts';
import { Packet } from '../../src/packet/packet.ts';
import { type Endpoint, groupEndpoint, parseIpv4, parseIpv6, parseMac } from '../../src/simulator/wire/address.ts';
import { DhcpType, dhcpClientMessage } from '../../src/simulator/wire/application/dhcp.ts';
import { arpAnnouncement } from '../../src/simulator/wire/arp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';

export const START = 1_700_000_000;
export const CAMERA = 'ec:71:db:00:00:01';
export const ROUTER = '50:c7:bf:00:00:01';
export const GROUP = groupEndpoint(parseIpv4('224.0.0.251'));
export const BROADCAST: Endpoint = end('ff:ff:ff:ff:ff:ff', '255.255.255.255');
export const UDHCP = { hostname: 'RLC-410W', vendorClass: 'udhcp 1.24.1', requestList: [1, 3, 6, 12] };

export function end(mac: string, ip: string, ttl = 64): Endpoint {
  const address = ip.includes(':') ? parseIpv6(ip) : parseIpv4(ip);
  return { mac: parseMac(mac), ip: address, ttl, nextId: () => 0, padded: false };
}

export type Timed = readonly [seconds: number, frame: Uint8Array];

export function feed(inventory: Inventory, frames: Iterable<Timed>): Inventory {
  const table = createConnectionTable({ onConn: () => {}, onApp: (record) => inventory.app(record) });
  const packet = new Packet();
  for (const [seconds, frame] of frames) {
    packet.load(frame, 1, START + seconds);
    if (!decodePacket(packet, false)) throw new Error('the test built a bad frame');
    inventory.packet(packet);
    table.packet(packet);
  }
  table.flush();
  return inventory;
}

export const inventoryOf = (frames: Iterable<Timed>, options: InventoryOptions = { lookupVendor }): Inventory =>
  feed(createInventory(options), frames);

export const announcement = (mac: string, ip: string): Uint8Array => arpAnnouncement(end(mac, ip));
export const datagram = (from: Endpoint, to: Endpoint, port = 4000): Uint8Array =>
  udpFrame(from, 5000, to, port, Uint8Array.of(1, 2, 3));
export const discover = (mac: string, fingerprint: typeof UDHCP): Uint8Array =>
  udpFrame(
    end(mac, '0.0.0.0'),
    68,
    BROADCAST,
    67,
    dhcpClientMessage({ type: DhcpType.DISCOVER, transaction: 7, mac: parseMac(mac), fingerprint }),
  );
