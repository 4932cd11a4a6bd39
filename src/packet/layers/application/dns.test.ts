import { describe, expect, it } from 'vitest';
import { bytes } from '../../../../test/capture/layered-frames.ts';
import { dnsMessage, QUERY_FLAGS, RESPONSE_FLAGS, RecordType } from '../../../simulator/wire/application/dns.ts';
import { looksLikeDns, parseDns } from './dns.ts';
import { readName } from './dns-name.ts';

const parse = (message: Uint8Array) => parseDns(message, 0, message.length);
const header = (questions: number, answers = 0): Uint8Array =>
  bytes('1234 0100', [0, questions, 0, answers], '0000 0000');
const label = (text: string | Uint8Array): number[] => {
  const encoded = typeof text === 'string' ? [...Buffer.from(text, 'latin1')] : [...text];
  return [encoded.length, ...encoded];
};
const question = (...labels: (string | Uint8Array)[]): Uint8Array =>
  bytes(header(1), ...labels.map(label), [0], '0001 0001');
const nameOf = (...labels: (string | Uint8Array)[]): string | undefined =>
  parse(question(...labels))?.questions[0].name;

describe('DNS messages', () => {
  it('a query', () => {
    const message = dnsMessage({
      id: 7,
      flags: QUERY_FLAGS,
      questions: [{ name: 'Example.ORG', type: RecordType.AAAA }],
    });
    expect(parse(message)).toMatchObject({
      id: 7,
      isResponse: false,
      recursionDesired: true,
      questions: [{ name: 'example.org', type: 28, class: 1 }],
      answers: [],
    });
  });

  it('a response with names that are compressed', () => {
    const message = bytes(
      '0001 8180 0001 0003 0000 0000',
      label('www'),
      label('example'),
      label('org'),
      [0],
      '0001 0001',
      'c00c 0005 0001 0000003c 0006',
      label('cdn'),
      'c010',
      'c00c 0001 0001 0000003c 0004 c0000201',
      'c00c 001c 0001 0000003c 0010 20010db8000000000000000000000001',
    );
    expect(parse(message)?.answers.map(({ name, data, ttl }) => [name, data, ttl])).toEqual([
      ['www.example.org', 'cdn.example.org', 60],
      ['www.example.org', '192.0.2.1', 60],
      ['www.example.org', '2001:db8::1', 60],
    ]);
    expect(parse(message)).toMatchObject({ isResponse: true, rcode: 0, recursionAvailable: true });
  });

  it('text, service and other records', () => {
    const answer = (type: string, data: Uint8Array): Uint8Array =>
      bytes('0001 8400 0000 0001 0000 0000', label('a'), [0], type, '8001 00000001', [0, data.length], data);
    const dataOf = (message: Uint8Array) => parse(message)?.answers[0].data;
    expect(dataOf(answer('0010', bytes(label('model=X'), label('v=1'))))).toBe('model=X v=1');
    expect(dataOf(answer('0021', bytes('0000 0000 1f90', label('host'), [0])))).toBe('host');
    expect(dataOf(answer('000f', bytes('000a', label('mx'), [0])))).toBe('mx');
    expect(dataOf(answer('0041', bytes([1, 2, 3])))).toBe('type 65, 3 bytes');
    // The cache-flush bit of mDNS is no part of the class.
    expect(parse(answer('0010', bytes(label(''))))?.answers[0].class).toBe(1);
  });

  it('every prefix is a message, or none', () => {
    const questions = [{ name: 'a.example.org', type: RecordType.A }];
    const message = dnsMessage({ id: 1, flags: RESPONSE_FLAGS, questions });
    for (let length = 0; length < message.length; length++) expect(parse(message.subarray(0, length))).toBeNull();
    expect(parse(message)).not.toBeNull();
  });
});

describe('hostile names', () => {
  it.each([
    ['a pointer to itself', bytes(header(1), 'c00c', '0001 0001')],
    ['two pointers to each other', bytes(header(1), 'c00e c00c', '0001 0001')],
    ['a pointer forward', bytes(header(1), 'c012', '0001 0001', label('x'), [0])],
    ['a label that overruns', bytes(header(1), [63, 0x61, 0x62])],
    ['a reserved label type', bytes(header(1), [0x41, 0x61, 0], '0001 0001')],
    ['no end', bytes(header(1), ...Array.from({ length: 20 }, () => label('abcdefgh')))],
    ['200 labels', bytes(header(1), ...Array.from({ length: 200 }, () => label('a')), [0], '0001 0001')],
    [
      'more than 253 bytes',
      bytes(header(1), ...Array.from({ length: 5 }, () => label('a'.repeat(60))), [0], '0001 0001'),
    ],
  ])('%s: refused', (_name, message) => {
    expect(parse(message)).toBeNull();
  });

  it('253 bytes and 127 labels are still a name', () => {
    expect(nameOf(...Array.from({ length: 127 }, () => 'a'))).toHaveLength(253);
    expect(nameOf('b'.repeat(63), 'c'.repeat(63), 'd'.repeat(63), 'e'.repeat(61))).toHaveLength(253);
  });

  it.each([
    ['NUL', 'a\0b', 'a\\x00b'],
    ['line ends', 'a\r\nb', 'a\\x0d\\x0ab'],
    ['escape', '\x1b[31m', '\\x1b[31m'],
    ['a dot in a label', 'a.b', 'a\\.b'],
    ['a backslash', 'a\\b', 'a\\x5cb'],
    ['markup stays text', '<b>', '<b>'],
    ['bytes that are no UTF-8', '\xff\xfe', 'ÿþ'],
  ])('%s', (_name, raw, text) => {
    expect(nameOf(raw)).toBe(text);
  });

  it('UTF-8 is text, but nothing that turns its direction', () => {
    expect(nameOf(new TextEncoder().encode('Küche'))).toBe('küche');
    expect(nameOf(new TextEncoder().encode('a\u202eb\u200bc'))).toBe('a\\u202eb\\u200bc');
  });

  it('64 KiB of pointers and records are read within bounds', () => {
    const record = bytes('c00c 0001 0001 00000000 0004 01020304');
    const message = bytes(header(1, 255), label('x'), [0], '0001 0001', ...Array.from({ length: 4000 }, () => record));
    message[6] = 0x01; // 511 answers
    const start = performance.now();
    const parsed = parse(message);
    expect(parsed?.answers.length).toBeLessThanOrEqual(64);
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('names in the middle of a buffer', () => {
    const buffer = bytes([9, 9, 9], label('ab'), [0], [0xc0, 0x00], [7]);
    expect(readName(buffer, 3, 3, 7)).toEqual({ name: 'ab', next: 7 });
    expect(readName(buffer, 3, 7, 9)).toEqual({ name: 'ab', next: 9 });
    expect(readName(buffer, 3, 7, 8)).toBeNull();
  });
});

describe('looking for DNS where none is expected', () => {
  const query = dnsMessage({ id: 1, flags: QUERY_FLAGS, questions: [{ name: 'example.org', type: RecordType.A }] });

  it('takes a plain query', () => {
    expect(looksLikeDns(query, 0, query.length, true)).toBe(true);
  });

  it('does not take what only might be one', () => {
    const random = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) & 0xff);
    expect(looksLikeDns(random, 0, random.length, true)).toBe(false);
    const trailing = bytes(query, [1, 2, 3]);
    expect(looksLikeDns(trailing, 0, trailing.length, true)).toBe(false);
    expect(looksLikeDns(trailing, 0, trailing.length, false)).toBe(true);
  });
});
