/**
 * What waits to be sent to the main thread. It is bounded by what it is about: of the same alert, device, gap or second
 * only the newest waits, and seconds of traffic join when nobody takes them. Only connections can be too many: those are
 * counted.
 */

import type { FlowRecord } from '../../device/record/flow-record.ts';
import type { Batch, DeviceReport } from '../protocol.ts';
import { join, type TrafficSecond } from '../traffic-second.ts';

const MOST_FLOWS = 2_000;
/** The history forgets rather than the thread grows: some seconds of a flood. */
const MOST_RECORDS = 20_000;
const MOST_SECONDS = 600;
/** Batches that may be on their way; then it waits. */
const MOST_UNTAKEN = 4;

export class OutgoingBatch {
  private readonly send: (batch: Batch) => void;
  private serial = 0;
  private taken = 0;
  private state: Batch['state'] = null;
  private merges: Batch['merges'] = null;
  private mutes: Batch['mutes'] = null;
  private stats: Batch['stats'] = null;
  private readonly gaps = new Map<number, Batch['gaps'][number]>();
  private readonly alerts = new Map<string, Batch['alerts'][number]>();
  private readonly devices = new Map<string, DeviceReport>();
  private flows: Batch['flows'] = [];
  private records: FlowRecord[] = [];
  private traffic: TrafficSecond[] = [];
  private lost = 0;
  private lostRecords = 0;
  private isEmpty = true;

  constructor(send: (batch: Batch) => void) {
    this.send = send;
  }

  put(part: Partial<Pick<Batch, 'state' | 'merges' | 'mutes' | 'stats'>>): void {
    Object.assign(this, part);
    this.isEmpty = false;
  }

  gap(gap: Batch['gaps'][number]): void {
    this.gaps.set(gap.from, { ...gap });
    this.isEmpty = false;
  }

  alert(entry: Batch['alerts'][number]): void {
    this.alerts.set(entry.alert.id!, entry);
    this.isEmpty = false;
  }

  device(report: DeviceReport): void {
    const { mac } = report.device;
    const event = report.event ?? this.devices.get(mac)?.event ?? null;
    this.devices.set(mac, { ...report, event: this.devices.get(mac)?.event === 'found' ? 'found' : event });
    this.isEmpty = false;
  }

  flow(entry: Batch['flows'][number]): void {
    if (this.flows.length >= MOST_FLOWS) this.lost++;
    else this.flows.push(entry);
    this.isEmpty = false;
  }

  record(record: FlowRecord): void {
    if (this.records.length >= MOST_RECORDS) this.lostRecords++;
    else this.records.push(record);
    this.isEmpty = false;
  }

  second(second: TrafficSecond): void {
    if (this.traffic.length < MOST_SECONDS) this.traffic.push(second);
    else joinInto(this.traffic.at(-1)!, second);
    this.isEmpty = false;
  }

  /** The other side has taken everything up to that batch. */
  take(serial: number): void {
    this.taken = serial;
  }

  /** Sends what waits, unless the other side is too far behind. */
  flush(): void {
    if (this.isEmpty || this.serial - this.taken >= MOST_UNTAKEN) return;
    const { state, merges, mutes, stats, flows, records, traffic, lost, lostRecords } = this;
    this.send({
      serial: ++this.serial,
      ...{ state, merges, mutes, stats, flows, records, traffic, lost, lostRecords },
      gaps: [...this.gaps.values()],
      alerts: [...this.alerts.values()],
      devices: [...this.devices.values()],
    });
    Object.assign(this, { state: null, merges: null, mutes: null, stats: null });
    Object.assign(this, { flows: [], records: [], traffic: [], lost: 0, lostRecords: 0, isEmpty: true });
    for (const waiting of [this.gaps, this.alerts, this.devices]) waiting.clear();
  }
}

function joinInto(one: TrafficSecond, other: TrafficSecond): void {
  join(one, other);
  for (const device of other.devices) {
    const known = one.devices.find(({ mac }) => mac === device.mac);
    if (known) join(known, device);
    else one.devices.push(device);
  }
}
