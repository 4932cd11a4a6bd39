import type { Packet } from '../../packet/packet.ts';
import { COUNT, FREE, MASK, MAXIMUM_PROBES, SEED, SERIALS, USED } from '../kernel/ledger.ts';
import type { ConnectionMemory } from './connection-memory.ts';
import {
  HASH,
  IPV6_KEY,
  KIND,
  MACS,
  ONE_WAY_KEY,
  ORIG_ADDRESS,
  ORIG_COUNTERS,
  ORIG_ENDPOINT,
  ORIG_IP_BYTES,
  ORIG_LENGTH,
  ORIG_PACKETS,
  ORIG_REST,
  ORIG_WATCH,
  PORTS,
  RESP_ADDRESS,
  RESP_COUNTERS,
  RESP_ENDPOINT,
  RESP_IP_BYTES,
  RESP_LENGTH,
  RESP_PACKETS,
  RESP_REST,
  RESP_WATCH,
  SERIAL,
  WHEEL_NEXT,
  WORDS,
} from './record-layout.ts';

/**
 * Where open connections live: one record of 80 words each in a single buffer, found through an open-addressing hash
 * table (linear probing, load at most one half). Nothing is allocated for a packet or a connection, and slots are used
 * lowest first.
 */

const FLOATS = WORDS / 2;
/** Places that the hash table begins with; it grows with what is in it, so that of a small network it stays in cache. */
const FIRST_PLACES = 2048;
const GROWTH = 4;

export class ConnectionStore {
  readonly capacity: number;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly octets: Uint8Array;
  /** Times the table was hashed anew because of long probe sequences. */
  reseeds = 0;
  /** Direction of the last `find`: true where the packet comes from the originator. And its hash. */
  forward = true;
  hash = 0;
  readonly #table: Int32Array; // pairs: slot + 1, hash
  readonly #places: number;
  readonly #ledger: Int32Array;

  constructor({ buffer, words, capacity, places, recordsAt, tableAt }: ConnectionMemory, seed: number) {
    this.capacity = capacity;
    this.words = new Int32Array(buffer, recordsAt, capacity * WORDS);
    this.floats = new Float64Array(buffer, recordsAt, capacity * FLOATS);
    this.octets = new Uint8Array(buffer, recordsAt, capacity * WORDS * 4);
    this.#table = new Int32Array(buffer, tableAt, places * 2);
    this.#places = places;
    this.#ledger = words;
    this.#mask = Math.min(places, FIRST_PLACES) - 1;
    this.#seed = seed | 0;
  }

  /** Connections in it. This and the others lie where the fast path has them too. */
  get count(): number {
    return this.#ledger[COUNT];
  }

