/**
 * Traffic by the second, of the network and of each device. Counting costs nothing per packet: the inventory counts
 * anyway, and once a second the difference is taken.
 */
import type { Inventory } from '../../device/inventory.ts';
import type { Host } from '../../feature/host.ts';
import type { DeviceSecond, TrafficSecond } from '../traffic-second.ts';

interface Total {
  packets: number;
  bytes: number;
}

/** Benign traffic has a mean surprise of one nat: -ln p with p uniform. */
const ORDINARY_NATS = 1;

export class TrafficMeter {
  private readonly inventory: Inventory;
  private readonly before = new Map<string, Total>();
  private readonly nats = new Map<Host, number>();
  private house: Total = { packets: 0, bytes: 0 };
  private second = Number.NaN;

  constructor(inventory: Inventory) {
    this.inventory = inventory;
  }

  /** What was counted so far, by an earlier run, is no traffic of now. */
  begin(): void {
    this.before.clear();
    for (const { mac, ...total } of this.inventory.totals()) this.before.set(mac, total);
  }

  /** A packet that was taken, before it is counted for a device. The second that it ended, if it did. */
  packet(ts: number, bytes: number): TrafficSecond | null {
    // A second that is over, or a clock that was set back.
    const isOver = ts >= this.second + 1 || ts < this.second - 1;
    const over = isOver ? this.end() : null;
    if (isOver || Number.isNaN(this.second)) this.second = Math.floor(ts);
    this.house.packets++;
    this.house.bytes += bytes;
    return over;
  }

  score(device: Host, nats: number): void {
    const before = this.nats.get(device);
    if (before === undefined || nats > before) this.nats.set(device, nats);
  }

  /** What has come since the last second ended; null where that is nothing. */
  end(): TrafficSecond | null {
    const { packets, bytes } = this.house;
    if (packets === 0) return null;
    const strangest = this.strangest();
    const devices: DeviceSecond[] = [];
    for (const total of this.inventory.totals()) {
      const before = this.before.get(total.mac);
      if (before?.packets === total.packets) continue;
      devices.push({
        mac: total.mac,
        packets: total.packets - (before?.packets ?? 0),
        bytes: total.bytes - (before?.bytes ?? 0),
        strangeness: strangest.get(total.mac) ?? null,
      });
      this.before.set(total.mac, { packets: total.packets, bytes: total.bytes });
    }
    // Devices that were forgotten or made room for others.
    if (this.before.size > 2 * this.inventory.size) this.begin();
    this.house = { packets: 0, bytes: 0 };
    const highest = Math.max(...strangest.values());
    return { ts: this.second, packets, bytes, strangeness: strangest.size === 0 ? null : highest, devices };
  }

  private strangest(): Map<string, number> {
    const byMac = new Map<string, number>();
    for (const [{ address }, nats] of this.nats) {
      const mac = this.inventory.ownerOf(address);
      if (mac === null) continue;
      const value = Math.max(0, (nats - ORDINARY_NATS) / Math.LN10);
      byMac.set(mac, Math.max(byMac.get(mac) ?? 0, Number(value.toFixed(2))));
    }
    this.nats.clear();
    return byMac;
  }
}
