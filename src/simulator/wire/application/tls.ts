/** TLS 1.2 (RFC 5246) and 1.3 (RFC 8446) as seen from outside: hellos in the clear, the rest sealed records. */
import type { Random } from '../../engine/random.ts';
import { ByteWriter } from '../bytes.ts';
import { fillOpaque } from './opaque.ts';

export type TlsVersion = '1.2' | '1.3';

/** What a client library offers; this is what a fingerprint such as JA4 sees. */
export interface ClientProfile {
  readonly ciphers: readonly number[];
  readonly groups: readonly number[];
  readonly signatures: readonly number[];
  readonly alpn: readonly string[];
  readonly versions: readonly TlsVersion[];
  /** Reserved values among the real ones (RFC 8701) and extensions in random order, as browsers send. */
  readonly grease?: boolean;
  /** Extensions without a body: session ticket 35, extended master secret 23, … */
  readonly emptyExtensions: readonly number[];
}

const ECDHE_12 = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8];
const TLS13 = [0x1301, 0x1302, 0x1303];
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

export const clientProfiles = {
  /** Small embedded library, TLS 1.2 only. */
  mbedtls: {
    ciphers: [0xc02c, 0xc030, 0xc0ad, 0xc02b, 0xc02f, 0xc0ac, 0xc023, 0xc027, 0x009d, 0x009c, 0x003d, 0x00ff],
    groups: [29, 23, 24],
    signatures: [0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401],
    alpn: [],
    versions: ['1.2'],
    emptyExtensions: [22, 23, 35],
  },
  /** mbed TLS as an MQTT client of a device cloud uses it. */
  mbedtlsMqtt: {
    ciphers: [0xc02b, 0xc02f, 0xc023, 0xc027, 0x009c, 0x003c, 0x00ff],
    groups: [23],
    signatures: [0x0403, 0x0401],
    alpn: ['x-amzn-mqtt-ca'],
    versions: ['1.2'],
    emptyExtensions: [23],
  },
  openssl: {
    ciphers: [0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0x00ff],
    groups: [29, 23, 30, 25, 24],
    signatures: SIGNATURES,
    alpn: ['http/1.1'],
    versions: ['1.3', '1.2'],
    emptyExtensions: [22, 23, 35],
  },
  browser: {
    ciphers: [...TLS13, ...ECDHE_12, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
    groups: [29, 23, 24],
    signatures: SIGNATURES,
    alpn: ['h2', 'http/1.1'],
    versions: ['1.3', '1.2'],
    grease: true,
    emptyExtensions: [18, 23, 35],
  },
  apple: {
    ciphers: [...TLS13, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013, 0x009d, 0x009c],
    groups: [29, 23, 24, 25],
    signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201],
    alpn: ['h2', 'http/1.1'],
    versions: ['1.3', '1.2'],
    grease: true,
    emptyExtensions: [18, 23],
  },
  windows: {
    ciphers: [0x1302, 0x1301, 0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023, 0xc028, 0xc027, 0x009d, 0x009c],
    groups: [29, 23, 24],
    signatures: [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0601, 0x0603],
    alpn: ['h2', 'http/1.1'],
    versions: ['1.3', '1.2'],
    emptyExtensions: [23, 35],
  },
  /** A static binary of a Go program, as much malware and some gadgets are. */
  go: {
    ciphers: [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, ...TLS13],
    groups: [29, 23, 24, 25],
    signatures: [0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203],
    alpn: [],
    versions: ['1.3', '1.2'],
    emptyExtensions: [18, 23],
  },
} as const satisfies Record<string, ClientProfile>;

export type ClientProfileName = keyof typeof clientProfiles;

const VERSION_CODES = { '1.2': 0x0303, '1.3': 0x0304 } as const;
const HANDSHAKE = 22;

/** A record in the clear; `outer` is the version in the record header. */
function record(type: number, outer: number, body: Uint8Array): Uint8Array {
  return new ByteWriter(body.length + 5).u8(type).u16(outer).u16(body.length).bytes(body).done();
}

export interface HelloOptions {
  serverName: string | null;
  random: Random;
  /** Pick up a session agreed earlier (TLS 1.2 session ID). */
  resume?: boolean;
  /** Replaces the profile's ALPN. */
  alpn?: readonly string[];
}

/** The ClientHello record. */
export function clientHello(profile: ClientProfile, options: HelloOptions): Uint8Array {
  return record(HANDSHAKE, 0x0301, clientHelloMessage(profile, options));
}

