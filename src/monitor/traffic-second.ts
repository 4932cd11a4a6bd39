/** A second of traffic, of the network and of each device. */

export interface DeviceSecond {
  mac: string;
  packets: number;
  bytes: number;
  /** Power of ten by which its most unusual moment was rarer than ordinary; null where nothing was judged. */
  strangeness: number | null;
}

export interface TrafficSecond extends Omit<DeviceSecond, 'mac'> {
  /** Start, seconds since 1970 by the clock of the packets. */
  ts: number;
  /** Those that spoke or were spoken to. */
  devices: DeviceSecond[];
}

type Amount = Pick<DeviceSecond, 'packets' | 'bytes' | 'strangeness'>;

/** Adds the other amount; the stranger moment stays. */
export function join(one: Amount, { packets, bytes, strangeness }: Amount): void {
  one.packets += packets;
  one.bytes += bytes;
  if (strangeness !== null) one.strangeness = Math.max(one.strangeness ?? 0, strangeness);
}
