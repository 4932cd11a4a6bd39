import { type Packet, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../packet/packet.ts';
import {
  CLOSED,
  DID_CLOSE,
  ESTABLISHED,
  INACTIVE,
  INTERACTIVE,
  IS_PARTIAL,
  LAST_SEQ,
  PARTIAL,
  PREVIOUS_SHIFT,
  RESET,
  SEEN_ORIG,
  SEEN_RESP,
  START_SEQ,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../table/connection-flags.ts';
import type { ConnectionStore } from '../table/connection-store.ts';
import { FLAGS, PORTS, WORDS } from '../table/record-layout.ts';
import type { Weirds } from '../weird.ts';

/** The states of a connection's two endpoints, as Zeek's TCP analyzer moves them. */
export class TcpStates {
  readonly #store: ConnectionStore;
  readonly #weirds: Weirds;
  readonly #flip: (slot: number) => void;
  /** The last `update` closed its endpoint. */
  doClose = false;

  constructor(store: ConnectionStore, weirds: Weirds, flip: (slot: number) => void) {
    this.#store = store;
    this.#weirds = weirds;
    this.#flip = flip;
  }

  /** Returns whether the packet is the originator's, which a flip changes. */
  update(slot: number, endpoint: number, peer: number, packet: Packet, isOrig: boolean, advance: number): boolean {
    const { words } = this.#store;
    const flags = packet.tcpFlags;
    switch (words[endpoint] & STATE_MASK) {
      case INACTIVE:
        return this.#updateInactive(slot, endpoint, peer, packet, isOrig);
      case SYN_SENT:
      case SYN_ACK_SENT:
        if ((flags & TCP_FIN) !== 0) this.#close(endpoint, CLOSED);
        if ((flags & TCP_RST) !== 0) this.#close(endpoint, RESET);
        else if (packet.payloadLength > 0) this.#weirds.count('data_before_established');
        return isOrig;
      case ESTABLISHED:
      case PARTIAL:
        this.#updateEstablished(endpoint, peer, flags);
        return isOrig;
      case CLOSED:
        if ((flags & TCP_SYN) !== 0) this.#weirds.count('SYN_after_close');
        if ((flags & TCP_FIN) !== 0 && advance > 0) this.#weirds.count('FIN_advanced_last_seq');
        // After a FIN each way a RST changes nothing any more.
        if ((flags & TCP_RST) !== 0 && (words[peer] & STATE_MASK) !== CLOSED) {
          this.#setState(endpoint, RESET);
          if ((words[endpoint] & DID_CLOSE) === 0) this.doClose = true;
        }
        return isOrig;
      default:
        if ((flags & TCP_SYN) !== 0) this.#weirds.count('SYN_after_reset');
        if ((flags & TCP_FIN) !== 0) this.#weirds.count('FIN_after_reset');
        if (packet.payloadLength > 0 && (flags & TCP_RST) === 0) this.#weirds.count('data_after_reset');
        return isOrig;
    }
  }

  #close(endpoint: number, state: number): void {
    this.#setState(endpoint, state);
    this.doClose = true;
  }

  #updateInactive(slot: number, first: number, second: number, packet: Packet, fromOriginator: boolean): boolean {
    const { words } = this.#store;
    const flags = packet.tcpFlags;
    let endpoint = first;
    let peer = second;
    let isOrig = fromOriginator;
    if ((flags & TCP_SYN) !== 0) {
      if (isOrig) {
        if ((flags & TCP_ACK) !== 0) this.#weirds.count('connection_originator_SYN_ack');
        this.#setState(endpoint, (flags & TCP_ACK) !== 0 ? SYN_ACK_SENT : SYN_SENT);
      } else {
        const peerState = words[peer] & STATE_MASK;
        if ((flags & TCP_ACK) !== 0) {
          const start = words[peer + START_SEQ];
          const isBetween = (packet.tcpAck - start) >>> 0 <= (words[peer + LAST_SEQ] - start) >>> 0;
          if (peerState !== INACTIVE && peerState !== PARTIAL && !isBetween) this.#weirds.count('bad_SYN_ack');
        } else if (peerState === SYN_ACK_SENT && packet.tcpSeq === words[endpoint + START_SEQ]) {
          // The SYN was captured behind its SYN-ACK: the sides change places.
          words[slot * WORDS + FLAGS] = (words[slot * WORDS + FLAGS] & ~IS_PARTIAL) | SEEN_ORIG | SEEN_RESP;
          this.#flip(slot);
          [endpoint, peer] = [peer, endpoint];
          isOrig = true;
          this.#setState(peer, ESTABLISHED);
        } else this.#weirds.count('simultaneous_open');
        if ((words[peer] & STATE_MASK) === SYN_SENT) this.#setState(peer, ESTABLISHED);
        else if ((words[peer] & STATE_MASK) === INACTIVE) this.#weirds.count('unsolicited_SYN_response');
        this.#setState(endpoint, ESTABLISHED);
        if ((words[peer] & STATE_MASK) === ESTABLISHED) this.#established(slot);
      }
    }
    if ((flags & TCP_FIN) !== 0) {
      this.#close(endpoint, CLOSED);
      if ((words[peer] & STATE_MASK) !== PARTIAL && (flags & TCP_SYN) === 0) this.#weirds.count('spontaneous_FIN');
    }
    if ((flags & TCP_RST) !== 0) {
      this.#close(endpoint, RESET);
      if ((words[peer] & STATE_MASK) === INACTIVE) this.#weirds.count('spontaneous_RST');
    }
    if ((words[endpoint] & STATE_MASK) === INACTIVE) this.#joinUnderway(slot, endpoint, peer, packet, isOrig);
    return isOrig;
  }

  #established(slot: number): void {
    const { words } = this.#store;
    const base = slot * WORDS;
    if (isInteractivePort(words[base + PORTS] & 0xffff)) words[base + FLAGS] |= INTERACTIVE;
  }

  /** The first packet of a side has no control flag: the connection was running before, or the SYN was missed. */
  #joinUnderway(slot: number, endpoint: number, peer: number, packet: Packet, isOrig: boolean): void {
    const { words } = this.#store;
    const peerState = words[peer] & STATE_MASK;
    // Some stacks acknowledge a SYN before they answer it.
    if (!isOrig && packet.payloadLength === 0 && peerState === SYN_SENT) return;
    if ((packet.tcpFlags & TCP_ACK) !== 0 && peerState === ESTABLISHED) {
      this.#setState(endpoint, ESTABLISHED);
      words[slot * WORDS + FLAGS] &= ~IS_PARTIAL;
    } else this.#setState(endpoint, PARTIAL);
  }

  #updateEstablished(endpoint: number, peer: number, flags: number): void {
    const { words } = this.#store;
    const isSynAfterPartial =
      (flags & (TCP_SYN | TCP_ACK)) === TCP_SYN &&
      (words[endpoint] & STATE_MASK) === PARTIAL &&
      (words[peer] & STATE_MASK) === INACTIVE;
    if (isSynAfterPartial) {
      this.#weirds.count('SYN_after_partial');
      this.#setState(endpoint, SYN_SENT);
    }
    if ((flags & TCP_FIN) !== 0 && (flags & TCP_RST) === 0) {
      this.#close(endpoint, CLOSED);
      // A FIN followed by a RST from the other side was a normal end after all.
      const isResetAfterFin =
        (words[peer] & STATE_MASK) === RESET && ((words[peer] >> PREVIOUS_SHIFT) & STATE_MASK) === CLOSED;
      if (isResetAfterFin) this.#setState(peer, CLOSED);
    }
    if ((flags & TCP_RST) !== 0) this.#close(endpoint, RESET);
  }

  #setState(endpoint: number, state: number): void {
    const { words } = this.#store;
    const old = words[endpoint] & STATE_MASK;
    if (old === state) return;
    words[endpoint] = (words[endpoint] & ~0xff) | state | (old << PREVIOUS_SHIFT);
  }
}

/** FTP, SSH, telnet, rlogin. */
function isInteractivePort(port: number): boolean {
  return port === 21 || port === 22 || port === 23 || port === 513;
}
