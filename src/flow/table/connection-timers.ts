import { PROTO_UDP } from '../../packet/packet.ts';
import type { ConnectionStore } from './connection-store.ts';
import { ExpiryWheel } from './expiry-wheel.ts';
import { KIND, PORTS, START, WHEEL_BUCKET, WORDS } from './record-layout.ts';
import { IN_QUEUE, SessionQueue } from './session-queue.ts';

/** When connections end: most of them wait for their deadline, those of DNS are looked at from time to time, as by Zeek. */
export class ConnectionTimers {
  readonly #store: ConnectionStore;
  readonly #wheel: ExpiryWheel;
  readonly #sessions: SessionQueue;
  readonly #followsDns: boolean;
  readonly #end: (slot: number) => void;

  /** `dnsInterval` in seconds, null where nobody looks for services. `end` has to call `remove`. */
  constructor(store: ConnectionStore, dnsInterval: number | null, end: (slot: number) => void) {
    this.#store = store;
    this.#wheel = new ExpiryWheel(store);
    this.#sessions = new SessionQueue(store, dnsInterval ?? Number.POSITIVE_INFINITY);
    this.#followsDns = dnsInterval !== null;
    this.#end = end;
  }

  /** `advance` has something to do at or after the first, or, because the clock was set back, before the second. */
  get nextTick(): number {
    return Math.min(this.#wheel.nextTick, this.#sessions.nextTick);
  }

  get setBack(): number {
    return this.#wheel.setBack;
  }

  /**
   * Time goes on to `ts`. What is not due is not told: whether a connection ends must not depend on which of the two
   * ways (kernel/fast-path.ts) the packets before took.
   */
  advance(ts: number): void {
    if (ts >= this.#wheel.nextTick || ts < this.#wheel.setBack) this.#wheel.advance(ts, this.#end);
    if (ts >= this.#sessions.nextTick) this.#sessions.advance(ts, this.#end);
  }

  /** From now on the end of a new connection is waited for. */
  add(slot: number): void {
    const { words, floats } = this.#store;
    const base = slot * WORDS;
    const isUdp = (words[base + KIND] & 0xff) === PROTO_UDP;
    if (isUdp && this.#followsDns && isDnsPort(words[base + PORTS] & 0xffff)) {
      this.#sessions.add(slot, floats[base / 2 + START]);
    } else this.#wheel.add(slot);
  }

  /** The deadline has come nearer. */
  hurry(slot: number): void {
    this.#wheel.remove(slot);
    this.#wheel.add(slot);
  }

  remove(slot: number): void {
    if (this.#store.words[slot * WORDS + WHEEL_BUCKET] === IN_QUEUE) this.#sessions.remove(slot);
    else this.#wheel.remove(slot);
  }

  /** All connections that are waited for. */
  slots(): number[] {
    return [...this.#wheel.slots(), ...this.#sessions.slots()];
  }

  /** The connection that would end soonest, to make room. */
  soonest(): number {
    const slot = this.#wheel.soonest();
    return slot >= 0 ? slot : this.#sessions.oldest;
  }
}

/** DNS, NetBIOS name service, mDNS, LLMNR: what Zeek's DNS analyzer listens on. */
function isDnsPort(port: number): boolean {
  return port === 53 || port === 5353 || port === 137 || port === 5355;
}
