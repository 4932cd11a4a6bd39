import { describe, expect, it } from 'vitest';
import { call } from '../../../../test/attack/conversation.ts';
import { findingsOf } from '../../../../test/attack/one-rule.ts';
import { datagram, laptop, outside, router } from '../../../../test/ordinary/station.ts';
import { dnsMessage, QUERY_FLAGS, RecordType } from '../../../simulator/wire/application/dns.ts';
import { BlockList, createBlockListRule } from './block-list.ts';

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

describe('the rule over the lists of the owner', () => {
  const lists = { lists: [new BlockList('mine.txt', '203.0.113.9\nevil.example\n')] };
  const to = (address: string) => call(0, { client: laptop, server: outside(address), port: 443 });
  const asksFor = (name: string) => {
    const questions = [{ name, type: RecordType.A }];
    return [datagram(0, laptop, router, [50_000, 53], dnsMessage({ id: 1, flags: QUERY_FLAGS, questions }))];
  };

  it('tells of a call to a listed address, and of a look-up of a listed name', () => {
    const findings = [to('203.0.113.9'), asksFor('a.evil.example')].flatMap((frames) =>
      findingsOf(createBlockListRule(lists), frames),
    );
    expect(findings.map(({ host, evidence }) => [host.address, evidence])).toEqual([
      [laptop.address, { listed: '203.0.113.9', list: 'mine.txt' }],
      [laptop.address, { listed: 'a.evil.example', list: 'mine.txt' }],
    ]);
  });

  it('tells of nothing else, and of nothing where there is no list', () => {
    for (const frames of [to('203.0.113.8'), asksFor('good.example')])
      expect(findingsOf(createBlockListRule(lists), frames)).toEqual([]);
    expect(findingsOf(createBlockListRule({ lists: [] }), to('203.0.113.9'))).toEqual([]);
  });
});
