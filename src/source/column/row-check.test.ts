import { describe, expect, it } from 'vitest';
import { RowCheck } from './row-check.ts';

function count(cell: string): number | null | string {
  const check = new RowCheck();
  const value = check.requiredCount(cell);
  return check.problem ?? value;
}

describe('a count', () => {
  it.each([
    ['0', 0],
    ['10', 10],
    [' 10 ', 10],
    ['10.0', 10],
    ['1e3', 1000],
    ['-0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-', null],
    ['NaN', 'row.not_a_number'],
    ['nan', 'row.not_a_number'],
    ['0x10', 'row.not_a_number'],
    ['1,5', 'row.not_a_number'],
    ['1_000', 'row.not_a_number'],
    ['١', 'row.not_a_number'],
    ['1e', 'row.not_a_number'],
    ['--1', 'row.not_a_number'],
    ['null', 'row.not_a_number'],
    ['Infinity', 'row.not_finite'],
    ['-Infinity', 'row.not_finite'],
    ['inf', 'row.not_finite'],
    ['1e309', 'row.not_finite'],
    ['1.5', 'row.not_whole'],
    ['1e-3', 'row.not_whole'],
    ['-1', 'row.negative'],
    ['-0.001', 'row.negative'],
    ['9007199254740993', 'row.too_large'],
    ['', 'row.empty'],
    ['  ', 'row.empty'],
  ])('from %j is %j', (cell, expected) => {
    expect(count(cell)).toBe(expected);
  });

  it('keeps the first problem of a row until the next begins', () => {
    const check = new RowCheck();
    check.count('-1');
    check.count('NaN');
    expect(check.problem).toBe('row.negative');
    check.begin();
    expect(check.problem).toBeNull();
  });
});

describe('an address', () => {
  const address = (cell: string): string | null => {
    const check = new RowCheck();
    const value = check.address(cell);
    return check.problem ?? value;
  };

  it.each([
    '10.0.0.1',
    '255.255.255.255',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    '2001:db8::1',
    '0:c:29:a1:2:3',
    'camera',
    'wohnzimmer-lampe.fritz.box',
    '_gateway',
    '3com.example',
  ])('may be %s', (cell) => expect([address(cell), address(` ${cell} `)]).toEqual([cell, cell]));

  it.each(['', ' ', '-'])('may be unset: %j', (cell) => expect(address(cell)).toBeNull());

  it.each([
    '999.1.1.1',
    '1.2.3',
    '1.2.3.4.5',
    '1..2.3',
    '10.0.0.256',
    '17',
    'zz<script>',
    "=cmd|'/c calc'!A0",
    "'=cmd",
    '2001:db8:::1',
    'a:b',
    '-x',
    'a b',
    'n'.repeat(254),
  ])('is never %s', (cell) => expect(address(cell)).toBe('row.bad_address'));

  it('is looked at once where rows repeat it, and refused each time where it is none', () => {
    const check = new RowCheck();
    const cells = ['10.0.0.1', '10.0.0.2', '10.0.0.1', 'x!', '10.0.0.3', '10.0.0.1', 'x!', 'x!'];
    const seen = cells.map((cell) => {
      check.begin();
      return [check.address(cell), check.problem];
    });
    expect(seen).toEqual(cells.map((cell) => (cell === 'x!' ? [null, 'row.bad_address'] : [cell, null])));
  });
});

describe('a transport', () => {
  it.each([
    ['tcp', 'tcp'],
    ['TCP', 'tcp'],
    ['17', 'udp'],
    ['ipv6-icmp', 'icmp'],
    ['arp', 'unknown_transport'],
    ['89', 'unknown_transport'],
    ['-', null],
    ['xyz', 'row.bad_proto'],
    ['256', 'row.bad_proto'],
    ['constructor', 'row.bad_proto'],
  ])('%s is %s', (cell, expected) => {
    const check = new RowCheck();
    const value = check.proto(cell);
    expect(check.problem ?? value).toBe(expected);
  });
});

describe('other cells', () => {
  it('read ports, flags and text', () => {
    const check = new RowCheck();
    expect([check.port('65535'), check.port('-'), check.flag('T'), check.flag('false'), check.flag('')]).toEqual([
      65_535,
      null,
      true,
      false,
      null,
    ]);
    expect([check.text(' tcp '), check.text('-'), check.text("'=1+1"), check.text("'quoted'")]).toEqual([
      'tcp',
      null,
      '=1+1',
      "'quoted'",
    ]);
    expect(check.problem).toBeNull();
  });

  it.each(['65536', '1.5'])('refuse the port %s', (cell) => {
    const check = new RowCheck();
    expect(check.port(cell)).toBeNull();
    expect(check.problem).toBe('row.bad_port');
  });

  it('refuse a flag that is none, and keep a row whose time nobody can read', () => {
    const check = new RowCheck();
    check.flag('maybe');
    expect(check.problem).toBe('row.bad_flag');
    check.begin();
    expect(check.time('yesterday')).toBeNull();
    expect([check.problem, check.unreadableTime]).toEqual([null, true]);
  });
});
