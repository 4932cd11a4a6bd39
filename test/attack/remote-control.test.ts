/** Remote control shows in a sum of weak signs: each sign alone is ordinary, and what owners really do stays quiet. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/simulator/engine/random.ts';
import { certificateChain } from '../../src/simulator/wire/application/certificate.ts';
import { der } from '../../src/simulator/wire/application/der.ts';
import { dnsMessage, QUERY_FLAGS, RESPONSE_FLAGS, RecordType } from '../../src/simulator/wire/application/dns.ts';
import { httpRequest } from '../../src/simulator/wire/application/http.ts';
import { clientHello, clientProfiles, serverFlight12 } from '../../src/simulator/wire/application/tls.ts';
import { datagram, laptop, outside, phone, router, Station } from '../ordinary/station.ts';
import { alertsAfter, alertsOf, sentencesOf, type TimedFrame } from '../ordinary/watch.ts';
import { bytesOf, call, connection, random, type Said } from './conversation.ts';

const profile = Object.values(clientProfiles).find(({ versions }) => versions.includes('1.2'))!;
const chance = new Random('remote-control');
const server = outside('203.0.113.77');
const says = (by: Said['by'], what: Uint8Array, after = 0.05): Said => ({ by, after, what });

/** The laptop looks the name up; the answer may be kept for `ttl` seconds. */
function lookUp(ts: number, name: string, address: Station, ttl = 3600): TimedFrame[] {
  const question = { name, type: RecordType.A };
  const answer = { name, type: RecordType.A, ttl, address: address.ip };
  const message = { id: 7, questions: [question], answers: [], authorities: [], additionals: [] };
  const ask = dnsMessage({ ...message, flags: QUERY_FLAGS } as never);
  const tell = dnsMessage({ ...message, flags: RESPONSE_FLAGS, answers: [answer] } as never);
  return [datagram(ts, laptop, router, [41_000, 53], ask), datagram(ts + 0.02, router, laptop, [53, 41_000], tell)];
}

/** A greeting by TLS 1.2 and the certificates that answer it. */
const tls = (serverName: string | null, chain: readonly Uint8Array[]): Said[] => [
  says('client', clientHello(profile, { serverName, random: chance })),
  says('server', serverFlight12(profile, chain, chance)),
];
/** A certificate that vouches for itself. */
function own(host: string): Uint8Array[] {
  const ascii = (tag: number, text: string) => der(tag, bytesOf(text));
  const name = der(0x30, der(0x31, der(0x30, der(6, Uint8Array.of(0x55, 4, 3)), ascii(0x0c, host))));
  const years = der(0x30, ascii(0x17, '250101000000Z'), ascii(0x17, '350101000000Z'));
  const key = der(0x30, random(280));
  const body = der(0x30, der(2, Uint8Array.of(1)), der(0x30), name, years, name, key);
  return [der(0x30, body, der(0x30), der(3, random(257)))];
}

const kinds = (frames: readonly TimedFrame[]): string[] => alertsOf(frames).map(({ kind }) => kind);

