/** A second of traffic, of the network and of each device. */

export interface DeviceSecond {
  mac: string;
  packets: number;
  bytes: number;
  /** Power of ten by which its most unusual moment was rarer than ordinary; null where nothing was judged. */
  strangeness: number | null;
  /** Connections that ended, begun by the device. */
  connections: number;
  /** Other ends that it contacted, each counted once a minute. */
  contacts: number;
}

export interface TrafficSecond extends Omit<DeviceSecond, 'mac'> {
  /** Start, seconds since 1970 by the clock of the packets. */
  ts: number;
  /** Those that spoke or were spoken to. */
  devices: DeviceSecond[];
}

type Amount = Omit<DeviceSecond, 'mac'>;

/** Adds the other amount; the stranger moment stays. */
export function join(one: Amount, { packets, bytes, strangeness, connections, contacts }: Amount): void {
  one.packets += packets;
  one.bytes += bytes;
  one.connections += connections;
  one.contacts += contacts;
  if (strangeness !== null) one.strangeness = Math.max(one.strangeness ?? 0, strangeness);
}
