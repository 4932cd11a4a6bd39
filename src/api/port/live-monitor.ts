/** What the server needs of whoever watches the network; the wiring hands it in. */
import type { AlertStatus } from '../../alert/status.ts';
import type {
  AlertList,
  AlertReport,
  Device,
  DeviceChange,
  DeviceList,
  Discovery,
  Expected,
  ExpectPreview,
  ExpectScope,
  InterfaceList,
  LiveAlert,
  MonitorStatus,
  Mute,
  MutePreview,
  NewMute,
  Severity,
  Traffic,
} from '../contract.ts';

export interface AlertPage {
  limit: number;
  /** Only older ones than this id. */
  before?: number;
  /** Link-layer address. */
  device?: string;
  status?: AlertStatus;
  severity?: Severity;
}

/**
 * Every promise may reject with AppError: `device_not_found`, `alert_not_found`, `mute_not_found` where the id is
 * unknown, `monitor_off` where it takes a running monitor, and what the store rejects with.
 */
export interface LiveMonitor {
  status(): Promise<MonitorStatus>;
  /** The last minutes until then or now, of one device or of the whole network. */
  traffic(query: { minutes: number; device?: string; until?: number }): Promise<Traffic>;
  interfaces(): InterfaceList;
  /** Watches that interface from now on, and after a restart too. Rejects with `no_such_interface`. */
  start(name: string): Promise<MonitorStatus>;
  stop(): Promise<MonitorStatus>;

  devices(): Promise<DeviceList>;
  device(mac: string): Promise<Device>;
  change(mac: string, change: DeviceChange): Promise<Device>;
  forget(mac: string): Promise<void>;
  merge(from: string, into: string): Promise<Device>;
  /** Looks for devices on the own network by asking for them. */
  search(): Promise<Discovery>;

  alerts(page: AlertPage): Promise<AlertList>;
  alert(id: number): Promise<AlertReport>;
  acknowledge(id: number): Promise<LiveAlert>;
  reopen(id: number): Promise<LiveAlert>;
  /** "This is expected": an exception, and, where it is for good, what it rested on is learned. */
  expect(id: number, scope: ExpectScope): Promise<Expected>;
  previewExpect(id: number, scope: ExpectScope): Promise<ExpectPreview>;

  mutes(): Promise<Mute[]>;
  mute(rule: NewMute): Promise<Mute>;
  previewMute(rule: NewMute): Promise<MutePreview>;
  unmute(id: string): Promise<void>;
}
