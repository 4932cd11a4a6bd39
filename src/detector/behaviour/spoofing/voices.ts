/**
 * Who really speaks under an address of this network. An IP address is written by its sender, and anybody may write that
 * of another; the frame still comes from somewhere. Where two link-layer addresses speak under one IP address while its
 * owner is there, an alert about it names both, and accuses the one that did most of it.
 */
import { Host } from '../../../feature/host.ts';
import type { Step } from '../../../feature/link-tracker.ts';
import { formatMac } from '../../../packet/address.ts';
import type { Packet } from '../../../packet/packet.ts';
import type { Finding } from '../../finding.ts';
import { getOrCreate } from '../../keyed.ts';
import { areNeighbouringCards, isVirtual, macNumber } from '../../link-address.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { Routers } from '../reach/routers.ts';

const MOST_ADDRESSES = 4096;
const MOST_VOICES = 4;
/** What counts is the latest: a weight falls to a third in so many seconds. */
const FORGET = 300;
/** An owner that was not heard for so long has left the address to another. Seconds. */
const GONE = 3600;
/** Who speaks under more addresses than its own and one other carries the frames of others: a repeater, a router. */
const CARRIER = 3;

interface Voice {
  mac: number;
  name: string;
  first: number;
  last: number;
  /** Connections that it began, and packets, of the latest minutes. */
  begun: number;
  packets: number;
}

interface Owner {
  name: string;
  mac: number;
  last: number;
}

function weigh(voice: Voice, ts: number): Voice {
  const factor = Math.exp(-Math.max(0, ts - voice.last) / FORGET);
  voice.begun *= factor;
  voice.packets *= factor;
  return voice;
}

export class Voices implements Behaviour {
  readonly name = 'voices';
  readonly #voices = new Map<string, Voice[]>();
  /** Who had the address while learning, and when it was heard last. */
  readonly #owners = new Map<string, Owner>();
  /** IPv4 addresses that each link-layer address speaks under. */
  readonly #spoken = new Map<number, Set<string>>();
  readonly #routers = new Routers();

  packet(packet: Packet, step: Step, { learning }: Pick<Context, 'learning'>): void {
    if (packet.srcMac < 0 || packet.depth > 0) return;
    // An IPv6 address of this network is taken for one of the outside until its prefix is known.
    if (packet.ipVersion === 4) this.#routers.packet(packet, step);
    const { orig, resp } = step.link.channel;
    const sender = step.direction === 0 ? orig : resp;
    if (sender.scope !== 'local' || !sender.isSomebody) return;
    const { address } = sender;
    const mac = macNumber(packet.bytes, packet.srcMac);
    const voices = this.#voicesOf(address);
    if (voices === null) return;
    let voice = voices.find((known) => known.mac === mac);
    if (voice === undefined) voice = this.#hear(address, voices, mac, packet, learning);
    weigh(voice, packet.ts);
    voice.last = Math.max(voice.last, packet.ts);
    voice.packets++;
    if (step.opened && step.direction === 0) voice.begun++;
    const owner = this.#owners.get(address);
    if (owner?.mac === mac) owner.last = voice.last;
  }

  #voicesOf(address: string): Voice[] | null {
    if (this.#voices.size >= MOST_ADDRESSES && !this.#voices.has(address)) return null;
    return getOrCreate(this.#voices, address, () => []);
  }

  #hear(address: string, voices: Voice[], mac: number, packet: Packet, learning: boolean): Voice {
    const name = formatMac(packet.bytes, packet.srcMac) ?? '';
    const voice: Voice = { mac, name, first: packet.ts, last: packet.ts, begun: 0, packets: 0 };
    voices.push(voice);
    if (voices.length > MOST_VOICES) voices.splice(1, 1);
    if (learning && !this.#owners.has(address)) this.#owners.set(address, { name, mac, last: packet.ts });
    // Of IPv6 every device has several.
    if (!address.includes(':') && (this.#spoken.size < MOST_ADDRESSES || this.#spoken.has(mac))) {
      const own = getOrCreate(this.#spoken, mac, () => new Set<string>());
      if (own.size < CARRIER) own.add(address);
    }
    return voice;
  }

  /** The finding with both names, and against whoever speaks for the host; as it is where only one does. */
  accuse<F extends Finding>(finding: F): F {
    const { address } = finding.host;
    const voices = this.#voices.get(address);
    if (voices === undefined) return finding;
    const owner = this.#ownerOf(address, voices);
    if (owner.last < finding.ts - GONE) return finding;
    const other = voices
      .filter((voice) => voice !== owner && voice.last >= finding.since && !this.#isHarmless(voice, owner))
      .reduce<Voice | null>((most, voice) => (most && most.packets >= voice.packets ? most : voice), null);
    if (other === null) return finding;
    const [own, its] = [owner, other].map((voice) => ({ ...weigh({ ...voice }, finding.ts) }));
    const isAccused = its.begun > own.begun || its.packets > own.packets;
    const voice = { address, mac: other.name, owner: owner.name, isAccused };
    if (!isAccused) return { ...finding, voice };
    const host = new Host(0, this.#addressOf(other) ?? other.name, 'local');
    host.mac = other.name;
    return { ...finding, host, voice };
  }

  /** Who had it while learning, though it may not have spoken since a restart; else who spoke first. */
  #ownerOf(address: string, voices: readonly Voice[]): Voice {
    const known = this.#owners.get(address);
    if (known === undefined) return voices[0];
    const none = { first: known.last, begun: 0, packets: 0 };
    return voices.find(({ mac }) => mac === known.mac) ?? { ...known, ...none };
  }

  /** Those that hand an address on, carry the frames of others, or are another card of the same machine. */
  #isHarmless({ mac }: Voice, owner: Voice): boolean {
    const carries = (this.#spoken.get(mac)?.size ?? 0) >= CARRIER;
    return carries || this.#routers.has(mac) || isVirtual(mac) || areNeighbouringCards(mac, owner.mac);
  }

  /** The address that it has itself. */
  #addressOf({ mac, name }: Voice): string | null {
    const isOwn = (address: string): boolean =>
      (this.#owners.get(address) ?? this.#voices.get(address)?.[0])?.name === name;
    return [...(this.#spoken.get(mac) ?? [])].find(isOwn) ?? null;
  }

  save(): [string, Owner][] {
    return [...this.#owners];
  }

  load(saved: [string, Owner][]): void {
    this.#owners.clear();
    for (const [address, owner] of saved) this.#owners.set(address, owner);
  }
}
