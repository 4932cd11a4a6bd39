/** Who says by ARP which IP address is his, how he says it, and who else speaks under it. */
import { formatMac } from '../../../packet/address.ts';
import {
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
  arpOperation,
} from '../../../packet/layers/link/arp.ts';
import type { Packet } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import { macNumber } from '../../link-address.ts';

/** Tools that take over an address say so again every second to every minute. */
const WINDOW = 600;
/** Whoever was asked this long ago may be answering still, once. Seconds. */
const ASKED = 2;
/** A bridge sends what it carries on at once. Seconds. */
const ECHO = 0.05;
const MOST_ADDRESSES = 4096;
const MOST_RIVALS = 8;
const MOST_HELD = 64;
const MOST_ASKED = 4096;

/** One link-layer address under one IP address. */
export interface Claimant {
  readonly mac: number;
  readonly name: string;
  /** -1 where its frames had no tag. */
  readonly vlan: number;
  readonly since: number;
  /** Times within the window: replies that nobody asked for, announcements, answers, and all of them. */
  unasked: number[];
  announced: number[];
  answered: number[];
  claims: number[];
  /** All claims ever, those that others answered without that they were seen, and the first of either. */
  count: number;
  answers: number;
  first: number;
  /** Times at which it spoke on, without a word of having been away, after another had claimed the address. */
  stayed: number[];
  /** To whom its last reply that nobody asked for went. */
  to: number;
  /** Requests, and how many of them only repeated another's. */
  requests: number;
  echoes: number;
  /** It was never heard under the address; others answer it under this name. */
  isImpostor: boolean;
}

interface Address {
  claimants: Claimant[];
  /** Who spoke last under it. */
  speaker: Claimant | null;
  last: { operation: number; target: number; ts: number; mac: number } | null;
}

export class Claims {
  private readonly addresses = new Map<number, Address>();
  private readonly held = new Map<number, Set<number>>();
  private readonly asked = new Map<string, number>();

  clear(): void {
    this.addresses.clear();
    this.held.clear();
    this.asked.clear();
  }

  of(ip: number): readonly Claimant[] {
    return this.addresses.get(ip)?.claimants ?? [];
  }

  /** Addresses that a link-layer address has claimed. */
  heldBy(mac: number): ReadonlySet<number> {
    return this.held.get(mac) ?? new Set();
  }

  /** Takes an ARP frame; gives the address that it claims, 0 where it claims none. */
  arp(packet: Packet): number {
    const { view, bytes, arpOffset, ts, vlan } = packet;
    const operation = arpOperation(packet);
    const ip = view.getInt32(arpOffset + ARP_SENDER_IP);
    const target = view.getInt32(arpOffset + ARP_TARGET_IP);
    const isRequest = operation === 1;
    if (isRequest && target !== ip) this.ask(ip, target, ts);
    if (ip === 0) return 0;
    const at = arpOffset + ARP_SENDER_MAC;
    const mac = macNumber(bytes, at);
    const address = this.addressOf(ip);
    const own = this.claimant(address, mac, vlan, ts, formatMac(bytes, at) ?? 'nobody');
    this.hold(mac, ip);
    claim(own, ts);
    const isBroadcast = packet.dstMac >= 0 && (bytes[packet.dstMac] & 1) === 1;
    if (target === ip) add(own.announced, ts);
    else if (!isRequest && this.isAnswer(own, ip, target, ts)) add(own.answered, ts);
    else if (!isRequest && !this.answersAnother(packet, ip, target)) {
      add(own.unasked, ts);
      own.to = target;
    }
    const { last } = address;
    const isEcho = last?.operation === operation && last.target === target && last.mac !== mac && ts - last.ts <= ECHO;
    if (isRequest) {
      own.requests++;
      if (isEcho) own.echoes++;
    }
    address.last = { operation, target, ts, mac };
    // Whoever calls to everybody may have just come back.
    if (isBroadcast) address.speaker = own;
    else this.speak(address, own, ts);
    return ip;
  }

