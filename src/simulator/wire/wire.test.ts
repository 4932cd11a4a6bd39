import { describe, expect, it } from 'vitest';
import { Random } from '../engine/random.ts';
import { type Endpoint, formatIp, multicastMac, parseIpv4, parseIpv6, parseMac, solicitedNode } from './address.ts';
import { certificateChain } from './application/certificate.ts';
import { dnsMessage, RecordType } from './application/dns.ts';
import { mqttPublish } from './application/mqtt.ts';
import { applicationData, clientHello, clientProfiles } from './application/tls.ts';
import { allocate, checksum } from './bytes.ts';
import { udpFrame } from './udp.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const endpoint = (ip: string, padded = false): Endpoint => ({
  mac: parseMac('02:00:00:00:00:01'),
  ip: parseIpv4(ip),
  ttl: 64,
  nextId: () => 0x1234,
  padded,
});

describe('addresses', () => {
  it.each(['::', '::1', 'fe80::217:88ff:fe24:76ff', '2001:db8:0:1::', '2001:db8::1:0:0:1', '1:2:3:4:5:6:7:8'])(
    'writes %s as RFC 5952 does',
    (text) => expect(formatIp(parseIpv6(text))).toBe(text),
  );

  it('derives group addresses', () => {
    expect(hex(multicastMac(parseIpv4('239.255.255.250')))).toBe('01005e7ffffa');
    expect(formatIp(solicitedNode(parseIpv6('fe80::1:2:abcd:ef01')))).toBe('ff02::1:ffcd:ef01');
  });
});

describe('checksum', () => {
  it('is that of the example in RFC 1071, also over an odd number of bytes', () => {
    const bytes = allocate(9);
    bytes.set([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
    expect(checksum(bytes, 0, 8)).toBe(0xffff & ~0xddf2);
    bytes[8] = 0x01;
    expect(checksum(bytes, 0, 9)).toBe(0xffff & ~0xdef2);
  });
});

describe('frames', () => {
  it('pads what a wired sender sends, and nobody else', () => {
    const payload = Uint8Array.of(1, 2, 3);
    expect(udpFrame(endpoint('10.0.0.1'), 5, endpoint('10.0.0.2'), 6, payload)).toHaveLength(45);
    const padded = udpFrame(endpoint('10.0.0.1', true), 5, endpoint('10.0.0.2'), 6, payload);
    expect(padded).toHaveLength(60);
    expect((padded[16]! << 8) | padded[17]!).toBe(31);
  });
});

describe('dns', () => {
  it('writes a name once and points to it afterwards', () => {
    const message = dnsMessage({
      id: 1,
      flags: 0x8180,
      questions: [{ name: 'a.example.org', type: RecordType.A }],
      answers: [{ type: 1, name: 'a.example.org', ttl: 60, address: parseIpv4('192.0.2.1') }],
    });
    expect(hex(message.subarray(31))).toBe('c00c000100010000003c0004c0000201');
  });

  it('keeps a dot inside a label', () => {
    const message = dnsMessage({
      id: 0,
      flags: 0,
      questions: [{ name: 'DS\\.1._smb._tcp.local', type: RecordType.SRV }],
    });
    expect(message[12]).toBe(4);
    expect(Buffer.from(message.subarray(13, 17)).toString()).toBe('DS.1');
  });
});

describe('messages', () => {
  it('splits long TLS content into records', () => {
    const bytes = applicationData(40_000, new Random('t'));
    const lengths: number[] = [];
    for (let at = 0; at < bytes.length; at += 5 + lengths.at(-1)!) lengths.push((bytes[at + 3]! << 8) | bytes[at + 4]!);
    expect(lengths).toEqual([16_408, 16_408, 7_256]);
  });

  it('names the server in the hello, whatever the order of the extensions', () => {
    for (const profile of Object.values(clientProfiles)) {
      const hello = clientHello(profile, { serverName: 'cloud.example', random: new Random('h') });
      expect(Buffer.from(hello).toString('latin1')).toContain('cloud.example');
      expect((hello[3]! << 8) | hello[4]!).toBe(hello.length - 5);
    }
  });

  it('shows the same certificate for the same name', () => {
    expect(certificateChain('a.example')).toEqual(certificateChain('a.example'));
    expect(certificateChain('a.example')).not.toEqual(certificateChain('b.example'));
  });

  it('writes MQTT lengths in seven-bit groups', () => {
    expect(hex(mqttPublish('t', new Uint8Array(200)).subarray(0, 6))).toBe('30cb01000174');
  });
});
