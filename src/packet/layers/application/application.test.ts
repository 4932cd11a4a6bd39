import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytes, hex } from '../../../../test/capture/layered-frames.ts';
import { Random } from '../../../simulator/engine/random.ts';
import { mqttConnect } from '../../../simulator/wire/application/mqtt.ts';
import { ntpRequest } from '../../../simulator/wire/application/ntp.ts';
import {
  clientHello,
  clientHelloMessage,
  clientProfiles,
  serverHello,
} from '../../../simulator/wire/application/tls.ts';
import { parseCoap } from './coap.ts';
import { parseDhcp } from './dhcp.ts';
import { parseDhcpv6 } from './dhcpv6.ts';
import { parseHttpHead } from './http.ts';
import { looksLikeTelnet, sshBanner } from './line-protocol.ts';
import { parseMqttConnect } from './mqtt.ts';
import { ntpMode } from './ntp.ts';
import { parseClientHello, parseServerHello, readHandshake } from './tls.ts';
import { ja3, ja4 } from './tls-fingerprint.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
/** A parser over every prefix of a message: none may throw. */
function overPrefixes<T>(message: Uint8Array, parse: (bytes: Uint8Array, from: number, to: number) => T): T {
  for (let length = 0; length <= message.length; length++) parse(message, 0, length);
  return parse(message, 0, message.length);
}

describe('DHCP', () => {
  const option = (code: number, value: Uint8Array | number[]): number[] => [code, value.length, ...value];
  const message = (...options: number[][]): Uint8Array =>
    bytes(
      '01010600 deadbeef 0000 0000 00000000 00000000 00000000 00000000',
      '020000000001',
      new Uint8Array(202),
      '63825363',
      ...options,
      [255],
    );

  it('what a client tells about itself', () => {
    const parsed = overPrefixes(
      message(
        option(53, [3]),
        option(12, ascii('Lamp\0')),
        option(60, ascii('udhcp 1.2')),
        option(61, [1, 2, 0xab]),
        option(55, [1, 3, 6, 15]),
        option(50, [192, 168, 1, 9]),
      ),
      parseDhcp,
    );
    expect(parsed).toMatchObject({
      isRequest: true,
      messageType: 3,
      transactionId: 0xdeadbeef,
      clientMac: '02:00:00:00:00:01',
      hostName: 'Lamp',
      vendorClass: 'udhcp 1.2',
      clientId: '0102ab',
      parameterRequestList: [1, 3, 6, 15],
      requestedAddress: '192.168.1.9',
    });
  });

  it('hostile host names are text', () => {
    const parsed = parseDhcp(message(option(12, ascii('<img src=x>\r\n\x1b[0m'))), 0, 262);
    expect(parsed?.hostName).toBe('<img src=x>\\x0d\\x0a\\x1b[0m');
  });

  it('an option that overruns ends the list', () => {
    const cut = bytes(message(option(53, [1])).subarray(0, -1), [12, 200, 65]);
    expect(parseDhcp(cut, 0, cut.length)).toMatchObject({ messageType: 1, hostName: null });
  });

  it('version 6', () => {
    const parsed = overPrefixes(
      bytes(
        '01 123456',
        '0001 000a 00030001020000000001',
        '0006 0004 00170018',
        '0027 0006 00',
        [4],
        ascii('lamp'),
        '0010 0009 00000137 0003',
        ascii('abc'),
      ),
      parseDhcpv6,
    );
    expect(parsed).toEqual({
      messageType: 1,
      transactionId: 0x123456,
      clientId: '00030001020000000001',
      hostName: 'lamp',
      vendorClass: 'abc',
      optionRequest: [23, 24],
    });
  });
});

