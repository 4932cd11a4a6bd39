/** Channels (originator → service of a responder) and the connections in them. */
import { DampedSums } from './damped.ts';
import type { Host } from './host.ts';

/** All connections of one originator to one service of one responder. */
export class Channel {
  readonly orig: Host;
  readonly resp: Host;
  readonly proto: number;
  readonly port: number;
  readonly packets = new DampedSums();
  /** Payload bytes, both directions. */
  readonly bytes = new DampedSums();
  readonly started = new DampedSums();
  /** Start of its newest connection, and how many there were. */
  lastStart = Number.NaN;
  count = 0;
  /** Connections that are open now. */
  open = 0;
  /** Damped mean over its finished connections of ln(1 + payload bytes of the originator), and when the last finished. */
  usualSize = Number.NaN;
  lastEnd = Number.NaN;
  lastSeen = 0;

  constructor(orig: Host, resp: Host, proto: number, port: number) {
    this.orig = orig;
    this.resp = resp;
    this.proto = proto;
    this.port = port;
  }
}

export type LinkState = 'attempt' | 'established' | 'refused' | 'closed';

/** One connection, as far as its packets were seen. Index 0 is the originator, 1 the responder. */
export class Link {
  readonly channel: Channel;
  readonly origPort: number;
  readonly start: number;
  /** Seconds between the start of the channel's previous connection and this one; NaN for the first. */
  readonly sincePrevious: number;
  readonly packets = [0, 0];
  readonly bytes = [0, 0];
  readonly last = [Number.NaN, Number.NaN];
  state: LinkState = 'attempt';
  lastSeen: number;
  /** Sequence number of the SYN that began it; NaN where it was not seen. */
  firstSeq = Number.NaN;
  /** True where it comes from a record of a log: then all of it is known at once. */
  recorded = false;

  constructor(channel: Channel, origPort: number, start: number) {
    this.channel = channel;
    this.origPort = origPort;
    this.start = start;
    this.lastSeen = start;
    this.sincePrevious = start - channel.lastStart;
  }
}