  /** Takes an IP packet; true where more than one speaks under its source. */
  packet(packet: Packet): boolean {
    const address = this.addresses.get(packet.src0);
    if (address === undefined) return false;
    const mac = macNumber(packet.bytes, packet.srcMac);
    const known = address.claimants.find((claimant) => claimant.mac === mac);
    const name = known?.name ?? formatMac(packet.bytes, packet.srcMac) ?? 'nobody';
    const own = known ?? this.claimant(address, mac, packet.vlan, packet.ts, name);
    this.speak(address, own, packet.ts);
    return address.claimants.length > 1;
  }

  /** One answer to one question: what comes again was not asked for. */
  private isAnswer(own: Claimant, ip: number, target: number, ts: number): boolean {
    const asked = this.asked.get(`${target} ${ip}`) ?? Number.NEGATIVE_INFINITY;
    const before = own.answered.at(-1) ?? Number.NEGATIVE_INFINITY;
    return ts - asked <= ASKED && before < asked;
  }

  /**
   * The question was not seen, but it came from another machine than the one that has the asker's address: that one has
   * asked in its name.
   */
  private answersAnother({ bytes, arpOffset, ts, vlan }: Packet, ip: number, target: number): boolean {
    const at = arpOffset + ARP_TARGET_MAC;
    const mac = macNumber(bytes, at);
    const asker = this.addresses.get(target);
    if (asker === undefined || mac === 0 || (bytes[at] & 1) === 1) return false;
    // Who claims the asker's address as well knows nothing of it.
    const sender = macNumber(bytes, arpOffset + ARP_SENDER_MAC);
    if (asker.claimants.some((claimant) => claimant.mac === sender)) return false;
    const own = asker.claimants.find((claimant) => claimant.mac === mac);
    if (own !== undefined && !own.isImpostor) return false;
    const impostor = own ?? this.claimant(asker, mac, vlan, ts, formatMac(bytes, at) ?? 'nobody');
    impostor.isImpostor = true;
    impostor.to = ip;
    mark(impostor, ts);
    impostor.answers++;
    add(impostor.unasked, ts);
    return true;
  }

  private speak(address: Address, own: Claimant, ts: number): void {
    if (address.speaker !== null && address.speaker !== own && own.since < ts) add(own.stayed, ts);
    address.speaker = own;
  }

  private addressOf(ip: number): Address {
    if (this.addresses.size >= MOST_ADDRESSES && !this.addresses.has(ip)) this.clear();
    return getOrCreate(this.addresses, ip, () => ({ claimants: [], speaker: null, last: null }));
  }

  private claimant(address: Address, mac: number, vlan: number, ts: number, name: string): Claimant {
    const known = address.claimants.find((claimant) => claimant.mac === mac);
    if (known) return known;
    const fresh = { to: 0, requests: 0, echoes: 0, isImpostor: false };
    const lists = { unasked: [], announced: [], answered: [], claims: [], stayed: [] };
    const own: Claimant = { mac, name, vlan, since: ts, ...lists, count: 0, answers: 0, first: ts, ...fresh };
    address.claimants.push(own);
    if (address.claimants.length > MOST_RIVALS) address.claimants.shift();
    return own;
  }

  private hold(mac: number, ip: number): void {
    if (this.held.size >= MOST_ADDRESSES && !this.held.has(mac)) return;
    const own = getOrCreate(this.held, mac, () => new Set<number>());
    if (own.size < MOST_HELD) own.add(ip);
  }

  private ask(from: number, target: number, ts: number): void {
    if (this.asked.size >= MOST_ASKED) this.asked.clear();
    this.asked.set(`${from} ${target}`, ts);
  }
}

function claim(own: Claimant, ts: number): void {
  mark(own, ts);
  own.count++;
}

function mark(own: Claimant, ts: number): void {
  if (own.count + own.answers === 0) own.first = ts;
  add(own.claims, ts);
}

function add(times: number[], ts: number): void {
  times.push(ts);
  while (times[0] < ts - WINDOW || times.length > MOST_ASKED) times.shift();
}
