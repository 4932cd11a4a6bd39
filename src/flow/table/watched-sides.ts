import type { Packet } from '../../packet/packet.ts';
import { hasMacs } from '../link-address.ts';
import { type PacketWatcher, StationCounts } from '../station-counts.ts';
import type { ConnectionMemory } from './connection-memory.ts';
import type { ConnectionStore } from './connection-store.ts';
import { MACS, ORIG_WATCH, RESP_WATCH, WORDS } from './record-layout.ts';

/** Remembers for each side of a connection what the watcher said of its packets, where the fast path finds it. */
export class WatchedSides {
  readonly #store: ConnectionStore;
  readonly #watcher: PacketWatcher | undefined;
  readonly #counts: StationCounts;

  constructor(store: ConnectionStore, memory: ConnectionMemory, watcher: PacketWatcher | undefined) {
    this.#store = store;
    this.#watcher = watcher;
    this.#counts = new StationCounts(memory);
    watcher?.watch(this.#counts);
  }

  /** Has the watcher see a packet; the slot is -1 where it is of no connection. */
  show(slot: number, packet: Packet, isOrig: boolean): void {
    const alike = this.#watcher?.packet(packet) ?? 0;
    if (slot >= 0) this.note(slot, packet, isOrig, alike);
  }

  /** What the watcher said of a packet holds for the others of its side. */
  note(slot: number, packet: Packet, isOrig: boolean, alike: number): void {
    const { words, octets } = this.#store;
    const at = slot * WORDS + (isOrig ? ORIG_WATCH : RESP_WATCH);
    // Only between the link-layer addresses of the first packet: those are compared.
    words[at] = hasMacs(octets, (slot * WORDS + MACS) * 4, packet, isOrig) ? alike : 0;
    words[at + 1] = this.#counts.epoch;
  }
}