describe('HTTP and SSDP heads', () => {
  it('a request', () => {
    const head = overPrefixes(
      ascii('GET /a?b HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Lamp/1.0\r\nhost: second\r\n\r\n'),
      parseHttpHead,
    );
    expect(head).toMatchObject({ method: 'GET', uri: '/a?b', status: null, isComplete: true });
    expect([...head!.fields]).toEqual([
      ['host', 'example.org'],
      ['user-agent', 'Lamp/1.0'],
    ]);
  });

  it('a response, and one that is cut', () => {
    expect(parseHttpHead(ascii('HTTP/1.1 404 Not Found\nServer: x\n\n'), 0, 36)).toMatchObject({
      status: 404,
      method: null,
    });
    expect(parseHttpHead(ascii('NOTIFY * HTTP/1.1\r\nNT: upnp'), 0, 27)).toMatchObject({
      method: 'NOTIFY',
      isComplete: false,
    });
    expect(parseHttpHead(ascii('GETTING somewhere'), 0, 17)).toBeNull();
  });

  it('a head without end is read to a limit', () => {
    const long = ascii(`GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(50_000)}`);
    expect(parseHttpHead(long, 0, long.length)?.fields.size).toBe(1);
    const many = ascii(
      `GET / HTTP/1.1\r\n${Array.from({ length: 5000 }, (_, i) => `X${i}: ${'y'.repeat(50)}\r\n`).join('')}`,
    );
    expect(parseHttpHead(many, 0, many.length)!.fields.size).toBeLessThanOrEqual(64);
  });
});

describe('MQTT, CoAP, NTP, SSH, telnet', () => {
  it('MQTT CONNECT', () => {
    const message = mqttConnect({ clientId: 'lamp-1', username: 'anna', password: 'secret', keepAliveSeconds: 60 });
    expect(overPrefixes(message, parseMqttConnect)).toMatchObject({
      version: 4,
      clientId: 'lamp-1',
      userName: 'anna',
      keepAliveSeconds: 60,
    });
  });

  it('MQTT 5 with properties and a will', () => {
    const body = bytes(
      [0, 4],
      ascii('MQTT'),
      [5, 0xc4 | 0x02, 0, 30],
      [5, 0x11, 0, 0, 0, 10],
      [0, 1, 0x61],
      [0],
      [0, 1, 0x74],
      [0, 2, 1, 2],
      [0, 1, 0x75],
      [0, 1, 0x70],
    );
    const message = bytes([0x10, body.length], body);
    expect(parseMqttConnect(message, 0, message.length)).toMatchObject({ version: 5, clientId: 'a', userName: 'u' });
  });

  it('CoAP', () => {
    const message = bytes(
      '42 01 1234 aabb',
      [0x3b],
      ascii('example.org'),
      [0x85],
      ascii('.well'),
      [0x04],
      ascii('core'),
      'ff 01',
    );
    expect(overPrefixes(message, parseCoap)).toEqual({
      code: 1,
      messageId: 0x1234,
      uriHost: 'example.org',
      uriPath: '/.well/core',
      coiotDevice: null,
    });
    const coiot = bytes(
      '50 1e 0001 b3',
      ascii('cit'),
      [0x01],
      ascii('s'),
      [0xed, 0x0b, 0xec, 3],
      ascii('SHPLG-S#3C2F01#2'),
      'ff',
    );
    expect(overPrefixes(coiot, parseCoap)).toMatchObject({
      code: 30,
      uriPath: '/cit/s',
      coiotDevice: 'SHPLG-S#3C2F01#2',
    });
    expect(parseCoap(hex('c0010000'), 0, 4)).toBeNull();
    expect(parseCoap(hex('49010000'), 0, 4)).toBeNull();
    expect(parseCoap(hex('40010000f1'), 0, 5)).toBeNull();
  });

  it('NTP', () => {
    const request = ntpRequest(1_700_000_000_000_000, 4);
    expect(ntpMode(request, 0, request.length)).toBe(3);
    expect(ntpMode(request, 0, 40)).toBe(0);
    expect(ntpMode(new Uint8Array(48), 0, 48)).toBe(0);
  });

  it('SSH and telnet', () => {
    const banner = ascii('SSH-2.0-dropbear_2019.78\r\n');
    expect(sshBanner(banner, 0, banner.length)).toBe('SSH-2.0-dropbear_2019.78');
    expect(sshBanner(ascii('HTTP/1.1'), 0, 8)).toBeNull();
    expect(looksLikeTelnet(hex('fffd18'), 0, 3)).toBe(true);
    expect(looksLikeTelnet(hex('ff0018'), 0, 3)).toBe(false);
  });
});

