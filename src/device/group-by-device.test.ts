import { expect, it } from 'vitest';
import { gatherDevices } from './group-by-device.ts';

const macs: Record<string, string> = { '192.168.1.5': 'a', 'fe80::5': 'a', '2001:db8::5': 'a', '192.168.1.6': 'b' };
const inventory = { ownerOf: (address: string): string | null => macs[address] ?? null };
const gather = (addresses: string[]) =>
  gatherDevices(
    addresses.map((address) => ({ address })),
    inventory,
  ).map((own) => own.map(({ address }) => address));

it('counts the addresses of one link-layer address as one device, by its IPv4 address', () => {
  const devices = gather(['fe80::5', '192.168.1.6', '2001:db8::5', '192.168.1.5']);
  expect(devices).toEqual([['192.168.1.5', 'fe80::5', '2001:db8::5'], ['192.168.1.6']]);
});

it('counts every address where no link-layer address is known', () => {
  expect(gather(['10.0.0.1', '10.0.0.2', '203.0.113.9'])).toHaveLength(3);
});

it('counts nobody, groups and broadcasts as no device', () => {
  expect(gather(['0.0.0.0', '::', '224.0.0.251', 'ff02::fb', '255.255.255.255', '192.168.1.255'])).toEqual([]);
});
