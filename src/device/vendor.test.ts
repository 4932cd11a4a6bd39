import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { lookupVendor } from './vendor.ts';

const registry = createRequire(import.meta.url)('oui-data') as Record<string, string>;

describe('lookupVendor', () => {
  it('agrees with the registry for every block length', () => {
    const keys = Object.keys(registry);
    for (const length of [6, 7, 9]) {
      const blocks = keys.filter((key) => key.length === length);
      expect(blocks.length).toBeGreaterThan(1000);
      for (let i = 0; i < blocks.length; i += 97) {
        const digits = blocks[i].padEnd(12, 'F').toLowerCase();
        const mac = digits.replace(/..(?!$)/g, '$&:');
        if ((Number.parseInt(digits.slice(0, 2), 16) & 2) !== 0) continue;
        // A longer block may begin with a shorter one; its end is F…F here, so take the longest.
        const longest = [9, 7, 6].map((n) => registry[digits.slice(0, n).toUpperCase()]).find((name) => name);
        expect(lookupVendor(mac)?.registered).toBe(longest?.split('\n')[0]);
      }
    }
  });

  it.each([
    ['50:c7:bf:00:00:01', 'TP-Link'],
    ['94:10:3e:00:00:01', 'Belkin'],
    ['20:f8:5e:00:00:01', 'Delta Electronics'],
    ['5c:cf:7f:00:00:01', 'Espressif'],
  ])('%s is %s to people', (mac, name) => {
    expect(lookupVendor(mac)?.name).toBe(name);
  });

  it('knows no vendor of an address that software made up, nor of an unassigned block', () => {
    expect(lookupVendor('02:00:00:00:00:01')).toBeNull();
    expect(lookupVendor('da:a1:19:00:00:01')).toBeNull();
    expect(lookupVendor('fc:fc:fc:00:00:01')).toBeNull();
  });
});
