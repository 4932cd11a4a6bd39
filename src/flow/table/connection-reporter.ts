import { type Packet, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from '../../packet/packet.ts';
import type { Conn } from '../conn.ts';
import { tcpConnState, udpConnState } from '../conn-state.ts';
import type { History } from '../history.ts';
import { serviceTexts } from '../service/service.ts';
import { endpointSize, isHalfOpenAborted } from '../tcp/tcp-size.ts';
import { makeUid } from '../uid.ts';
import { AddressCache } from './address-cache.ts';
import { STATE_MASK } from './connection-flags.ts';
import type { ConnectionStore } from './connection-store.ts';
import {
  IPV6_KEY,
  KIND,
  LAST,
  MACS,
  MISSED,
  MORE_SERVICES,
  ORIG_ADDRESS,
  ORIG_ENDPOINT,
  ORIG_IP_BYTES,
  ORIG_LENGTH,
  ORIG_PACKETS,
  ORIG_REST,
  PORTS,
  RESP_ADDRESS,
  RESP_ENDPOINT,
  RESP_IP_BYTES,
  RESP_LENGTH,
  RESP_PACKETS,
  RESP_REST,
  SERIAL,
  SERVICES,
  START,
  VLANS,
  WORDS,
} from './record-layout.ts';
import type { TunnelParents } from './tunnel-parents.ts';

export interface ConnectionId {
  uid: string;
  id_orig_h: string;
  id_orig_p: number;
  id_resp_h: string;
  id_resp_p: number;
}

export interface ReporterOptions {
  onConn: (conn: Conn) => void;
  localNets: readonly string[];
  seed: number;
}

/** Turns a finished connection's record into the object that everything behind `flow` works with. */
export class ConnectionReporter {
  readonly #store: ConnectionStore;
  readonly #history: History;
  readonly #parents: TunnelParents;
  readonly #onConn: (conn: Conn) => void;
  readonly #addresses: AddressCache;
  readonly #seed: number;
  /** UIDs that records of applications asked for already; of others the text is empty. */
  readonly #uids: string[] = [];

  constructor(store: ConnectionStore, history: History, parents: TunnelParents, options: ReporterOptions) {
    this.#store = store;
    this.#history = history;
    this.#parents = parents;
    this.#onConn = options.onConn;
    this.#addresses = new AddressCache(options.localNets);
    this.#seed = options.seed;
  }

  report(slot: number): void {
    this.#onConn(this.describe(slot));
  }

  /** The record as it would be if the connection ended now. */
  describe(slot: number): Conn {
    const { words, floats, octets } = this.#store;
    const base = slot * WORDS;
    const at = base / 2;
    const proto = words[base + KIND] & 0xff;
    const isIpv6 = (words[base + KIND] & IPV6_KEY) !== 0;
    const ports = words[base + PORTS];
    const start = floats[at + START];
    const duration = floats[at + LAST] - start;
    const history = this.#history.text(slot);
    const origBytes = this.#bytes(slot, proto, true);
    const respBytes = this.#bytes(slot, proto, false);
    const vlans = words[base + VLANS];
    const services = serviceTexts(words[base + SERVICES], words[base + MORE_SERVICES]);
    const addresses = this.#addresses;
    const origHost = this.#address(base + ORIG_ADDRESS, base + ORIG_REST, isIpv6);
    const localOrig = addresses.isLocal;
    const respHost = this.#address(base + RESP_ADDRESS, base + RESP_REST, isIpv6);
    const localResp = addresses.isLocal;
    return {
      ts: start,
      uid: this.uid(slot),
      id_orig_h: origHost,
      id_orig_p: ports >>> 16,
      id_resp_h: respHost,
      id_resp_p: ports & 0xffff,
      proto: protoName(proto),
      ip_proto: proto,
      service: services.zeek,
      own_service: services.own,
      duration: duration > 0 ? duration : null,
      orig_bytes: duration > 0 ? origBytes : null,
      resp_bytes: duration > 0 ? respBytes : null,
      conn_state: this.#state(slot, proto, origBytes + respBytes === 0, history),
      local_orig: localOrig,
      local_resp: localResp,
      missed_bytes: floats[at + MISSED],
      history: history === '' ? null : history,
      orig_pkts: words[base + ORIG_PACKETS] >>> 0,
      orig_ip_bytes: floats[at + ORIG_IP_BYTES],
      resp_pkts: words[base + RESP_PACKETS] >>> 0,
      resp_ip_bytes: floats[at + RESP_IP_BYTES],
      tunnel_parents: this.#parents.of(slot),
      orig_l2_addr: addresses.mac(octets, (base + MACS) * 4),
      resp_l2_addr: addresses.mac(octets, (base + MACS) * 4 + 6),
      vlan: (vlans & 0xffff) === 0 ? null : (vlans & 0xffff) - 1,
      label: null,
      detailed_label: null,
    };
  }

  uid(slot: number): string {
    const known = slot < this.#uids.length ? this.#uids[slot] : '';
    return known === '' ? this.#makeUid(slot) : known;
  }

  /** The same, which will be asked for again: by other records, and by that of the connection. */
  #keptUid(slot: number): string {
    const uid = this.uid(slot);
    while (this.#uids.length <= slot) this.#uids.push('');
    this.#uids[slot] = uid;
    return uid;
  }

  forget(slot: number): void {
    if (slot < this.#uids.length) this.#uids[slot] = '';
  }

  #makeUid(slot: number): string {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    // The key without the table's own seed, which may change.
    const key = words[base + ORIG_ADDRESS] ^ words[base + RESP_ADDRESS] ^ words[base + PORTS];
    return makeUid(this.#seed, floats[base / 2 + START], key, words[base + SERIAL]);
  }

  /** What records of application protocols share with the connection's. */
  connectionId(slot: number): ConnectionId {
    const { words } = this.#store;
    const base = slot * WORDS;
    const isIpv6 = (words[base + KIND] & IPV6_KEY) !== 0;
    return {
      uid: this.#keptUid(slot),
      id_orig_h: this.#address(base + ORIG_ADDRESS, base + ORIG_REST, isIpv6),
      id_orig_p: words[base + PORTS] >>> 16,
      id_resp_h: this.#address(base + RESP_ADDRESS, base + RESP_REST, isIpv6),
      id_resp_p: words[base + PORTS] & 0xffff,
    };
  }

  /** Link-layer and IP address of who sent the packet. */
  sender(packet: Packet): { mac: string | null; address: string } {
    const { bytes, srcMac, src0, src1, src2, src3 } = packet;
    const address = this.#addresses.text(src0, src1, src2, src3, packet.ipVersion === 6);
    return { mac: srcMac < 0 ? null : this.#addresses.mac(bytes, srcMac), address };
  }

  #bytes(slot: number, proto: number, isOrig: boolean): number {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    if (proto !== PROTO_TCP) return Math.max(0, floats[base / 2 + (isOrig ? ORIG_LENGTH : RESP_LENGTH)]);
    const endpoint = base + (isOrig ? ORIG_ENDPOINT : RESP_ENDPOINT);
    const peer = base + (isOrig ? RESP_ENDPOINT : ORIG_ENDPOINT);
    return isHalfOpenAborted(words, endpoint, peer) ? 0 : endpointSize(words, endpoint);
  }

  #state(slot: number, proto: number, noData: boolean, history: string): string {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    if (proto === PROTO_TCP) {
      const orig = words[base + ORIG_ENDPOINT] & STATE_MASK;
      const resp = words[base + RESP_ENDPOINT] & STATE_MASK;
      return tcpConnState(orig, resp, noData, history);
    }
    if (proto !== PROTO_UDP) return 'OTH';
    return udpConnState(floats[base / 2 + ORIG_LENGTH] >= 0, floats[base / 2 + RESP_LENGTH] >= 0);
  }

  #address(at: number, rest: number, isIpv6: boolean): string {
    const { words } = this.#store;
    return this.#addresses.text(words[at], words[rest], words[rest + 1], words[rest + 2], isIpv6);
  }
}

function protoName(proto: number): string {
  switch (proto) {
    case PROTO_TCP:
      return 'tcp';
    case PROTO_UDP:
      return 'udp';
    case PROTO_ICMP:
    case PROTO_ICMPV6:
      return 'icmp';
    default:
      return 'unknown_transport';
  }
}
