/** ARP spoofing: somebody claims an address whose owner is still there and speaking. */
import { formatMac } from '../../../packet/address.ts';
import { ARP_SENDER_IP, ARP_SENDER_MAC, isEthernetArp } from '../../../packet/layers/link/arp.ts';
import type { Packet } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

/** A device that changes its network card says so once; one that steals an address says it again and again. */
const CLAIMS = 2;
const WINDOW = 120;
/** Packets change places by less than this many seconds; what runs further back is another capture. */
const OUT_OF_ORDER = 1;
const MOST_ADDRESSES = 4096;
const MOST_RIVALS = 8;

/** One link-layer address that claimed an IP address by ARP. */
interface Claimant {
  /** As a number of 48 bits: compared for every packet. */
  mac: number;
  name: string;
  /** ARP claims of the last two minutes. */
  claims: number[];
  /** Last sign of life under this IP address, ARP or other. */
  heard: number;
  sightings: number;
}

function macNumber(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  return high * 0x1000000 + ((bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5]);
}

export function createArpSpoofing(): Behaviour {
  const addresses = new Map<number, Claimant[]>();
  let latest = Number.NEGATIVE_INFINITY;

  /** Captures may come in any order: whoever was heard in the future of this one is nobody's rival in it. */
  function follow(ts: number): void {
    if (ts < latest - OUT_OF_ORDER) {
      addresses.clear();
      latest = ts;
    } else if (ts > latest) latest = ts;
  }

  function claim(packet: Packet, context: Context): void {
    const ip = packet.view.getInt32(packet.arpOffset + ARP_SENDER_IP);
    if (ip === 0) return;
    const { ts } = packet;
    const offset = packet.arpOffset + ARP_SENDER_MAC;
    const mac = macNumber(packet.bytes, offset);
    if (addresses.size >= MOST_ADDRESSES) addresses.clear();
    const rivals = getOrCreate(addresses, ip, (): Claimant[] => []);
    let own = rivals.find((claimant) => claimant.mac === mac);
    if (!own) {
      own = { mac, name: formatMac(packet.bytes, offset) ?? 'nobody', claims: [], heard: ts, sightings: 0 };
      rivals.push(own);
      if (rivals.length > MOST_RIVALS) rivals.shift();
    }
    own.claims.push(ts);
    while (own.claims[0] < ts - WINDOW) own.claims.shift();
    own.heard = ts;
    own.sightings++;
    judge(ip, rivals, context);
  }

  /** The newest claimant against whoever had the address before and has spoken since the newcomer began. */
  function judge(ip: number, rivals: Claimant[], context: Context): void {
    const { ts } = context;
    const thief = rivals.at(-1)!;
    if (rivals.length < 2 || thief.claims.length < CLAIMS) return;
    const owner = rivals.find(({ heard, sightings }) => heard > thief.claims[0] && sightings >= CLAIMS);
    if (!owner || owner === thief) return;
    const host = context.hosts.word(ip, ts);
    context.report({
      kind: 'spoofing',
      detector: 'arp-spoofing',
      host,
      target: null,
      ts,
      since: thief.claims[0],
      strength: thief.claims.length - CLAIMS,
      evidence: { what: 'arp', address: host.address, mac: thief.name, other: owner.name, claims: thief.claims.length },
    });
  }

  return {
    name: 'arp-spoofing',
    frame(packet, context) {
      follow(packet.ts);
      if (isEthernetArp(packet)) claim(packet, context);
    },
    packet(packet, _step, context) {
      follow(packet.ts);
      if (packet.ipVersion !== 4 || packet.srcMac < 0) return;
      const rivals = addresses.get(packet.src0);
      if (!rivals) return;
      const mac = macNumber(packet.bytes, packet.srcMac);
      const own = rivals.find((claimant) => claimant.mac === mac);
      if (!own) return;
      own.heard = packet.ts;
      own.sightings++;
      if (rivals.length > 1) judge(packet.src0, rivals, context);
    },
  };
}