/** The bare handshake message, as QUIC carries it; `extra` extensions are added at the end. */
export function clientHelloMessage(
  profile: ClientProfile,
  { serverName, random, resume, alpn = profile.alpn }: HelloOptions,
  extra: ReadonlyArray<readonly [number, Uint8Array]> = [],
): Uint8Array {
  const grease = (): number => 0x0a0a + 0x1010 * random.int(0, 15);
  const with13 = profile.versions.includes('1.3');
  const extensions: Array<readonly [number, (writer: ByteWriter) => void]> = [];
  if (serverName !== null)
    extensions.push([0, (w) => w.prefixed(2, () => w.u8(0).prefixed(2, () => w.ascii(serverName)))]);
  extensions.push([11, (w) => w.u8(1).u8(0)]);
  const share = random.bytes(32);
  const groups = profile.grease ? [grease(), ...profile.groups] : profile.groups;
  extensions.push([10, (w) => w.prefixed(2, () => putAll16(w, groups))]);
  for (const type of profile.emptyExtensions) extensions.push([type, () => {}]);
  if (alpn.length > 0) extensions.push([16, (w) => w.prefixed(2, () => putNames(w, alpn))]);
  extensions.push([13, (w) => w.prefixed(2, () => putAll16(w, profile.signatures))]);
  if (with13) {
    const versions = [...(profile.grease ? [grease()] : []), ...profile.versions.map((name) => VERSION_CODES[name])];
    extensions.push([43, (w) => w.prefixed(1, () => putAll16(w, versions))]);
    extensions.push([45, (w) => w.u8(1).u8(1)]);
    extensions.push([51, (w) => w.prefixed(2, () => w.u16(29).prefixed(2, () => w.bytes(share)))]);
  }
  for (const [type, body] of extra) extensions.push([type, (w) => w.bytes(body)]);
  if (profile.grease) {
    shuffle(extensions, random);
    const first = grease();
    extensions.unshift([first, () => {}]);
  }
  const ciphers = profile.grease ? [grease(), ...profile.ciphers] : profile.ciphers;
  const quic = extra.length > 0;
  const sessionId = (with13 && !quic) || resume ? random.bytes(32) : new Uint8Array(0);
  const clientRandom = random.bytes(32);
  return new ByteWriter(600)
    .u8(1)
    .prefixed(3, (w) => {
      w.u16(0x0303)
        .bytes(clientRandom)
        .prefixed(1, () => w.bytes(sessionId));
      w.prefixed(2, () => putAll16(w, ciphers));
      w.u8(1).u8(0);
      w.prefixed(2, () => {
        for (const [type, body] of extensions) w.u16(type).prefixed(2, () => body(w));
      });
    })
    .done();
}

function putAll16(writer: ByteWriter, values: readonly number[]): void {
  for (const value of values) writer.u16(value);
}

function putNames(writer: ByteWriter, names: readonly string[]): void {
  for (const name of names) writer.prefixed(1, () => writer.ascii(name));
}

function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

/** The ServerHello message, alone (TLS 1.3, or the first of the TLS 1.2 flight). */
export function serverHello(
  version: TlsVersion,
  profile: ClientProfile,
  random: Random,
  sessionIdBytes = 32,
): Uint8Array {
  const preferred =
    version === '1.3' ? 0x1301 : (profile.ciphers.find((cipher) => cipher >= 0xc02b && cipher <= 0xc030) ?? 0xc02f);
  const serverRandom = random.bytes(32);
  const sessionId = random.bytes(sessionIdBytes);
  const share = random.bytes(32);
  return new ByteWriter(160)
    .u8(2)
    .prefixed(3, (w) => {
      w.u16(0x0303)
        .bytes(serverRandom)
        .prefixed(1, () => w.bytes(sessionId));
      w.u16(preferred).u8(0);
      w.prefixed(2, () => {
        if (version === '1.3') {
          w.u16(43).u16(2).u16(VERSION_CODES['1.3']);
          w.u16(51).prefixed(2, () => w.u16(29).prefixed(2, () => w.bytes(share)));
        } else {
          w.u16(0xff01).u16(1).u8(0);
          w.u16(23).u16(0);
        }
      });
    })
    .done();
}

