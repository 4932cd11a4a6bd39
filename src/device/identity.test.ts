import { describe, expect, it } from 'vitest';
import {
  announcement,
  CAMERA,
  datagram,
  discover,
  end,
  feed,
  inventoryOf,
  ROUTER,
  START,
  UDHCP,
} from '../../test/device/feed.ts';
import { createInventory, type Inventory } from './inventory.ts';
import { lookupVendor } from './vendor.ts';

describe('merge proposals', () => {
  const phone = { hostname: 'Annas-Handy', vendorClass: 'android-dhcp-15', requestList: [1, 3, 6] };
  const first = '02:aa:00:00:00:01';
  const second = '06:bb:00:00:00:02';

  it('name a randomised address that continues another, with the reason, and merge nothing', () => {
    const inventory = inventoryOf([
      [0, discover(first, phone)],
      [9, discover(first, phone)],
      [100, discover(second, phone)],
    ]);
    expect(inventory.mergeProposals()).toEqual([
      {
        from: second,
        into: first,
        reason: 'the same name “annas-handy” and the same DHCP fingerprint, and one came after the other',
        confidence: 0.75,
      },
    ]);
    expect(inventory.size).toBe(2);
  });

  it('leave alone two that are there together, and two whose makers gave the addresses', () => {
    const together = inventoryOf([
      [0, discover(first, phone)],
      [5, discover(second, phone)],
      [9, discover(first, phone)],
    ]);
    expect(together.mergeProposals()).toEqual([]);
    const twins = inventoryOf([
      [0, discover(CAMERA, UDHCP)],
      [5, discover('ec:71:db:00:00:02', UDHCP)],
    ]);
    expect(twins.mergeProposals()).toEqual([]);
  });
});

describe('merging and restarting', () => {
  const young = '02:aa:00:00:00:01';
  const build = (): Inventory =>
    inventoryOf([
      [0, announcement(CAMERA, '192.168.1.20')],
      [2, datagram(end(CAMERA, '192.168.1.20'), end(ROUTER, '192.168.1.1'))],
      [3, announcement(young, '192.168.1.21')],
      [5, announcement(young, '192.168.1.21')],
    ]);

  it('gives both addresses, the past and what comes to one entry', () => {
    const inventory = build();
    expect(inventory.merge(young, CAMERA)).toBe(true);
    feed(inventory, [[6, datagram(end(young, '192.168.1.22'), end(ROUTER, '192.168.1.1'))]]);
    expect(inventory.devices()).toMatchObject([
      { mac: CAMERA, macs: [CAMERA, young], packets: 5, last_seen: START + 6 },
    ]);
    expect(inventory.ownerOf('192.168.1.21')).toBe(CAMERA);
    expect(inventory.ownerOf('192.168.1.22')).toBe(CAMERA);
    expect(inventory.merge(young, CAMERA)).toBe(false);
    // The freed slot serves a newcomer.
    feed(inventory, [[7, announcement('00:17:88:00:00:01', '192.168.1.77')]]);
    expect(inventory.size).toBe(2);
  });

  it('is forgotten with both addresses', () => {
    const inventory = build();
    inventory.merge(young, CAMERA);
    expect(inventory.forget(CAMERA)).toBe(true);
    // Another one gets its place; neither address leads there.
    feed(inventory, [
      [20, announcement('00:17:88:00:00:01', '192.168.1.77')],
      [22, announcement(young, '192.168.1.21')],
      [23, announcement(CAMERA, '192.168.1.20')],
    ]);
    expect(inventory.devices().map(({ mac, packets }) => [mac, packets])).toEqual([
      ['00:17:88:00:00:01', 1],
      [young, 1],
      [CAMERA, 1],
    ]);
  });

  it('restores everything that was saved, through JSON', () => {
    const before = build();
    before.merge(young, CAMERA);
    const after = createInventory({ lookupVendor });
    after.restore(JSON.parse(JSON.stringify(before.save())));
    expect(after.devices()).toEqual(before.devices());
    expect(after.ownerOf('192.168.1.21')).toBe(CAMERA);
    feed(after, [[9, announcement(young, '192.168.1.21')]]);
    expect(after.device(CAMERA)?.packets).toBe(5);
  });
});
