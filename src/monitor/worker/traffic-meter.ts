/**
 * Traffic by the second, of the network and of each device. Counting costs nothing per packet: the inventory counts
 * anyway, and once a second the difference is taken.
 */
import type { Inventory } from '../../device/inventory.ts';
import type { Host } from '../../feature/host.ts';
import type { Conn } from '../../flow/conn.ts';
import type { DeviceSecond, TrafficSecond } from '../traffic-second.ts';
import { HeardDevices } from './heard-devices.ts';

interface Total {
  packets: number;
  bytes: number;
}

/** What a device has called since the last second ended, and whom in this minute. */
interface Calls {
  connections: number;
  contacts: number;
  met: Set<string>;
}

/** More in a minute are not told apart: the count stays there. */
const MOST_MET = 65_536;
const NO_CALLS = { connections: 0, contacts: 0 } as const;

/** Benign traffic has a mean surprise of one nat: -ln p with p uniform. */
const ORDINARY_NATS = 1;

export class TrafficMeter {
  private readonly inventory: Inventory;
  private readonly others: HeardDevices;
  private readonly before = new Map<string, Total>();
  private readonly nats = new Map<Host, number>();
  private house: Total = { packets: 0, bytes: 0 };
  private second = Number.NaN;
  private minute = Number.NaN;
  private readonly calls = new Map<string, Calls>();

  constructor(inventory: Inventory, ownMacs: ReadonlySet<string> = new Set()) {
    this.inventory = inventory;
    this.others = new HeardDevices(inventory, ownMacs);
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

  /** Devices that were heard talking to others than this machine since it started. */
  get heard(): number {
    return this.others.size;
  }

  forget(mac: string): void {
    this.others.forget(mac);
    this.calls.delete(mac);
  }

  /** A connection that ended. */
  conn(conn: Conn): void {
    this.others.conn(conn);
    const { id_orig_h, id_resp_h } = conn;
    if (id_orig_h === null || id_resp_h === null) return;
    const mac = this.inventory.ownerOf(id_orig_h);
    if (mac === null) return;
    this.meetAnew();
    const calls = this.calls.get(mac) ?? { connections: 0, contacts: 0, met: new Set<string>() };
    this.calls.set(mac, calls);
    calls.connections++;
    if (calls.met.has(id_resp_h) || calls.met.size >= MOST_MET) return;
    calls.met.add(id_resp_h);
    calls.contacts++;
  }

  /** What has come since the last second ended; null where that is nothing. */
  end(): TrafficSecond | null {
    const { packets, bytes } = this.house;
    const called = [...this.calls.values()].some(({ connections }) => connections > 0);
    if (packets === 0 && !called) return null;
    const strangest = this.strangest();
    const devices: DeviceSecond[] = [];
    for (const total of this.inventory.totals()) {
      const before = this.before.get(total.mac);
      const { connections, contacts } = this.calls.get(total.mac) ?? NO_CALLS;
      if (before?.packets === total.packets && connections === 0) continue;
      devices.push({
        mac: total.mac,
        packets: total.packets - (before?.packets ?? 0),
        bytes: total.bytes - (before?.bytes ?? 0),
        strangeness: strangest.get(total.mac) ?? null,
        connections,
        contacts,
      });
      this.before.set(total.mac, { packets: total.packets, bytes: total.bytes });
    }
    // Devices that were forgotten or made room for others.
    if (this.before.size > 2 * this.inventory.size) this.begin();
    this.house = { packets: 0, bytes: 0 };
    const highest = Math.max(...strangest.values());
    const all = this.takeCalls();
    return { ts: this.second, packets, bytes, strangeness: strangest.size === 0 ? null : highest, ...all, devices };
  }

  /** A new minute begins with nobody met. */
  private meetAnew(): void {
    const minute = Math.floor(this.second / 60);
    if (minute === this.minute) return;
    this.minute = minute;
    for (const [mac, calls] of this.calls) {
      if (calls.connections === 0) this.calls.delete(mac);
      else calls.met.clear();
    }
  }

  /** Of all devices. */
  private takeCalls(): { connections: number; contacts: number } {
    const all = { ...NO_CALLS } as { connections: number; contacts: number };
    for (const calls of this.calls.values()) {
      all.connections += calls.connections;
      all.contacts += calls.contacts;
      Object.assign(calls, NO_CALLS);
    }
    return all;
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
