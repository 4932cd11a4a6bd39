/** Devices with how far they are known, and which of them have changed since they were last reported. */
import type { Device } from '../../device/device.ts';
import type { DeviceReport } from '../protocol.ts';
import type { Monitor } from './monitor.ts';

/** Devices reported at a time: a flood of made-up addresses must not take the thread away from its packets. */
const MOST_REPORTS = 256;

export class DeviceReports {
  private readonly monitor: Monitor;
  private readonly reported = new Map<string, number>();
  private readonly progress = new Map<string, { learning: boolean; learned_seconds: number }>();

  constructor(monitor: Monitor) {
    this.monitor = monitor;
  }

  report(device: Device, event: DeviceReport['event']): DeviceReport {
    this.reported.set(device.mac, device.packets);
    const known = this.progress.get(device.mac) ?? { learning: this.monitor.watch.engine.learning, learned_seconds: 0 };
    return { device, event, ...known };
  }

  /** Those that have spoken since, or of which more is known. */
  changed(): DeviceReport[] {
    const { inventory } = this.monitor;
    const learnt = this.learnt();
    const changed = [...inventory.totals()].filter(
      ({ mac, packets }) => this.reported.has(mac) && (this.reported.get(mac) !== packets || learnt.has(mac)),
    );
    return changed.slice(0, MOST_REPORTS).map(({ mac }) => this.report(inventory.device(mac)!, null));
  }

  /** Brings progress up to date; gives the devices for which it has ended or begun. */
  private learnt(): Set<string> {
    const { inventory, watch } = this.monitor;
    const turned = new Set<string>();
    for (const { address, seconds, isWarmingUp } of watch.engine.devices()) {
      const mac = inventory.ownerOf(address);
      if (mac === null) continue;
      const known = this.progress.get(mac);
      // Of its addresses the one that is known best.
      const learned_seconds = Math.max(seconds, known?.learned_seconds ?? 0);
      if (known !== undefined && known.learning !== isWarmingUp) turned.add(mac);
      this.progress.set(mac, { learning: isWarmingUp, learned_seconds });
    }
    for (const mac of this.reported.keys()) if (inventory.device(mac) === null) this.reported.delete(mac);
    return turned;
  }
}
