import { expect, test } from 'vitest';
import type { Device } from '../../../src/api/contract.ts';
import { arrange } from './list-order.ts';

const device = (name: string, change: Partial<Device> = {}): Device =>
  ({
    ...{
      name,
      announced_name: null,
      vendor: 'Acme',
      kind: 'camera',
      macs: ['02:00:00:00:00:01'],
      ips: ['192.168.1.7'],
    },
    ...{ online: true, monitored: true, risk: null, bytes: 0, first_seen: 0, last_seen: 0 },
    ...change,
  }) as unknown as Device;
const devices = [
  device('Camera 10', { bytes: 5 }),
  device('Camera 9', { bytes: 50, online: false }),
  device('Plug', { risk: 'High', kind: 'plug', ips: ['192.168.1.9'] } as Partial<Device>),
];
const names = (search: string): string[] => arrange(devices, new URLSearchParams(search)).map(({ name }) => name);

test('what is at risk comes first, then names with their numbers in order', () => {
  expect(names('')).toEqual(['Plug', 'Camera 9', 'Camera 10']);
});

test('the address of the view says what is shown, and in which order', () => {
  expect(names('show=online&sort=name')).toEqual(['Camera 10', 'Plug']);
  expect(names('sort=traffic')[0]).toBe('Camera 9');
  expect(names('show=nonsense&sort=nonsense')).toHaveLength(3);
});

test('every word that is searched for must be known of the device', () => {
  expect(names('q=acme+.9')).toEqual(['Plug']);
  expect(names('q=acme+nothing')).toEqual([]);
});