describe('a machine under control', () => {
  const session = [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44].flatMap((ts, i) =>
    connection(
      60 + ts,
      { client: laptop, server, port: 4782, fromPort: 50_000 + i, closes: true },
      tls(null, own('made up')),
    ),
  );

  it('calls a name that moves about, by TLS on a port of its own, with a certificate of its own', () => {
    const frames = [...lookUp(58, 'home.dynamic.example', server, 60), ...session];
    const [alert] = alertsOf(frames);
    expect(alert).toMatchObject({ kind: 'remote-control', hosts: [laptop.address, server.address] });
    expect(alert.sentence).toContain('the certificate is signed by itself');
  });

  it('and is none where each sign is alone', () => {
    const chain = certificateChain('shop.example');
    const web = { client: laptop, server, port: 443 };
    // A name that moves about, with a good certificate.
    expect(
      sentencesOf([...lookUp(0, 'nas.dynamic.example', server, 60), ...connection(1, web, tls('shop.example', chain))]),
    ).toEqual([]);
    // A certificate of its own on a box that is called by name.
    expect(
      sentencesOf([...lookUp(0, 'nas.example', server), ...connection(1, web, tls('nas.example', own('nas.example')))]),
    ).toEqual([]);
    // A service on a port of its own.
    expect(
      sentencesOf([
        ...lookUp(0, 'shop.example', server),
        ...connection(1, { ...web, port: 4782 }, tls('shop.example', chain)),
      ]),
    ).toEqual([]);
  });

  it('is not a printer at home that is greeted its own way', () => {
    const printer = new Station('192.168.1.66', '3c:7c:3f:10:20:40');
    const web = tls('shop.example', certificateChain('shop.example'));
    const shops = [1, 2, 3, 4, 5].flatMap((i) =>
      connection(i, { client: laptop, server: outside(`198.51.100.${i}`), port: 443, fromPort: 42_000 + i }, web),
    );
    const job = [...tls(null, own('printer')), says('client', random(80_000))];
    expect(sentencesOf([...shops, ...connection(9, { client: laptop, server: printer, port: 6443 }, job)])).toEqual([]);
  });

  it('is not told of what the device did while learning', () => {
    // Below the cut, so it is learned; the clock alone is new afterwards.
    const mild = connection(60, { client: laptop, server, port: 4782 }, tls(null, certificateChain('x.example')));
    const past = [...lookUp(0, 'home.example', server), ...mild];
    expect(alertsAfter(past, [...lookUp(0, 'home.example', server), ...mild])).toEqual([]);
  });

  it('obeys by something that is no HTTP on the port of the web, for hours', () => {
    const beats = Array.from({ length: 30 }, () => [
      says('client', random(1), 180),
      says('server', random(1), 0.1),
    ]).flat();
    const words = [says('client', random(200)), says('server', random(60)), ...beats];
    expect(kinds(connection(0, { client: laptop, server, port: 80 }, words))).toContain('remote-control');
    // A browser's connection that is kept open by the same small requests is HTTP.
    const get = httpRequest({
      method: 'GET',
      path: '/',
      host: 'shop.example',
      agent: 'Mozilla/5.0',
      headers: [],
    } as never);
    const polls = Array.from({ length: 30 }, () => [
      says('client', get, 180),
      says('server', bytesOf('HTTP/1.1 204 No Content\r\n\r\n')),
    ]).flat();
    expect(
      sentencesOf([
        ...lookUp(0, 'shop.example', server),
        ...connection(1, { client: laptop, server, port: 80 }, polls),
      ]),
    ).toEqual([]);
  });

  it('manages the services of another computer and has it run a command', () => {
    const victim = new Station('192.168.1.21', '3c:7c:3f:10:20:31');
    const smb = (text: string): Uint8Array =>
      Uint8Array.from([0, 0, 0, 120, 0xfe, 0x53, 0x4d, 0x42, ...Buffer.alloc(60), ...Buffer.from(text, 'utf16le')]);
    const files = { client: laptop, server: victim, port: 445 };
    const begin = [says('client', smb('negotiate')), says('server', smb('ok'))];
    const remote = [...begin, says('client', smb('svcctl')), says('client', smb('%COMSPEC% /c whoami'))];
    const [alert] = alertsOf(connection(0, files, remote));
    expect(alert).toMatchObject({ kind: 'remote-control', hosts: [laptop.address, victim.address] });
    // Files that are shared are ordinary, and so is a look at the services of the NAS.
    expect(sentencesOf(connection(0, files, [...begin, says('client', smb('\\\\nas\\photos'))]))).toEqual([]);
    expect(sentencesOf(connection(0, files, [...begin, says('client', smb('svcctl'))]))).toEqual([]);
  });

  it('is not a device whose maker has switched its server off', () => {
    const refused = Array.from({ length: 40 }, (_, i) =>
      call(60 * i, { client: phone, server, port: 8883, fromPort: 40_000 + i }, true),
    ).flat();
    expect(kinds(refused)).not.toContain('remote-control');
  });
});