function certificateMessage(chain: readonly Uint8Array[]): Uint8Array {
  return new ByteWriter(4096)
    .u8(11)
    .prefixed(3, (w) =>
      w.prefixed(3, () => {
        for (const der of chain) w.prefixed(3, () => w.bytes(der));
      }),
    )
    .done();
}

/** ECDHE on P-256, signed with RSA-SHA256 (RFC 8422, 5.4). */
function serverKeyExchange(random: Random): Uint8Array {
  const point = random.bytes(64);
  const signature = random.bytes(256);
  return new ByteWriter(400)
    .u8(12)
    .prefixed(3, (w) => {
      w.u8(3)
        .u16(23)
        .prefixed(1, () => w.u8(4).bytes(point));
      w.u16(0x0401).prefixed(2, () => w.bytes(signature));
    })
    .done();
}

/** TLS 1.2 full handshake, server's first flight: hello, certificate, key exchange, done. */
export function serverFlight12(profile: ClientProfile, chain: readonly Uint8Array[], random: Random): Uint8Array {
  const writer = new ByteWriter(5000);
  for (const message of [
    serverHello('1.2', profile, random),
    certificateMessage(chain),
    serverKeyExchange(random),
    Uint8Array.of(14, 0, 0, 0),
  ])
    writer.bytes(record(HANDSHAKE, 0x0303, message));
  return writer.done();
}

/** TLS 1.2 resumption: hello, change cipher spec, finished. */
export function serverFlight12Resumed(profile: ClientProfile, random: Random): Uint8Array {
  return concat(record(HANDSHAKE, 0x0303, serverHello('1.2', profile, random)), changeCipherSpec(), finished12(random));
}

/** TLS 1.3: hello, change cipher spec, and one sealed record of `sealedBytes` (extensions to finished). */
export function serverFlight13(profile: ClientProfile, sealedBytes: number, random: Random): Uint8Array {
  return concat(
    record(HANDSHAKE, 0x0303, serverHello('1.3', profile, random)),
    changeCipherSpec(),
    applicationData(sealedBytes, random),
  );
}

/** The client's second flight: key exchange, change cipher spec, finished. */
export function clientFlight12(random: Random): Uint8Array {
  const point = random.bytes(64);
  const exchange = new ByteWriter(70).u8(16).prefixed(3, (w) => w.prefixed(1, () => w.u8(4).bytes(point)));
  return concat(record(HANDSHAKE, 0x0303, exchange.done()), changeCipherSpec(), finished12(random));
}

/** Change cipher spec and finished alone: the end of a resumption, or the server's last flight. */
export function finishFlight12(random: Random): Uint8Array {
  return concat(changeCipherSpec(), finished12(random));
}

/** TLS 1.3: change cipher spec (for middleboxes) and the sealed finished. */
export function clientFlight13(random: Random): Uint8Array {
  return concat(changeCipherSpec(), applicationData(53, random));
}

function changeCipherSpec(): Uint8Array {
  return record(20, 0x0303, Uint8Array.of(1));
}

function finished12(random: Random): Uint8Array {
  return sealed(HANDSHAKE, 40, random);
}

/** A sealed alert: close_notify. */
export function closeNotify(version: TlsVersion, random: Random): Uint8Array {
  return version === '1.2' ? sealed(21, 26, random) : sealed(23, 19, random);
}

function sealed(type: number, length: number, random: Random): Uint8Array {
  const out = new Uint8Array(length + 5);
  out.set([type, 3, 3, length >> 8, length & 255]);
  fillOpaque(out, 5, out.length, random);
  return out;
}

const RECORD_LIMIT = 16_384;
const RECORD_OVERHEAD = 24;

/** Application data records around `plainBytes` of content. */
export function applicationData(plainBytes: number, random: Random): Uint8Array {
  const count = Math.max(1, Math.ceil(plainBytes / RECORD_LIMIT));
  const out = new Uint8Array(plainBytes + count * (5 + RECORD_OVERHEAD));
  let at = 0;
  for (let rest = plainBytes, i = 0; i < count; i++, rest -= RECORD_LIMIT) {
    const length = Math.min(rest, RECORD_LIMIT) + RECORD_OVERHEAD;
    out.set([23, 3, 3, length >> 8, length & 255], at);
    fillOpaque(out, at + 5, at + 5 + length, random);
    at += 5 + length;
  }
  return out;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(parts.reduce((sum, part) => sum + part.length, 0));
  for (const part of parts) writer.bytes(part);
  return writer.done();
}
