/**
 * ARP spoofing: somebody claims an address whose owner never left. Addresses move between machines on purpose all the
 * time (roaming, repeaters, bridges, bonded cards, pairs that stand in for each other), so the claim alone says
 * nothing. The thief is who repeats it unasked while the owner goes on speaking; the owner is who answers when asked,
 * carries the traffic of others, or was there in the past.
 */
import { Host } from '../../../feature/host.ts';
import { isEthernetArp } from '../../../packet/layers/link/arp.ts';
import type { Packet } from '../../../packet/packet.ts';
import { areNeighbouringCards, isVirtual } from '../../link-address.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { Routers } from '../reach/routers.ts';
import { type Claimant, Claims } from './claims.ts';

/** Claims that nobody asked for: a device that changes its network card announces itself once or twice. */
const CLAIMS = 3;
/** Fewer will do of one that has an address of its own, or where the past knows who the owner is. */
const FEW_CLAIMS = 2;
/** Times that the owner spoke on as if nothing had happened; once is enough beside many replies that nobody asked for. */
const STAYED = 2;
/** Wrong answers to who asks for the router. */
const WRONG_ANSWERS = 3;
/** A device without a word of its own is no bridge. */
const FEWEST_ECHOES = 2;
const ECHO_SHARE = 0.7;
/** Packets change places by less than this many seconds; what runs further back is another capture. */
const OUT_OF_ORDER = 1;
const MOST_OWNERS = 4096;
const MOST_OF_ADDRESS = 8;

export function createArpSpoofing(): Behaviour {
  const claims = new Claims();
  const routers = new Routers();
  /** Who had each address while learning, as text: it is saved. */
  const owners = new Map<string, string[]>();
  let latest = Number.NEGATIVE_INFINITY;

  /** Captures may come in any order: whoever was heard in the future of this one is nobody's rival in it. */
  function follow(ts: number): void {
    if (ts < latest - OUT_OF_ORDER) {
      claims.clear();
      routers.clear();
      latest = ts;
    } else if (ts > latest) latest = ts;
  }

  function learn(address: string, names: readonly string[]): void {
    const known = owners.get(address) ?? [];
    if (owners.size >= MOST_OWNERS && known.length === 0) return;
    owners.set(address, [...new Set([...known, ...names])].slice(-MOST_OF_ADDRESS));
  }

  /** Addresses that move between the two on purpose. */
  function belongTogether(a: Claimant, b: Claimant): boolean {
    if (a.vlan >= 0 && b.vlan >= 0 && a.vlan !== b.vlan) return true;
    if (isVirtual(a.mac) || isVirtual(b.mac) || areNeighbouringCards(a.mac, b.mac)) return true;
    if (isBridge(a) || isBridge(b)) return true;
    // Several addresses at several cards: one machine.
    let shared = 0;
    for (const ip of claims.heldBy(a.mac)) if (claims.heldBy(b.mac).has(ip)) shared++;
    return shared >= 2;
  }

  /** How loudly it claims the address without being asked. */
  const boldness = ({ unasked, announced }: Claimant): number => unasked.length + announced.length / 2;

  /** An address of the claimant that nobody else claims. */
  const ownAddressOf = ({ mac }: Claimant): number | undefined =>
    [...claims.heldBy(mac)].find((ip) => claims.of(ip).length === 1);

  function isThief(thief: Claimant, owner: Claimant, known: readonly string[]): boolean {
    if (known.includes(thief.name) || belongTogether(thief, owner)) return false;
    const isOwnerKnown = known.includes(owner.name);
    const hasOwn = ownAddressOf(thief) !== undefined;
    const [routes, ownerRoutes] = [thief, owner].map(({ mac }) => routers.since(mac));
    const stayed = thief.unasked.length > CLAIMS ? 1 : STAYED;
    if (owner.stayed.length >= stayed && thief.claims.length > 0) {
      // A router that tells everybody of itself now and then is none; only whispering to one is.
      const bold = routes < ownerRoutes && !isOwnerKnown ? thief.unasked.length - CLAIMS : boldness(thief);
      const isLouder = bold > 2 * boldness(owner) || (isOwnerKnown && bold > 0);
      if (isLouder && bold >= (isOwnerKnown || hasOwn ? FEW_CLAIMS : CLAIMS)) return true;
      if (ownerRoutes < routes && hasOwn && thief.answered.length >= WRONG_ANSWERS) return true;
    }
    return false;
  }

  /** It tells one that it is the other, and the other that it is the one. */
  function isBetween(ip: number, thief: Claimant, known: readonly string[]): boolean {
    if (thief.unasked.length < CLAIMS || known.includes(thief.name) || isVirtual(thief.mac)) return false;
    const mirror = claims.of(thief.to).find(({ mac }) => mac === thief.mac);
    return mirror !== undefined && mirror.to === ip && mirror.unasked.length >= CLAIMS;
  }

  function judge(ip: number, context: Context): void {
    const rivals = claims.of(ip);
    const { address } = context.hosts.word(ip, context.ts);
    const known = owners.get(address) ?? [];
    const thieves = new Set<Claimant>();
    for (const thief of rivals) {
      const owner = rivals.find((other) => other !== thief && isThief(thief, other, known));
      if (!owner && !isBetween(ip, thief, known)) continue;
      thieves.add(thief);
      const other = owner?.name ?? known[0] ?? rivals.find((rival) => rival !== thief)?.name ?? null;
      report(address, thief, other, context);
    }
    if (context.learning && !context.isWarmingUp)
      learn(
        address,
        rivals.filter((rival) => !thieves.has(rival)).map(({ name }) => name),
      );
  }

  function report(address: string, thief: Claimant, other: string | null, context: Context): void {
    const { ts, hosts } = context;
    const own = ownAddressOf(thief);
    const host = new Host(0, own === undefined ? thief.name : hosts.word(own, ts).address, 'local');
    host.mac = thief.name;
    context.report({
      ...{ kind: 'spoofing', detector: 'arp-spoofing', host, target: hosts.get(address, ts) },
      ...{ ts, since: thief.first },
      strength: Math.max(0, boldness(thief) - CLAIMS),
      evidence: {
        ...{ what: 'arp', address, mac: thief.name, ...(other && { other }), claims: thief.count },
        ...(thief.answers > 0 && { answers: thief.answers }),
      },
    });
  }

  return {
    name: 'arp-spoofing',
    frame(packet, context) {
      follow(packet.ts);
      if (!isEthernetArp(packet)) return;
      const ip = claims.arp(packet);
      if (ip !== 0) judge(ip, context);
    },
    packet(packet: Packet, step, context) {
      follow(packet.ts);
      if (packet.ipVersion !== 4 || packet.srcMac < 0 || packet.depth > 0) return;
      const { orig, resp } = step.link.channel;
      const sender = step.direction === 0 ? orig : resp;
      routers.packet(packet, step);
      if (sender.scope === 'local' && claims.packet(packet)) judge(packet.src0, context);
    },
    save: () => [...owners],
    load(state: [string, string[]][]) {
      owners.clear();
      for (const [address, names] of state)
        owners.set(address, [...new Set([...(owners.get(address) ?? []), ...names])].slice(-MOST_OF_ADDRESS));
    },
  };
}

/** It only says what another said a moment before: a bridge with an address of its own (virtual machines over Wi-Fi). */
const isBridge = ({ requests, echoes }: Claimant): boolean =>
  echoes >= FEWEST_ECHOES && echoes >= ECHO_SHARE * requests;
