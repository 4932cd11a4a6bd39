import { formatIpv4, formatIpv6, formatMac, isInside, type Network, parseNetwork } from '../../packet/address.ts';

/** Places for addresses of each kind, a power of two; of two that share a place the later one stays. */
const PLACES = 4096;

/** What is said of addresses again and again: their text, and whether they are local. */
export class AddressCache {
  readonly #localNets: { v4: Network[]; v6: Network[] };
  /** Four words each; of those that were not used the text is empty. */
  readonly #words = new Int32Array(2 * PLACES * 4);
  readonly #texts = new Array<string>(2 * PLACES).fill('');
  readonly #local = new Uint8Array(2 * PLACES);
  readonly #macWords = new Int32Array(PLACES * 2);
  readonly #macs = new Array<string | null>(PLACES).fill(null);
  /** Whether the address of the last `text` is in one of the local networks; null where there are none to be in. */
  isLocal: boolean | null = null;

  /** `localNets` in CIDR form. */
  constructor(localNets: readonly string[]) {
    const nets = localNets.map((text) => parseNetwork(text)).filter((network) => network !== null);
    this.#localNets = { v4: nets.filter((net) => !net.isIpv6), v6: nets.filter((net) => net.isIpv6) };
  }

  /** The text of the address in four words; that of IPv4 is in the first. */
  text(w0: number, w1: number, w2: number, w3: number, isIpv6: boolean): string {
    const words = this.#words;
    const hash = isIpv6 ? mix(mix(mix(w0) ^ w1) ^ w2) ^ w3 : w0;
    const place = (mix(hash) & (PLACES - 1)) | (isIpv6 ? PLACES : 0);
    const at = place * 4;
    const isKept =
      words[at] === w0 && (!isIpv6 || (words[at + 1] === w1 && words[at + 2] === w2 && words[at + 3] === w3));
    let text = this.#texts[place];
    if (!isKept || text === '') {
      words[at] = w0;
      words[at + 1] = w1;
      words[at + 2] = w2;
      words[at + 3] = w3;
      text = isIpv6 ? formatIpv6(w0, w1, w2, w3) : formatIpv4(w0);
      this.#texts[place] = text;
      this.#local[place] = this.#localness(at, isIpv6);
    }
    const local = this.#local[place];
    this.isLocal = local === UNKNOWN ? null : local === LOCAL;
    return text;
  }

  #localness(at: number, isIpv6: boolean): number {
    const { v4, v6 } = this.#localNets;
    if (v4.length + v6.length === 0) return UNKNOWN;
    return isInside(isIpv6 ? v6 : v4, this.#words, at) ? LOCAL : REMOTE;
  }

  /** The text of the link-layer address at `at`; null where it is all zero. */
  mac(bytes: Uint8Array, at: number): string | null {
    const high = (bytes[at] << 8) | bytes[at + 1];
    const low = (bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];
    // What was not used holds the all-zero address, which has no text.
    const place = mix(low ^ (high << 8)) & (PLACES - 1);
    const words = this.#macWords;
    if (words[place * 2] !== low || words[place * 2 + 1] !== high) {
      words[place * 2] = low;
      words[place * 2 + 1] = high;
      this.#macs[place] = formatMac(bytes, at);
    }
    return this.#macs[place];
  }
}

const REMOTE = 0;
const LOCAL = 1;
const UNKNOWN = 2;

function mix(word: number): number {
  const h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}
