import type { Packet } from '../packet/packet.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, checkTransport } from './checksum.ts';

/**
 * Which packets to take. A machine that captures its own traffic sees what it sends before the network card has put
 * the checksums in: all of them are wrong. So a sender's wrong checksums count only once it has shown a right one.
 */
export class ChecksumPolicy {
  readonly #ignore: boolean;
  readonly #learn: boolean;
  /** Senders with a right checksum; one that falls out is trusted again until it shows another. */
  readonly #good: Int32Array;

  /** False: a wrong checksum is a damaged packet, as in Zeek; true: none is looked at; `auto`: by sender. */
  constructor(ignoreChecksums: boolean | 'auto', senders: Int32Array) {
    this.#good = senders;
    this.#ignore = ignoreChecksums === true;
    this.#learn = ignoreChecksums === 'auto';
  }

  accepts(packet: Packet): boolean {
    if (this.#ignore) return true;
    const state = checkTransport(packet);
    if (!this.#learn) return state !== CHECKSUM_BAD;
    // Never 0, which is an empty place. (An IPv4 packet has only the first word.)
    const rest = packet.ipVersion === 6 ? packet.src1 ^ packet.src2 ^ packet.src3 : 0;
    const sender = (packet.src0 ^ rest) | 1;
    const at = (sender ^ (sender >>> 12) ^ (sender >>> 23)) & (this.#good.length - 1);
    if (state === CHECKSUM_GOOD) this.#good[at] = sender;
    return state !== CHECKSUM_BAD || this.#good[at] !== sender;
  }
}
