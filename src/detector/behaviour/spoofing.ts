/** Spoofing: two devices that both say the same address is theirs, and a second voice that hands out addresses. */
import { macText } from '../../feature/mac.ts';
import { ARP_SENDER_IP, ARP_SENDER_MAC, isEthernetArp } from '../../packet/layers/arp.ts';
import { type Packet, PROTO_UDP } from '../../packet/packet.ts';
import { remember } from '../remember.ts';
import type { Behaviour, Context } from './behaviour.ts';

/** A device that changes its network card says so once; two that fight say it again and again. */
const CLAIMS = 2;
const WINDOW = 120;
const DHCP_SERVER = 67;
const DHCP_CLIENT = 68;
const MOST = 4096;

interface Claim {
  mac: string;
  times: number[];
}

export function createSpoofing(): Behaviour {
  const claims = new Map<number, Claim[]>();
  /** Addresses that answered as DHCP servers: first and last time. */
  const servers = new Map<string, { first: number; last: number }>();

  function arp(packet: Packet, context: Context): void {
    const ip = packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP);
    if (ip === 0) return;
    const { ts } = context;
    const mac = macText(packet.bytes, packet.arpOffset + ARP_SENDER_MAC);
    if (claims.size >= MOST) claims.clear();
    const own = remember(claims, ip, (): Claim[] => []);
    const known = own.find((other) => other.mac === mac);
    if (known) known.times.push(ts);
    else own.push({ mac, times: [ts] });
    for (const other of own) while (other.times[0] < ts - WINDOW) other.times.shift();
    const live = own.filter((other) => other.times.length > 0);
    claims.set(ip, live);
    const rivals = live.filter((other) => other.times.length >= CLAIMS);
    if (rivals.length < 2) return;
    // They take turns: each has spoken after the other. A card that was replaced is not heard of again.
    const [first, second] = rivals.sort((a, b) => a.times[0] - b.times[0]);
    if (first.times.at(-1)! < second.times[0]) return;
    const host = context.hosts.word(ip, ts);
    context.report({
      kind: 'spoofing',
      detector: 'spoofing',
      host,
      target: null,
      ts,
      since: second.times[0],
      strength: Math.min(first.times.length, second.times.length),
      evidence: { what: 'arp', address: host.address, mac: second.mac, other: first.mac, claims: second.times.length },
    });
  }

  return {
    name: 'spoofing',
    frame(packet, context) {
      if (isEthernetArp(packet)) arp(packet, context);
    },
    packet(packet, step, context) {
      if (packet.proto !== PROTO_UDP || packet.srcPort !== DHCP_SERVER || packet.dstPort !== DHCP_CLIENT) return;
      if (packet.srcMac < 0) return;
      const { ts } = context;
      const mac = macText(packet.bytes, packet.srcMac);
      const server = step.direction === 0 ? step.link.channel.orig : step.link.channel.resp;
      const known = servers.get(server.address);
      if (known) known.last = ts;
      else if (servers.size < MOST) servers.set(server.address, { first: ts, last: ts });
      if (servers.size < 2) return;
      const [oldest] = [...servers].sort((a, b) => a[1].first - b[1].first);
      // The older one is not gone: it spoke after the newcomer began, or not long before.
      const newcomer = servers.get(server.address)!;
      if (oldest[0] === server.address || newcomer.first - oldest[1].last > 86_400) return;
      context.report({
        kind: 'spoofing',
        detector: 'spoofing',
        host: server,
        target: null,
        ts,
        since: newcomer.first,
        strength: 1,
        evidence: { what: 'dhcp', mac, other: oldest[0] },
      });
    },
    save: () => [...servers],
    load(state) {
      servers.clear();
      for (const [mac, times] of state as [string, { first: number; last: number }][]) servers.set(mac, times);
    },
  };
}