describe('TLS', () => {
  const random = new Random('tls test');
  const profiles = Object.entries(clientProfiles);

  it.each(profiles)('client hello of %s', (_name, profile) => {
    const record = clientHello(profile, { serverName: 'cloud.example.org', random });
    const read = readHandshake(record, 0, record.length);
    if (read.kind !== 'message') throw new Error(read.kind);
    const hello = parseClientHello(read.body)!;
    expect(read.type).toBe(1);
    expect(hello.serverName).toBe('cloud.example.org');
    expect(hello.offer.cipherSuites.length).toBeGreaterThan(1);
    expect(ja4(hello.offer, 't')).toMatch(/^t1[0-3]d\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/);
  });

  it('a hello in pieces is cut, never wrong', () => {
    const [, profile] = profiles[0];
    const record = clientHello(profile, { serverName: 'a.example', random });
    for (let length = 0; length < record.length; length++) {
      const read = readHandshake(record, 0, length);
      expect(read.kind).toBe('cut');
    }
    // Several records, one message.
    const message = clientHelloMessage(profile, { serverName: 'a.example', random });
    const half = Math.floor(message.length / 2);
    const part = (from: number, to: number): Uint8Array =>
      bytes('160301', [(to - from) >>> 8, (to - from) & 0xff], message.subarray(from, to));
    const records = bytes(part(0, half), part(half, message.length));
    const read = readHandshake(records, 0, records.length);
    expect(read.kind === 'message' && parseClientHello(read.body)?.serverName).toBe('a.example');
  });

  it('what two hellos of a program offer is one object, and of another program another', () => {
    const offers = profiles.map(([, profile]) => {
      const bodies = ['a.example', 'b.example'].map((serverName) =>
        clientHelloMessage(profile, { serverName, random }).subarray(4),
      );
      const [a, b] = bodies.map((body) => parseClientHello(body)!);
      expect([a.serverName, b.serverName]).toEqual(['a.example', 'b.example']);
      // GREASE is random.
      if (!('grease' in profile)) expect(b.offer).toBe(a.offer);
      return ja3(a.offer);
    });
    expect(new Set(offers).size).toBe(profiles.length);
  });

  it('every prefix of a hello body is parsed or refused', () => {
    for (const [, profile] of profiles) {
      const body = clientHelloMessage(profile, { serverName: 'a.example', random }).subarray(4);
      for (let length = 0; length < body.length; length++) parseClientHello(body.subarray(0, length));
    }
  });

  it.each(['1.2', '1.3'] as const)('server hello of TLS %s', (version) => {
    const message = serverHello(version, clientProfiles.openssl, random);
    const record = bytes('160303', [message.length >>> 8, message.length & 0xff], message);
    const read = readHandshake(record, 0, record.length);
    if (read.kind !== 'message') throw new Error(read.kind);
    expect(read.type).toBe(2);
    expect(parseServerHello(read.body)).toMatchObject({ version: version === '1.3' ? 0x0304 : 0x0303 });
    for (let length = 0; length < read.body.length; length++) parseServerHello(read.body.subarray(0, length));
  });

  // The example of the JA4 specification (FoxIO, technical details).
  it('JA3 and JA4 of a known hello', () => {
    const offer = {
      legacyVersion: 0x0303,
      supportedVersions: [0x0a0a, 0x0304, 0x0303],
      cipherSuites: [
        0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
        0x002f, 0x0035,
      ],
      extensions: [
        0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01,
        0x000b, 0x000a, 0x0015, 0xcaca,
      ],
      alpn: ['h2', 'http/1.1'],
      supportedGroups: [0x6a6a, 29, 23, 24],
      pointFormats: [0],
      signatureAlgorithms: [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601],
    };
    expect(ja4(offer, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
    const text =
      '771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,' +
      '27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0';
    expect(ja3(offer)).toBe(createHash('md5').update(text).digest('hex'));
  });
});
