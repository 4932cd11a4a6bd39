import { openInitial } from '../../packet/layers/application/quic.ts';
import {
  CLIENT_HELLO,
  type ClientHello,
  parseClientHello,
  parseServerHello,
  readHandshake,
  SERVER_HELLO,
  type ServerHello,
  tlsVersionName,
} from '../../packet/layers/application/tls.ts';
import { ja3, ja3s, ja4 } from '../../packet/layers/application/tls-fingerprint.ts';
import type { AppRecord } from '../app-record.ts';
import type { ConnectionReporter } from '../table/connection-reporter.ts';
import { insertRange } from '../tcp/tcp-reassembly.ts';
import { cipherSuiteName } from './cipher-suites.ts';

const MAXIMUM_PENDING = 8192;
const MAXIMUM_QUIC_HELLO = 16_384;
/** Initial packets of one connection that are decrypted before it is given up. */
const MAXIMUM_INITIALS = 8;

/** The crypto stream of a QUIC client while its hello is not whole; `bytes` is null when there is no more to learn. */
interface QuicHello {
  bytes: Uint8Array | null;
  ranges: number[];
  initials: number;
}

/** Handshakes: a client's hello waits for the server's, and both become one record. */
export class TlsSessions {
  readonly #reporter: ConnectionReporter;
  readonly #onApp: (record: AppRecord) => void;
  readonly #clients = new Map<number, { ts: number; hello: ClientHello }>();
  readonly #quic = new Map<number, QuicHello>();

  constructor(reporter: ConnectionReporter, onApp: (record: AppRecord) => void) {
    this.#reporter = reporter;
    this.#onApp = onApp;
  }

  /** The beginning of one direction; false where the hello is not whole yet. */
  handshake(slot: number, ts: number, bytes: Uint8Array, from: number, to: number): boolean {
    const read = readHandshake(bytes, from, to);
    if (read.kind !== 'message') return read.kind === 'none';
    if (read.type === CLIENT_HELLO) {
      const hello = parseClientHello(read.body);
      if (hello === null) return true;
      if (this.#clients.size < MAXIMUM_PENDING) this.#clients.set(slot, { ts, hello });
      else this.#emit(slot, ts, hello, 'tcp', null, 0);
    } else if (read.type === SERVER_HELLO) {
      const client = this.#clients.get(slot);
      const hello = parseServerHello(read.body);
      if (client === undefined || hello === null) return true;
      this.#clients.delete(slot);
      this.#emit(slot, client.ts, client.hello, 'tcp', hello, (read.body[0] << 8) | read.body[1]);
    }
    return true;
  }

  /** A datagram of a QUIC client. */
  initial(slot: number, ts: number, bytes: Uint8Array, from: number, to: number): void {
    let hello = this.#quic.get(slot);
    if (hello === undefined) {
      if (this.#quic.size >= MAXIMUM_PENDING) return;
      hello = { bytes: new Uint8Array(0), ranges: [], initials: 0 };
      this.#quic.set(slot, hello);
    }
    if (hello.bytes === null) return;
    if (++hello.initials > MAXIMUM_INITIALS) {
      hello.bytes = null;
      return;
    }
    for (const piece of openInitial(bytes, from, to) ?? []) addPiece(hello, piece.offset, piece.bytes);
    const body = wholeHello(hello);
    const parsed = body === null ? null : parseClientHello(body);
    if (parsed === null) return;
    hello.bytes = null;
    this.#emit(slot, ts, parsed, 'quic', null, 0);
  }

  close(slot: number): void {
    this.#quic.delete(slot);
    const client = this.#clients.get(slot);
    if (client === undefined) return;
    this.#clients.delete(slot);
    this.#emit(slot, client.ts, client.hello, 'tcp', null, 0);
  }

  #emit(
    slot: number,
    ts: number,
    client: ClientHello,
    transport: 'tcp' | 'quic',
    server: ServerHello | null,
    legacyVersion: number,
  ): void {
    const { uid, id_orig_h, id_orig_p, id_resp_h, id_resp_p } = this.#reporter.connectionId(slot);
    this.#onApp({
      kind: 'tls',
      ts,
      uid,
      id_orig_h,
      id_orig_p,
      id_resp_h,
      id_resp_p,
      transport,
      version: server === null ? null : tlsVersionName(server.version),
      cipher: server === null ? null : cipherSuiteName(server.cipherSuite),
      server_name: client.serverName,
      next_protocol: server?.alpn ?? null,
      client_alpn: client.offer.alpn,
      ja3: ja3(client.offer),
      ja3s: server === null ? null : ja3s(server, legacyVersion),
      ja4: ja4(client.offer, transport === 'quic' ? 'q' : 't'),
    });
  }
}

function addPiece(hello: QuicHello, offset: number, piece: Uint8Array): void {
  const end = offset + piece.length;
  if (hello.bytes === null || end > MAXIMUM_QUIC_HELLO || piece.length === 0) return;
  if (end > hello.bytes.length) {
    const grown = new Uint8Array(end);
    grown.set(hello.bytes);
    hello.bytes = grown;
  }
  hello.bytes.set(piece, offset);
  insertRange(hello.ranges, offset, end);
}

/** The body of the ClientHello once all of it is there. */
function wholeHello({ bytes, ranges }: QuicHello): Uint8Array | null {
  if (bytes === null || ranges[0] !== 0 || ranges[1] < 4 || bytes[0] !== CLIENT_HELLO) return null;
  const end = 4 + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
  return end <= ranges[1] ? bytes.subarray(4, end) : null;
}
