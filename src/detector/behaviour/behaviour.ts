/**
 * A behaviour rule: looks at the activity of the network event by event, keeps bounded state, and reports what no
 * ordinary device does, or what this device never did. Rules need no past, and get sharper with it.
 */
import type { Host, HostTable } from '../../feature/host.ts';
import type { Link } from '../../feature/link.ts';
import type { Step } from '../../feature/link-tracker.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Report } from '../finding.ts';

/** `named`: looked up before. `bare`: never, though the device's look-ups are seen. `unknown`: they are not. */
export type Acquaintance = 'named' | 'bare' | 'unknown';

/** A name that an address was looked up by. */
export interface LookedUp {
  name: string;
  /** One address alone, straight under the name, for minutes: whoever has the name moves about. */
  isDynamic: boolean;
}

export interface Names {
  /** What is known of the name of the responder. */
  of(link: Link): Acquaintance;
  /** The name that the address was looked up by; null where the look-up is known alone, undefined where there was none. */
  nameOf(address: string): LookedUp | null | undefined;
  /** Whether it was looked up by a name that this house asked for while learning: clouds have more addresses than names. */
  isUsual(address: string): boolean;
  /** Whether the look-ups of the device are seen. */
  hears(device: Host, ts: number): boolean;
}

export type Outcome = 'answered' | 'refused' | 'unanswered';

export interface Context {
  /** Now, in the time of the traffic: seconds since 1970 UTC. */
  ts: number;
  /** While it learns, a rule takes what it sees for usual, unless it stands out without any past. */
  learning: boolean;
  /** Whether it learns because this device came later and is still getting known. */
  isWarmingUp: boolean;
  /** False while nothing was ever learned: then there is nothing to compare with, and rules want more evidence. */
  hasPast: boolean;
  hosts: HostTable;
  names: Names;
  report: Report;
}

/** Methods that a rule does not need it does not have. Records of a log come as start, outcome and end together. */
export interface Behaviour {
  readonly name: string;
  /** A connection begins. */
  start?(link: Link, context: Context): void;
  /** The responder answered, refused, or said nothing for three seconds. */
  outcome?(link: Link, outcome: Outcome, context: Context): void;
  /** A connection ended, by its own or because it was idle. */
  end?(link: Link, context: Context): void;
  /** Any packet of a connection; `packet` and `step` are reused. */
  packet?(packet: Packet, step: Step, context: Context): void;
  /** A frame that belongs to no connection (ARP). */
  frame?(packet: Packet, context: Context): void;
  /** About once a second of the traffic's time. */
  tick?(context: Context): void;
  /** What was learned, as JSON, for a restart: lists whose entries begin with whom they are about. */
  save?(): unknown;
  /** Takes what `save` gave, which it types as its own. Entries about the same are of one device that had two addresses, and add up. */
  load?(state: unknown): void;
  /** It knows devices by their link-layer address, and need not be told that they have another IP address. */
  readonly knowsByMac?: true;
  /** It asks who spoke with whom, and never how often or how fast: records without a time tell it enough. */
  readonly needsNoTime?: true;
}
