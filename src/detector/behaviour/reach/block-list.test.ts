import { describe, expect, it } from 'vitest';
import { BlockList } from './block-list.ts';

describe('block list', () => {
  it('reads addresses, networks, names and hosts files, with comments', () => {
    const list = new BlockList(
      'mine.txt',
      '# bad\n203.0.113.9\n198.51.100.0/24 # a network\n2001:db8::1\nevil.example\n*.ads.example\n0.0.0.0 tracker.example other.example\n127.0.0.1 localhost\n',
    );
    expect(list.refused).toEqual([]);
    expect(list.size).toBe(7);
    expect(list.hasAddress('203.0.113.9')).toBe(true);
    expect(list.hasAddress('198.51.100.77')).toBe(true);
    expect(list.hasAddress('198.51.101.1')).toBe(false);
    expect(list.hasAddress('2001:db8::1')).toBe(true);
    expect(list.hasName('tracker.example')).toBe(true);
    expect(list.hasName('a.b.evil.example')).toBe(true);
    expect(list.hasName('notevil.example')).toBe(false);
    expect(list.hasName('localhost')).toBe(false);
  });

  it('says which lines it cannot read', () => {
    const list = new BlockList('mine.txt', 'fine.example\nhttp://no.example/x\n10.0.0.1 router\n\n');
    expect(list.refused).toEqual([
      { line: 2, text: 'http://no.example/x' },
      { line: 3, text: '10.0.0.1 router' },
    ]);
  });
});