  get #mask(): number {
    return this.#ledger[MASK];
  }

  set #mask(mask: number) {
    this.#ledger[MASK] = mask;
  }

  get #seed(): number {
    return this.#ledger[SEED];
  }

  set #seed(seed: number) {
    this.#ledger[SEED] = seed;
  }

  get isFull(): boolean {
    return this.count === this.capacity;
  }

  /**
   * The slot of the connection that the packet belongs to, in either direction, or -1. `kind` and the ports complete
   * the key; `hash` and `forward` hold what was found out on the way.
   */
  find(packet: Packet, kind: number, srcPort: number, dstPort: number): number {
    const { words } = this;
    const { src0, dst0 } = packet;
    const isIpv6 = (kind & IPV6_KEY) !== 0;
    const forwardPorts = (srcPort << 16) | dstPort;
    const backwardPorts = (dstPort << 16) | srcPort;
    const table = this.#table;
    const mask = this.#mask;
    const seed = this.#seed;
    let a = src0 ^ seed;
    let b = dst0 ^ seed;
    if (isIpv6) {
      a = fold(fold(fold(a, packet.src1), packet.src2), packet.src3);
      b = fold(fold(fold(b, packet.dst1), packet.dst2), packet.dst3);
    }
    // Symmetric, so that both directions of a connection meet.
    const hash = finish((foldPort(a, srcPort) + foldPort(b, dstPort)) ^ kind ^ seed);
    this.hash = hash;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = table[at * 2] - 1;
      if (slot < 0) return -1;
      if (table[at * 2 + 1] !== hash) continue;
      const base = slot * WORDS;
      if (words[base + KIND] !== kind) continue;
      const ports = words[base + PORTS];
      const orig = words[base + ORIG_ADDRESS];
      const resp = words[base + RESP_ADDRESS];
      if (orig === src0 && resp === dst0 && ports === forwardPorts) {
        if (!isIpv6 || matchesRest(words, base + ORIG_REST, base + RESP_REST, packet)) {
          this.forward = true;
          return slot;
        }
      }
      if (orig === dst0 && resp === src0 && ports === backwardPorts && (kind & ONE_WAY_KEY) === 0) {
        if (!isIpv6 || matchesRest(words, base + RESP_REST, base + ORIG_REST, packet)) {
          this.forward = false;
          return slot;
        }
      }
    }
  }

  /** A zeroed record for the packet that `find` just did not find, with its sender as originator. Needs room. */
  insert(packet: Packet, kind: number, srcPort: number, dstPort: number): number {
    const ledger = this.#ledger;
    let slot = ledger[FREE];
    if (slot >= 0) ledger[FREE] = this.words[slot * WORDS + WHEEL_NEXT];
    else slot = ledger[USED]++;
    const { words, hash } = this;
    const base = slot * WORDS;
    words.fill(0, base, base + WORDS);
    words[base + ORIG_ADDRESS] = packet.src0;
    words[base + RESP_ADDRESS] = packet.dst0;
    if ((kind & IPV6_KEY) !== 0) {
      words[base + ORIG_REST] = packet.src1;
      words[base + ORIG_REST + 1] = packet.src2;
      words[base + ORIG_REST + 2] = packet.src3;
      words[base + RESP_REST] = packet.dst1;
      words[base + RESP_REST + 1] = packet.dst2;
      words[base + RESP_REST + 2] = packet.dst3;
    }
    words[base + PORTS] = (srcPort << 16) | dstPort;
    words[base + KIND] = kind;
    words[base + HASH] = hash;
    words[base + SERIAL] = ledger[SERIALS]++;
    ledger[COUNT]++;
    if (this.count * 2 > this.#mask + 1) this.#grow();
    if (this.#link(slot, hash) > MAXIMUM_PROBES) this.#reseed();
    return slot;
  }

  remove(slot: number): void {
    const { words } = this;
    const table = this.#table;
    const mask = this.#mask;
    const base = slot * WORDS;
    let hole = words[base + HASH] & mask;
    while (table[hole * 2] !== slot + 1) hole = (hole + 1) & mask;
    // Entries behind the hole move up where that brings them no further from home (no tombstones).
    for (let at = (hole + 1) & mask; table[at * 2] !== 0; at = (at + 1) & mask) {
      const home = table[at * 2 + 1] & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table[hole * 2] = table[at * 2];
      table[hole * 2 + 1] = table[at * 2 + 1];
      hole = at;
    }
    table[hole * 2] = 0;
    // A record without a kind matches nothing, wherever somebody still remembers it.
    words[base + KIND] = 0;
    const ledger = this.#ledger;
    words[base + WHEEL_NEXT] = ledger[FREE];
    ledger[FREE] = slot;
    ledger[COUNT]--;
  }

  #link(slot: number, hash: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let at = hash & mask;
    let probes = 0;
    while (table[at * 2] !== 0) {
      at = (at + 1) & mask;
      probes++;
    }
    table[at * 2] = slot + 1;
    table[at * 2 + 1] = hash;
    return probes;
  }

  #grow(): void {
    const slots = this.#linked();
    this.#mask = Math.min(this.#places, (this.#mask + 1) * GROWTH) - 1;
    for (const slot of slots) this.#link(slot, this.words[slot * WORDS + HASH]);
  }

  #reseed(): void {
    const slots = this.#linked();
    this.#seed = finish(this.#seed + 0x9e3779b9);
    this.reseeds++;
    for (const slot of slots) {
      const hash = this.#hashOf(slot);
      this.words[slot * WORDS + HASH] = hash;
      this.#link(slot, hash);
    }
  }

  /** Empties the hash table, and says what was in it. */
  #linked(): number[] {
    const table = this.#table;
    const slots: number[] = [];
    for (let at = 0; at <= this.#mask; at++) if (table[at * 2] !== 0) slots.push(table[at * 2] - 1);
    table.fill(0, 0, (this.#mask + 1) * 2);
    return slots;
  }

  #hashOf(slot: number): number {
    const { words } = this;
    const base = slot * WORDS;
    const kind = words[base + KIND];
    const side = (address: number, rest: number, port: number): number => {
      let state = words[base + address] ^ this.#seed;
      if ((kind & IPV6_KEY) !== 0) for (let i = 0; i < 3; i++) state = fold(state, words[base + rest + i]);
      return foldPort(state, port);
    };
    const ports = words[base + PORTS];
    const sum = side(ORIG_ADDRESS, ORIG_REST, ports >>> 16) + side(RESP_ADDRESS, RESP_REST, ports & 0xffff);
    return finish(sum ^ kind ^ this.#seed);
  }

  /** Exchanges originator and responder; where the two sides have no say in the hash, the record stays findable. */
  flip(slot: number): void {
    const { words, floats, octets } = this;
    const base = slot * WORDS;
    swap(words, base + ORIG_ADDRESS, base + RESP_ADDRESS, 1);
    swap(words, base + ORIG_REST, base + RESP_REST, 3);
    words[base + PORTS] = (words[base + PORTS] << 16) | (words[base + PORTS] >>> 16);
    swap(words, base + ORIG_PACKETS, base + RESP_PACKETS, 1);
    swap(words, base + ORIG_ENDPOINT, base + RESP_ENDPOINT, 8);
    swap(words, base + ORIG_COUNTERS, base + RESP_COUNTERS, 8);
    swap(floats, slot * FLOATS + ORIG_IP_BYTES, slot * FLOATS + RESP_IP_BYTES, 1);
    swap(octets, (base + MACS) * 4, (base + MACS) * 4 + 6, 6);
    swap(words, base + ORIG_WATCH, base + RESP_WATCH, 2);
  }

  /** Packets and bytes of datagrams change sides, and nothing else. */
  flipCounts(slot: number): void {
    const { words, floats } = this;
    const at = slot * FLOATS;
    swap(words, slot * WORDS + ORIG_PACKETS, slot * WORDS + RESP_PACKETS, 1);
    swap(floats, at + ORIG_IP_BYTES, at + RESP_IP_BYTES, 1);
    swap(floats, at + ORIG_LENGTH, at + RESP_LENGTH, 1);
  }
}

function matchesRest(words: Int32Array, source: number, destination: number, packet: Packet): boolean {
  return (
    words[source] === packet.src1 &&
    words[source + 1] === packet.src2 &&
    words[source + 2] === packet.src3 &&
    words[destination] === packet.dst1 &&
    words[destination + 1] === packet.dst2 &&
    words[destination + 2] === packet.dst3
  );
}

function swap(array: Int32Array | Float64Array | Uint8Array, a: number, b: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const kept = array[a + i];
    array[a + i] = array[b + i];
    array[b + i] = kept;
  }
}

/** One round of a multiply-and-shift mix (the constants are MurmurHash3's). */
function fold(state: number, word: number): number {
  let h = state ^ (state >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return Math.imul(h ^ word, 0xc2b2ae35);
}

/**
 * The last round of one side. Without its shift the sum of both sides would depend on little but the sum of the ports:
 * tens of thousands of connections between two hosts would share a few hashes, whatever the seed.
 */
function foldPort(state: number, port: number): number {
  const h = fold(state, port);
  return h ^ (h >>> 15);
}

export function finish(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
