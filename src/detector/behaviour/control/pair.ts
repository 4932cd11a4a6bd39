/** A device and another machine that it has to do with. */
import type { Host } from '../../../feature/host.ts';
import type { Link } from '../../../feature/link.ts';
import { PROTO_TCP, PROTO_UDP } from '../../../packet/packet.ts';
import { ownerOf } from '../../owner.ts';
import { Clock } from '../rhythm/clock.ts';
import type { Spoken } from './first-words.ts';
import type { Place } from './sign-names.ts';

/** Pairs that are looked at; the oldest makes room. */
const MOST_PAIRS = 8192;
const FTP = 21;
/** Names, addresses, time and discovery are no conversations. */
const SERVICE_TRAFFIC = new Set([53, 67, 68, 123, 137, 138, 547, 1900, 3702, 5353, 5355]);

export interface Pair {
  device: Host;
  other: Host;
  place: Place;
  bits: number;
  sum: number;
  since: number;
  connections: number;
  /** Bytes of the device and of the other end. */
  bytes: [number, number];
  answered: boolean;
  calls: { refused: number; unanswered: number };
  clock: Clock;
  port: number;
  /** Its data connections go to any port. */
  usesFtp: boolean;
}

/** What is known of one connection. */
export interface Words {
  pair: Pair;
  /** Its beginning was seen. */
  whole: boolean;
  spoken: Spoken | null;
  /** The server began to speak first. */
  greeted: boolean;
  looked: [number, number];
  /** The host it goes by: of the TLS greeting, or of the request. */
  host: string | null;
  prefix: { bytes: Uint8Array; length: number } | null;
  last: number;
  size: number;
  alike: number;
}

export class Pairs {
  private readonly known = new Map<string, Pair>();

  all(): Iterable<Pair> {
    return this.known.values();
  }

  /** Null for what is no conversation of a device with another machine. */
  of({ channel: { orig, resp, proto, port } }: Link, ts: number): Pair | null {
    if (resp.scope === 'multicast' || orig.scope === 'multicast' || orig === resp) return null;
    if (proto !== PROTO_TCP && (proto !== PROTO_UDP || SERVICE_TRAFFIC.has(port))) return null;
    const device = ownerOf(orig, resp);
    if (device.scope !== 'local' || !device.isSomebody) return null;
    const other = device === orig ? resp : orig;
    const key = `${device.id}>${other.id}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MOST_PAIRS) this.known.delete(this.known.keys().next().value!);
    const pair: Pair = {
      ...{ device, other, place: other.scope === 'local' ? 'inside' : 'outside', bits: 0, sum: 0, since: ts },
      ...{ connections: 0, bytes: [0, 0], answered: false, calls: { refused: 0, unanswered: 0 } },
      ...{ clock: new Clock(ts), port, usesFtp: port === FTP },
    };
    this.known.set(key, pair);
    return pair;
  }
}
