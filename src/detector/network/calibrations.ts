/** The benign scores of each device and of the whole house; a device with few of its own is held against the house's. */
import { Calibration, type SavedCalibration } from '../density/calibration.ts';
import { getOrCreate, renameKey } from '../keyed.ts';

/** Scores from which on a device's own say more than the house's. */
const OWN_PAST = 100;
const MOST_DEVICES = 1024;
const RESERVOIR = 2048;

export interface SavedCalibrations {
  house: SavedCalibration;
  devices: [string, SavedCalibration][];
}

export class Calibrations {
  private readonly house = new Calibration(RESERVOIR);
  private readonly devices = new Map<string, Calibration>();

  /** Nats that a benign score had before it was learned. */
  learn(device: string, score: number): number {
    const house = this.house.learn(score);
    if (this.devices.size >= MOST_DEVICES && !this.devices.has(device)) return house;
    const own = getOrCreate(this.devices, device, () => new Calibration(RESERVOIR));
    const nats = own.learn(score);
    return own.learned > OWN_PAST ? nats : house;
  }

  nats(device: string, score: number): number {
    const own = this.devices.get(device);
    return (own && own.learned >= OWN_PAST ? own : this.house).nats(score);
  }

  move(from: string, to: string): void {
    renameKey(this.devices, from, to, ({ learned }) => learned);
  }

  forget(device: string): void {
    this.devices.delete(device);
  }

  save(): SavedCalibrations {
    return { house: this.house.save(), devices: [...this.devices].map(([device, own]) => [device, own.save()]) };
  }

  load({ house, devices }: SavedCalibrations): void {
    this.house.load(house);
    this.devices.clear();
    for (const [device, saved] of devices)
      getOrCreate(this.devices, device, () => new Calibration(RESERVOIR)).load(saved);
  }
}
