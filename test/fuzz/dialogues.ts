/** What the simulated home seldom or never says: each datagram protocol, handshakes, errors, fragments, long silences. */
import { Random } from '../../src/simulator/engine/random.ts';
import { certificateChain } from '../../src/simulator/wire/application/certificate.ts';
import { mqttConnack, mqttConnect } from '../../src/simulator/wire/application/mqtt.ts';
import { quicClientInitial, quicServerInitial } from '../../src/simulator/wire/application/quic.ts';
import {
  applicationData,
  type ClientProfile,
  clientFlight12,
  clientHello,
  clientProfiles,
  serverFlight12,
  serverFlight13,
  type TlsVersion,
} from '../../src/simulator/wire/application/tls.ts';
import { checksum, put16 } from '../../src/simulator/wire/bytes.ts';
import { bytes, datagram, ethernet, hex, ipv4, ipv6, udp, udp6 } from '../capture/layered-frames.ts';
import { Endpoint4, Script } from '../capture/tcp-script.ts';
import type { TestFrame } from '../capture/write-capture.ts';

const START = 1_700_000_000;
const text = (line: string): Uint8Array => Buffer.from(line, 'latin1');

/** Seconds between frames that are given without a time. */
const timed = (frames: readonly Uint8Array[], step = 0.1): TestFrame[] =>
  frames.map((frame, i) => ({ ts: (START + i * step) * 1e6, bytes: frame }));

/** A question to `port` and the answer. */
const asked = (port: number, question: Uint8Array, answer = question): TestFrame[] =>
  timed([
    ethernet(0x0800, ipv4(udp(question, 40_000, port))),
    ethernet(0x0800, ipv4(udp(answer, port, 40_000), { source: '198.51.100.7', destination: '192.0.2.1' })),
  ]);

/** Both sides of a TCP connection; what the server says is in a list of one. */
function spoken(port: number, ...lines: (Uint8Array | [server: Uint8Array])[]): TestFrame[] {
  const script = new Script(new Endpoint4('192.168.1.20', 50_321), new Endpoint4('203.0.113.9', port));
  script
    .syn(START)
    .synAck(START + 0.01)
    .ack(START + 0.02);
  for (const [i, line] of lines.entries()) {
    if (Array.isArray(line)) script.resp(START + i + 1, 'PA', line[0]).orig(START + i + 1.1, 'A');
    else script.orig(START + i + 1, 'PA', line).resp(START + i + 1.1, 'A');
  }
  return ended(script, START + lines.length + 2);
}

const ended = (script: Script, at: number): TestFrame[] =>
  microseconds(
    script
      .orig(at, 'FA')
      .resp(at + 0.1, 'FA')
      .ack(at + 0.2),
  );

const microseconds = (script: Script): TestFrame[] =>
  script.frames.map(({ ts, bytes }) => ({ ts: Math.round(ts * 1e6), bytes }));

const coap = bytes(
  '42 01 1234 aabb',
  [0x3b],
  text('example.org'),
  [0x85],
  text('.well'),
  [0x04],
  text('core'),
  'ff 01',
);
const coapLong = bytes('40 02 1235', [0xbd, 0x07], text('a'.repeat(20)), [0x0e, 0, 3], text('b'.repeat(272)));

const coiot = bytes(
  '50 1e 0001 b3',
  text('cit'),
  [0x01],
  text('s'),
  [0xed, 0x0b, 0xec, 3],
  text('SHPLG-S#3C2F01#2'),
  'ff',
);

const dhcpv6 = bytes(
  '01 123456 0001 000a 00030001020000000001 0006 0004 00170018 0027 0006 00 04',
  text('lamp'),
  '0010 0009 00000137 0003',
  text('abc'),
);

const mqtt5 = bytes(
  '10 29 0004',
  text('MQTT'),
  '05 c6 001e 05 11 0000000a 0001 61 05 11 00000009 0001 74 0002 0102 0001 75 0001 70',
);

/** A NetBIOS name query (RFC 1002): the name in pairs of letters. */
const netbios = bytes('1234 0110 0001 0000 0000 0000 20', text(`EGFCEFEE${'CA'.repeat(11)}AA`), '00 0020 0001');

function quic(): TestFrame[] {
  const random = new Random('fuzz quic');
  const id = random.bytes(8);
  const [profile] = Object.values(clientProfiles);
  const initial = quicClientInitial(profile, 'quic.example', id, random);
  return asked(443, initial, quicServerInitial(id, random.bytes(8), profile, random));
}

function tls(version: TlsVersion): TestFrame[] {
  const random = new Random(`fuzz tls ${version}`);
  const profiles: readonly ClientProfile[] = Object.values(clientProfiles);
  const profile = profiles.find(({ versions }) => versions.includes(version))!;
  const hello = clientHello(profile, { serverName: 'tls.example', random, alpn: ['h2', 'http/1.1'] });
  const flight =
    version === '1.2'
      ? serverFlight12(profile, certificateChain('tls.example'), random)
      : serverFlight13(profile, 900, random);
  return spoken(443, hello, [flight], clientFlight12(random), [applicationData(300, random)]);
}

