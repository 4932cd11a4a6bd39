/** The hash table under keys that somebody chose: it stays a hash table. */
import { describe, expect, it } from 'vitest';
import { Packet, PROTO_UDP } from '../../packet/packet.ts';
import { ConnectionMemory } from './connection-memory.ts';
import { ConnectionStore } from './connection-store.ts';

interface Key {
  src: number;
  srcPort: number;
  dstPort: number;
}

const packet = new Packet();

function find(store: ConnectionStore, { src, srcPort, dstPort }: Key): number {
  packet.src0 = src;
  packet.dst0 = 0x0a00_0001;
  return store.find(packet, PROTO_UDP, srcPort, dstPort);
}

function insert(store: ConnectionStore, key: Key): void {
  if (find(store, key) >= 0) throw new Error('found before it was there');
  store.insert(packet, PROTO_UDP, key.srcPort, key.dstPort);
}

const storeOf = (capacity: number, seed: number): ConnectionStore =>
  new ConnectionStore(new ConnectionMemory(capacity, false), seed);

describe('crafted keys', () => {
  const host = 0xc0a8_0107 | 0;
  it.each<[pattern: string, key: (i: number) => Key]>([
    ['the same port at both ends', (i) => ({ src: host, srcPort: i, dstPort: i })],
    ['ports that are each other’s complement', (i) => ({ src: host, srcPort: i, dstPort: ~i & 0xffff })],
    ['ports at a fixed distance', (i) => ({ src: host, srcPort: i, dstPort: (i + 1) & 0xffff })],
    ['ports that differ in their upper halves', (i) => ({ src: host, srcPort: (i & 255) << 8, dstPort: i & 0xff00 })],
    ['one port of neighbouring sources', (i) => ({ src: host + i, srcPort: 40_000, dstPort: 53 })],
  ])('%s do not share hashes, whatever the seed', (_pattern, key) => {
    for (const seed of [0, 1, 0x5eed_5eed, -1]) {
      const store = storeOf(65_536, seed);
      const hashes = new Set<number>();
      for (let i = 0; i < 65_536; i++) {
        insert(store, key(i));
        hashes.add(store.hash);
      }
      expect(store.reseeds).toBe(0);
      expect(hashes.size).toBeGreaterThan(40_000);
    }
  });

  it('that collide under a known seed make the table hash anew, and are found all the same', () => {
    const seed = 7;
    const probe = storeOf(1024, seed);
    const keys: Key[] = [];
    for (let src = 1; keys.length < 300; src++) {
      const key = { src, srcPort: 1000, dstPort: 80 };
      find(probe, key);
      if ((probe.hash & 2047) === 5) keys.push(key);
    }
    const store = storeOf(1024, seed);
    for (const key of keys) insert(store, key);
    expect(store.reseeds).toBe(1);
    expect(new Set(keys.map((key) => find(store, key))).size).toBe(keys.length);
  });
});
