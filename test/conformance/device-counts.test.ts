/**
 * An inventory that sees all packets, and one for which the fast path counts those that would tell it nothing new: what
 * they say of the devices is the same.
 */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Device, DeviceEvent } from '../../src/device/device.ts';
import { createInventory } from '../../src/device/inventory.ts';
import { flowsFromCapture } from '../../src/source/capture/flows-from-capture.ts';
import { homeFrames } from '../capture/home-frames.ts';
import { inPieces, writeCapture } from '../capture/write-capture.ts';
import { describeWith, missingShared, sharedFolder } from '../needs.ts';

const data = sharedFolder('data');
/** Seconds for which what was said of a packet holds: that is renewed every 30 when the clock is looked at every 10. */
const RENEWAL = 40;

async function inventoryOf(open: () => string | AsyncIterable<Uint8Array>, isCounted: boolean) {
  const events: DeviceEvent[] = [];
  const inventory = createInventory({ onEvent: (event) => events.push(event) });
  let seen = 0;
  const packet: typeof inventory.packet = (shown) => {
    seen++;
    return inventory.packet(shown);
  };
  const hooks = isCounted
    ? { watcher: { packet, watch: inventory.watch.bind(inventory) } }
    : { onPacket: (shown: Parameters<typeof packet>[0]) => void packet(shown) };
  const { offered } = await flowsFromCapture(
    open(),
    { ignoreChecksums: true, onApp: (record) => inventory.app(record), ...hooks },
    () => {},
  );
  const { facts: _, ...counters } = inventory.counters;
  return { offered, seen, events, counters, totals: [...inventory.totals()], devices: inventory.devices() };
}

/** All but when an address was last seen, by which they are in order. */
const withoutLastSeen = ({ ips: _, addresses, ...device }: Device) => ({
  ...device,
  addresses: addresses.map(({ last_seen: __, ...address }) => address).sort((a, b) => (a.address < b.address ? -1 : 1)),
});

/** The share of the packets that was seen. */
async function compare(open: () => string | AsyncIterable<Uint8Array>): Promise<number> {
  const all = await inventoryOf(open, false);
  const counted = await inventoryOf(open, true);
  expect(counted.devices.map(withoutLastSeen)).toEqual(all.devices.map(withoutLastSeen));
  expect(counted.totals).toEqual(all.totals);
  expect(counted.counters).toEqual(all.counters);
  expect(counted.events).toEqual(all.events);
  const lastSeen = new Map(
    all.devices.flatMap(({ mac, addresses }) => addresses.map((own) => [mac + own.address, own.last_seen])),
  );
  for (const { mac, addresses } of counted.devices) {
    for (const { address, last_seen } of addresses) {
      const late = lastSeen.get(mac + address)! - last_seen;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThanOrEqual(RENEWAL);
    }
  }
  return counted.seen / all.offered;
}

it('of half an hour of a simulated home', async () => {
  const { bytes } = writeCapture(homeFrames(200_000));
  expect(await compare(() => inPieces(bytes, 65_536))).toBeLessThan(0.6);
});

describeWith(missingShared('data'), 'of every capture that is there', { timeout: 120_000 }, () => {
  it.each(['benign-iot-sentinel', 'benign-home-week', 'kitsune-mirai', 'slips', 'ndpi/pcap', 'zeek-btest/traces'])(
    '%s',
    async (folder) => {
      const files = readdirSync(data + folder, { recursive: true, encoding: 'utf8' });
      const captures = files.filter((name) => /\.pcap$/.test(name));
      expect(captures.length).toBeGreaterThan(0);
      for (const name of captures) {
        await compare(() => `${data}${folder}/${name}`).catch((error) => {
          // Some are damaged from their first packet on, or of a link that is not read.
          if (!('code' in error)) throw new Error(name, { cause: error });
        });
      }
    },
  );
});
