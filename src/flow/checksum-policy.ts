import type { Packet } from '../packet/packet.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, checkTransport } from './checksum.ts';

/** Senders that are remembered; one that falls out is trusted again until it shows a good checksum. */
const SENDERS = 4096;

/**
 * Which packets to take. A machine that captures its own traffic sees what it sends before the network card has put
 * the checksums in: all of them are wrong. So a sender's wrong checksums count only once it has shown a right one.
 */
export class ChecksumPolicy {
  readonly #ignore: boolean;
  readonly #learn: boolean;
  readonly #good = new Int32Array(SENDERS);

  /** False: a wrong checksum is a damaged packet, as in Zeek; true: none is looked at; `auto`: by sender. */
  constructor(ignoreChecksums: boolean | 'auto') {
    this.#ignore = ignoreChecksums === true;
    this.#learn = ignoreChecksums === 'auto';
  }

  accepts(packet: Packet): boolean {
    if (this.#ignore) return true;
    const state = checkTransport(packet);
    if (!this.#learn) return state !== CHECKSUM_BAD;
    // Never 0, which is an empty place.
    const sender = (packet.src0 ^ packet.src1 ^ packet.src2 ^ packet.src3) | 1;
    const at = (sender ^ (sender >>> 12) ^ (sender >>> 23)) & (SENDERS - 1);
    if (state === CHECKSUM_GOOD) this.#good[at] = sender;
    return state !== CHECKSUM_BAD || this.#good[at] !== sender;
  }
}
