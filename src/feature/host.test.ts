import { describe, expect, it } from 'vitest';
import { HostTable, LocalPrefixes } from './host.ts';

describe('host', () => {
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
