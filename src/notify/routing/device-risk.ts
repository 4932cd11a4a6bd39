/** How the devices stand: the worst of a device's open alerts is its risk, and without any it has none. */
import { severityRank } from '../../alert/severity.ts';
import type { DeviceRisk } from '../channel/define-channel.ts';
import type { Subject } from '../message/subject.ts';

/** What of an alert makes a risk. */
export type OpenAlert = Pick<Subject, 'id' | 'address' | 'device' | 'severity' | 'sentence' | 'ts'> & {
  kind: DeviceRisk['kind'];
};

/** Open alerts of one device that are remembered; the oldest go first, and the worst of the rest is told. */
const PER_DEVICE = 100;

export class DeviceRisks {
  readonly #open = new Map<string, Map<string, OpenAlert>>();

  /** The alert is open, for the first time or with something new; returns the risk of its device. */
  open(alert: OpenAlert): DeviceRisk {
    const { id, address } = alert;
    const alerts = this.#open.get(address) ?? new Map<string, OpenAlert>();
    this.#open.set(address, alerts);
    alerts.set(id, alert);
    if (alerts.size > PER_DEVICE) alerts.delete(alerts.keys().next().value!);
    return this.of(address, alert.device);
  }

  /** Somebody has looked after the alert. */
  close({ id, address, device }: Pick<OpenAlert, 'id' | 'address' | 'device'>): DeviceRisk {
    const alerts = this.#open.get(address);
    alerts?.delete(id);
    if (alerts?.size === 0) this.#open.delete(address);
    return this.of(address, device);
  }

  forget(address: string): void {
    this.#open.delete(address);
  }

  of(address: string, device: string): DeviceRisk {
    let worst: OpenAlert | null = null;
    for (const alert of this.#open.get(address)?.values() ?? []) {
      if (!worst || severityRank(alert.severity) > severityRank(worst.severity)) worst = alert;
    }
    if (!worst) return { address, device, severity: null, kind: null, sentence: null, since: null };
    const { severity, kind, sentence, ts } = worst;
    return { address, device, severity, kind, sentence, since: ts };
  }
}
