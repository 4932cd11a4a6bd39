/** The devices as the owner meets them: what the monitor sees of each, and the owner's own word. */
import type { Severity } from '../../alert/severity.ts';
import type { Device as WireDevice } from '../../api/contract.ts';
import type { Device } from '../../device/device.ts';
import { ownNameOf } from '../../device/name.ts';
import type { StoredLive } from '../../store/live/index.ts';
import type { DeviceReport, OwnerWord } from '../protocol.ts';
import type { OwnersName } from './owner-names.ts';

export interface Risk {
  severity: Severity;
  count: number;
}

type Seen = Omit<DeviceReport, 'event'>;
interface Entry extends OwnerWord {
  seen: Seen;
}

/** A flood of made-up addresses fills no memory: those that were not seen for longest make room. */
const MOST_DEVICES = 4096;
const ROOM = 512;

export class DeviceRepository {
  readonly #store: StoredLive['devices'];
  readonly #entries = new Map<string, Entry>();
  readonly #unwritten = new Set<string>();
  /** Those that the owner has named: few, however many made-up addresses there are. */
  #named: Entry[] = [];
  /** The store still has devices that made room here. */
  #hasForgotten = false;
  /** Open alerts by device. */
  risks: ReadonlyMap<string, Risk> = new Map();

  constructor(store: StoredLive['devices']) {
    this.#store = store;
  }

  async load(): Promise<void> {
    for (const { mac, owner_name, monitored, body } of await this.#store.list()) {
      const seen = JSON.parse(body) as Seen;
      // Nobody is known to be there before somebody has looked.
      this.#entries.set(mac, {
        mac,
        name: owner_name,
        monitored,
        seen: { ...seen, device: { ...seen.device, online: false } },
      });
    }
    this.#findNamed();
  }

  /** True where the device was not known. */
  see({ device, learning, learned_seconds }: DeviceReport): boolean {
    const known = this.#entries.get(device.mac);
    // After a power cut the thread may have forgotten the last minutes; since when it is known is not among that.
    const first_seen = Math.min(device.first_seen, known?.seen.device.first_seen ?? device.first_seen);
    const seen = { device: { ...device, first_seen }, learning, learned_seconds };
    if (known) known.seen = seen;
    else this.#entries.set(device.mac, { mac: device.mac, name: null, monitored: true, seen });
    this.#unwritten.add(device.mac);
    if (this.#entries.size > MOST_DEVICES) this.#makeRoom();
    return known === undefined;
  }

  /** Nobody looks any more, so nobody is known to be there. */
  away(mac: string): void {
    const entry = this.#entries.get(mac);
    if (entry) entry.seen = { ...entry.seen, device: { ...entry.seen.device, online: false } };
  }

  async flush(): Promise<void> {
    const macs = [...this.#unwritten];
    this.#unwritten.clear();
    const rows = macs.flatMap((mac) => {
      const seen = this.#entries.get(mac)?.seen;
      return seen ? [{ mac, last_seen: seen.device.last_seen, body: JSON.stringify(seen) }] : [];
    });
    try {
      if (rows.length > 0) await this.#store.seen(rows);
      if (this.#hasForgotten) await this.#store.prune(MOST_DEVICES - ROOM);
      this.#hasForgotten = false;
    } catch (error) {
      for (const mac of macs) this.#unwritten.add(mac);
      throw error;
    }
  }

  /** Kept once the promise resolves. */
  async own(mac: string, change: { name?: string | null; monitored?: boolean }): Promise<OwnerWord> {
    const entry = this.#entries.get(mac)!;
    await this.flush();
    await this.#store.own(mac, change);
    if (change.name !== undefined) entry.name = change.name;
    this.#findNamed();
    if (change.monitored !== undefined) entry.monitored = change.monitored;
    return { mac, name: entry.name, monitored: entry.monitored };
  }

  async remove(mac: string): Promise<void> {
    this.#entries.delete(mac);
    this.#unwritten.delete(mac);
    this.#findNamed();
    await this.#store.remove(mac);
  }

  words(): OwnerWord[] {
    return [...this.#entries.values()].map(({ mac, name, monitored }) => ({ mac, name, monitored }));
  }

  /** Those that came first in front. */
  list(): WireDevice[] {
    return [...this.#entries.values()]
      .sort((a, b) => a.seen.device.first_seen - b.seen.device.first_seen)
      .map((entry) => this.#toWire(entry));
  }

  /** By any of its link-layer addresses. */
  find(mac: string): WireDevice | undefined {
    const entry =
      this.#entries.get(mac) ?? [...this.#entries.values()].find(({ seen }) => seen.device.macs.includes(mac));
    return entry && this.#toWire(entry);
  }

  /** By any address of the device. */
  ownersName: OwnersName = (address) => {
    const entry = this.#named.find(({ mac, seen }) => mac === address || seen.device.ips.includes(address));
    return entry ? { own: ownNameOf(entry.seen.device, address), given: entry.name! } : null;
  };

  #findNamed(): void {
    this.#named = [...this.#entries.values()].filter(({ name }) => name !== null);
  }

  /** Those that the owner has named stay. */
  #makeRoom(): void {
    const nameless = [...this.#entries.values()].filter(({ name }) => name === null);
    nameless.sort((a, b) => a.seen.device.last_seen - b.seen.device.last_seen);
    for (const { mac } of nameless.slice(0, ROOM)) {
      this.#entries.delete(mac);
      this.#unwritten.delete(mac);
    }
    this.#hasForgotten = true;
  }

  #toWire({ name, monitored, seen: { device, learning, learned_seconds } }: Entry): WireDevice {
    const { mac, macs, kind, confidence, evidence, vendor, randomised, gateway, self = false, online, ips } = device;
    const { first_seen, last_seen, packets, bytes, packets_sent, bytes_sent, services, lookups } = device;
    const risk = this.risks.get(mac);
    return {
      ...{ mac, macs, name: name ?? device.name ?? whatItIs(device), owner_name: name, announced_name: device.name },
      ...{ kind, confidence, evidence, vendor, randomised, gateway, self, online, ips, first_seen, last_seen },
      ...{ packets, bytes, packets_sent, bytes_sent, services, lookups, monitored, learning, learned_seconds },
      risk: risk?.severity ?? null,
      open_alerts: risk?.count ?? 0,
    };
  }
}

/** "TP-Link plug", "router", "Espressif device", else its address. */
function whatItIs({ vendor, kind, gateway, mac }: Device): string {
  const what = gateway ? 'router' : kind === 'unknown' ? null : kind;
  if (vendor === null) return what === null ? mac : what;
  return `${vendor} ${what ?? 'device'}`;
}
