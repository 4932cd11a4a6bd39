/**
 * Devices from connection records: an exporter or a meter that writes hardware addresses says who is who. The address
 * beside an address of the internet is the router's, and so are local addresses that it forwards for.
 */
import type { Conn } from '../flow/conn.ts';
import { parseAddress } from '../packet/address.ts';
import { scopeOfIpv4 } from '../packet/address-scope.ts';
import type { Inventory } from './inventory.ts';

/** Routers of a home; beyond that nothing is remembered. */
const MAX_ROUTERS = 64;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
const MULTICAST = 224;

export class ConnDevices {
  readonly #inventory: Inventory;
  readonly #routers = new Set<string>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** Gives whether the record named a device. */
  conn({ ts, orig_l2_addr, resp_l2_addr, id_orig_h, id_resp_h }: Conn): boolean {
    if (ts === null) return false;
    const orig = this.#side(orig_l2_addr, id_orig_h, ts);
    return this.#side(resp_l2_addr, id_resp_h, ts) || orig;
  }

  #side(mac: string | null, host: string | null, ts: number): boolean {
    if (mac === null || host === null || !MAC.test(mac)) return false;
    const address = parseAddress(host);
    if (address === null) return false;
    const [first] = address.words;
    // Of a global IPv6 address nobody can say on which side of the router it is.
    const isLocal = address.isIpv6 ? first >>> 22 === LINK_LOCAL : scopeOfIpv4(first) !== 'external';
    if (!isLocal) {
      if (!address.isIpv6 && this.#routers.size < MAX_ROUTERS) this.#routers.add(mac);
      return false;
    }
    const isUnicast = address.isIpv6 || (first >>> 24 < MULTICAST && first !== 0);
    if (!isUnicast || this.#routers.has(mac)) return false;
    this.#inventory.neighbour(mac.toLowerCase(), host, ts);
    return true;
  }
}

/** fe80::/10. */
const LINK_LOCAL = 0xfe80 >> 6;

/** Shows each record to the inventory before it goes on. */
export function withDevices(inventory: Inventory, onConn: (conn: Conn) => void): (conn: Conn) => void {
  const devices = new ConnDevices(inventory);
  return (conn) => {
    devices.conn(conn);
    onConn(conn);
  };
}
