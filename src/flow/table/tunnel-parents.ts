import type { Packet } from '../../packet/packet.ts';
import { makeUid } from '../uid.ts';
import { HAS_PARENTS } from './connection-flags.ts';
import type { ConnectionStore } from './connection-store.ts';
import { FLAGS, WORDS } from './record-layout.ts';

/** Zeek's `Tunnel::max_changes_per_connection`. */
const MAXIMUM_CHANGES = 5;
/** Pairs of addresses between which packets are carried in IP or GRE. */
const MAXIMUM_CARRIERS = 4096;

interface Parents {
  current: string | null;
  uids: string[];
  changes: number;
}

/** Which tunnels carried a connection: Zeek's `tunnel_parents`. */
export class TunnelParents {
  readonly #store: ConnectionStore;
  readonly #seed: number;
  readonly #parents = new Map<number, Parents>();
  /** UIDs of tunnels that are no connections themselves: IP in IP, and GRE. */
  readonly #carriers = new Map<string, string>();
  #serial = 0;

  constructor(store: ConnectionStore, seed: number) {
    this.#store = store;
    this.#seed = seed;
  }

  /** The uid of the IP or GRE tunnel around `packet`: one for each pair of addresses. */
  carrierUid(packet: Packet): string {
    const { carrierSrc0, carrierSrc1, carrierSrc2, carrierSrc3, carrierVersion } = packet;
    const { carrierDst0, carrierDst1, carrierDst2, carrierDst3 } = packet;
    const isV4 = carrierVersion === 4;
    const source = isV4 ? `${carrierSrc0}` : `${carrierSrc0}:${carrierSrc1}:${carrierSrc2}:${carrierSrc3}`;
    const destination = isV4 ? `${carrierDst0}` : `${carrierDst0}:${carrierDst1}:${carrierDst2}:${carrierDst3}`;
    const key = source < destination ? `${source} ${destination}` : `${destination} ${source}`;
    let uid = this.#carriers.get(key);
    if (uid === undefined) {
      if (this.#carriers.size >= MAXIMUM_CARRIERS) this.#carriers.clear();
      uid = makeUid(this.#seed, packet.ts, carrierSrc0 ^ carrierDst0, this.#serial++);
      this.#carriers.set(key, uid);
    }
    return uid;
  }

  /** The connection's packet came through `parent`. True when its tunnels changed once more than is recorded. */
  note(slot: number, parent: string | null, isNew: boolean): boolean {
    const { words } = this.#store;
    const at = slot * WORDS + FLAGS;
    let parents = (words[at] & HAS_PARENTS) === 0 ? undefined : this.#parents.get(slot);
    if (parents === undefined) {
      if (parent === null) return false;
      parents = { current: isNew ? parent : null, uids: isNew ? [parent] : [], changes: 0 };
      this.#parents.set(slot, parents);
      words[at] |= HAS_PARENTS;
    }
    if (parents.current === parent) return false;
    parents.current = parent;
    if (parents.changes === MAXIMUM_CHANGES) return true;
    parents.changes++;
    if (parent !== null && !parents.uids.includes(parent)) parents.uids.push(parent);
    return false;
  }

  of(slot: number): string[] | null {
    return this.#parents.get(slot)?.uids ?? null;
  }

  forget(slot: number): void {
    if ((this.#store.words[slot * WORDS + FLAGS] & HAS_PARENTS) !== 0) this.#parents.delete(slot);
  }
}
