/** The inventory on set-up captures of real devices (IoT Sentinel): every device, its maker, and its kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { Device } from '../../src/device/device.ts';
import { createInventory } from '../../src/device/inventory.ts';
import { lookupVendor } from '../../src/device/vendor.ts';
import { readDevices } from '../../src/scan/read-devices.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const data = sharedFolder('data/benign-iot-sentinel');
const rows = (file: string): string[][] =>
  readFileSync(data + file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));

describeWith(missingShared('data/benign-iot-sentinel'), 'the inventory on IoT Sentinel', () => {
  /** Per address: what each of its captures said. */
  const found = new Map<string, (Device | null)[]>();

  beforeAll(async () => {
    for (const [type, mac] of rows('devices.csv')) {
      const list = found.get(mac) ?? [];
      found.set(mac, list);
      for (const file of readdirSync(data + type).filter((name) => name.endsWith('.pcap'))) {
        const inventory = createInventory({ lookupVendor });
        await readDevices(`${data}${type}/${file}`, inventory);
        list.push(inventory.devices().find((device) => device.mac === mac) ?? null);
      }
    }
  });

  it('lists the device of every capture, with an address of its own', () => {
    const all = [...found.values()].flat();
    expect(all).toHaveLength(162);
    expect(all).not.toContain(null);
    expect(all.every((device) => device !== null && !device.ips.some((ip) => /^(?:52|54|8)\./.test(ip)))).toBe(true);
  });

  it('knows its maker', () => {
    const wrong = rows('kinds.csv').filter(
      ([mac, , vendor]) =>
        !found.get(mac)!.every((device) => device?.vendor?.toLowerCase().includes(vendor.toLowerCase())),
    );
    expect(wrong).toEqual([]);
  });

  it('knows the kind of four in five, and says "unknown" of the rest', () => {
    const known = rows('kinds.csv').map(([mac, kind]) => {
      const kinds = new Set(found.get(mac)!.map((device) => device?.kind));
      kinds.delete('unknown');
      // In one capture of several it may show nothing; what it shows is never another kind.
      expect([...kinds].filter((other) => other !== kind)).toEqual([]);
      return kinds.has(kind as Device['kind']);
    });
    expect(known).toHaveLength(29);
    expect(known.filter(Boolean).length / known.length).toBeGreaterThanOrEqual(0.8);
  });

  it('takes no camera’s or plug’s neighbour for the gateway', () => {
    for (const device of [...found.values()].flat()) expect(device?.gateway).toBe(false);
  });
});
