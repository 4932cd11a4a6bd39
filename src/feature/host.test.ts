import { describe, expect, it } from 'vitest';
import { scopeOf } from '../packet/address-scope.ts';
import { HostTable, LocalPrefixes } from './host.ts';

describe('host', () => {
  it.each([
    ['192.168.1.7', 'local'],
    ['10.200.0.1', 'local'],
    ['172.31.255.1', 'local'],
    ['172.32.0.1', 'external'],
    ['100.64.0.1', 'local'],
    ['169.254.1.1', 'local'],
    ['8.8.8.8', 'external'],
    ['192.168.1.255', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['fe80::1', 'local'],
    ['fd12:3456::1', 'local'],
    ['ff02::fb', 'multicast'],
    ['2a00:1450:4001::200e', 'external'],
    ['::1', 'local'],
  ])('%s is %s', (address, scope) => {
    expect(scopeOf(address)).toBe(scope);
  });

  it('keeps those that were seen last when there are too many', () => {
    const hosts = new HostTable(100, new LocalPrefixes());
    const kept = hosts.get('192.168.1.1', 1);
    for (let i = 0; i < 1000; i++) {
      hosts.get('192.168.1.1', i);
      hosts.get(`203.0.${i >> 8}.${i & 255}`, i);
    }
    expect(hosts.size).toBeLessThanOrEqual(101);
    expect(hosts.get('192.168.1.1', 1000)).toBe(kept);
  });
});