/** `payload` in pieces of `size` bytes, in the order of `order`, with what came before it sent once more. */
function fragments(payload: Uint8Array, size: number, order: readonly number[]): TestFrame[] {
  const packet = udp(payload);
  const last = Math.ceil(packet.length / size) - 1;
  return timed(
    order.map((i) => {
      const piece = packet.subarray(i * size, (i + 1) * size);
      return ethernet(0x0800, ipv4(piece, { id: 77, fragment: (i < last ? 0x2000 : 0) | ((i * size) / 8) }));
    }),
  );
}

function fragments6(): TestFrame[] {
  const packet = udp6(new Uint8Array(64));
  const part = (from: number, to: number, more: number): Uint8Array =>
    ethernet(0x86dd, ipv6(bytes([17, 0, from >>> 8, (from & 0xf8) | more, 0, 0, 0, 9], packet.subarray(from, to)), 44));
  return timed([part(40, packet.length, 0), part(0, 40, 1)]);
}

/** With its checksum; over IPv6 that covers the addresses too. */
function icmpFrame(type: number, body: Uint8Array, isIpv6 = false): Uint8Array {
  const message = bytes([type, 3, 0, 0], body);
  const covered = isIpv6
    ? bytes(ipv6(message).subarray(8, 40), [0, 0, 0, message.length, 0, 0, 0, 58], message)
    : message;
  put16(message, 2, checksum(covered, 0, covered.length));
  return isIpv6 ? ethernet(0x86dd, ipv6(message, 58)) : ethernet(0x0800, ipv4(message, { proto: 1 }));
}

/** Each kind of request and its answer, and errors that quote a datagram. */
function icmp(): TestFrame[] {
  const echo = bytes('0001 0001', new Uint8Array(16));
  const pairs = [8, 0, 13, 14, 15, 16, 10, 9, 17, 18].map((type) => icmpFrame(type, echo));
  const types6 = [128, 129, 133, 134, 135, 136, 130, 131, 139, 140, 144, 145];
  const pairs6 = types6.map((type) => icmpFrame(type, echo, true));
  const quoted = bytes('00000000', datagram.subarray(0, 28));
  const errors = [3, 4, 5, 11, 12].map((type) => icmpFrame(type, quoted));
  return timed([...pairs, ...pairs6, ...errors]);
}

/** Ends by every timer: attempts nobody answers, half-closed and reset connections, and years of silence. */
function silences(): TestFrame[] {
  const client = new Endpoint4('192.168.1.30', 40_100);
  const to = (port: number): Script => new Script(client, new Endpoint4('203.0.113.10', port));
  const clock = new Endpoint4('192.168.1.31', 40_101);
  const other = new Endpoint4('192.168.1.32', 9);
  return [
    to(1001)
      .syn(START)
      .again(START + 1),
    to(1002)
      .syn(START)
      .synAck(START + 1),
    to(1003)
      .syn(START)
      .synAck(START + 0.1)
      .ack(START + 0.2)
      .orig(START + 0.3, 'FA')
      .orig(START + 400, 'A'),
    to(1004)
      .syn(START)
      .resp(START + 0.1, 'RA'),
    to(1005)
      .syn(START)
      .synAck(START + 0.1)
      .ack(START + 0.2)
      .skip(1000)
      .orig(START + 1, 'PA', 50)
      .back(1050),
    to(1006)
      .orig(START, 'PA', 20)
      .resp(START + 0.1, 'A')
      .orig(START + 0.2, 'R'),
    to(22)
      .syn(START)
      .synAck(START + 0.1)
      .ack(START + 0.2)
      .resp(START + 0.3, 'PA', text('SSH-2.0-x\r\n')),
    to(1007)
      .orig(START, 'FA')
      .add(...[5, 30, 400, 4000, 90_000, 4e7].map((gap) => clock.udpTo(other, START + gap))),
  ]
    .flatMap(microseconds)
    .sort((a, b) => a.ts - b.ts);
}

export const dialogues = (): TestFrame[][] => [
  asked(5683, coap, bytes('62 45 1234 aabb ff', text('ok'))),
  asked(5683, coapLong),
  asked(5683, coiot),
  asked(547, dhcpv6, bytes('07', dhcpv6.subarray(1))),
  asked(137, netbios, bytes('1234 8500', netbios.subarray(4))),
  asked(5355, hex('2222 0000 0001 0000 0000 0000 046c616d70 00 0001 0001')),
  asked(5060, text('OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c\r\n\r\n'), text('SIP/2.0 200 OK\r\n\r\n')),
  quic(),
  tls('1.2'),
  tls('1.3'),
  spoken(1883, mqttConnect({ clientId: 'lamp', username: 'a', password: 'b', keepAliveSeconds: 60 }), [mqttConnack(0)]),
  spoken(1883, mqtt5, [mqttConnack(5)]),
  spoken(53, hex('0015 1234 0100 0001 0000 0000 0000 03777777 00 0001 0001'), [
    hex('0015 1234 8180 0001 0000 0000 0000 03777777 00 0001 0001'),
  ]),
  fragments(new Uint8Array(88), 32, [0, 1, 2]),
  fragments(new Uint8Array(88), 32, [2, 1, 1, 0]),
  fragments6(),
  icmp(),
  silences(),
];
