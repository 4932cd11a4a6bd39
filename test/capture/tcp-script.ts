/** Conversations for tests, segment by segment: sequence numbers follow by themselves. */
import type { Endpoint } from '../../src/simulator/wire/address.ts';
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import { udpFrame } from '../../src/simulator/wire/udp.ts';

interface TimedFrame {
  /** Seconds. */
  ts: number;
  bytes: Uint8Array;
}

export class Endpoint4 implements Endpoint {
  readonly ip: Uint8Array;
  readonly mac: Uint8Array;
  readonly ttl = 64;
  readonly padded = false;
  readonly address: string;
  readonly port: number;
  #id = 0;

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
    this.ip = Uint8Array.from(address.split('.'), Number);
    this.mac = Uint8Array.of(2, 0, ...this.ip);
  }

  get macText(): string {
    return [...this.mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }

  nextId(): number {
    return this.#id++ & 0xffff;
  }

  /** A datagram of some other conversation, to let time pass. */
  udpTo(other: Endpoint4, ts: number): TimedFrame {
    return { ts, bytes: udpFrame(this, this.port, other, other.port, new Uint8Array(1)).slice() };
  }
}

const flagsOf: Record<string, number> = { S: Flag.SYN, A: Flag.ACK, F: Flag.FIN, R: Flag.RST, P: Flag.PSH };

export class Script {
  readonly #client: Endpoint4;
  #server: Endpoint4;
  #origSeq: number;
  #respSeq = 900_000;
  #steps: ((script: Script) => TimedFrame)[] = [];
  #isUdp = false;
  readonly #added: TimedFrame[] = [];

  constructor(client: Endpoint4, server: Endpoint4, firstSeq = 1000) {
    this.#client = client;
    this.#server = server;
    this.#origSeq = firstSeq;
  }

  /** Frames in the order of their times. */
  get frames(): TimedFrame[] {
    return [...this.#steps.map((step) => step(this)), ...this.#added].sort((a, b) => a.ts - b.ts || 0);
  }

  copy(): Script {
    const copy = new Script(this.#client, this.#server, this.#origSeq);
    copy.#respSeq = this.#respSeq;
    copy.#steps = [...this.#steps];
    copy.#isUdp = this.#isUdp;
    copy.#added.push(...this.#added);
    return copy;
  }

  syn(ts: number): this {
    return this.orig(ts, 'S');
  }

  synAck(ts: number): this {
    // Before its SYN it acknowledges the number that will come.
    if (this.#steps.length > 0) return this.resp(ts, 'SA');
    const ack = (this.#origSeq + 1) >>> 0;
    return this.#segment(ts, false, 'SA', 0, { ack });
  }

  ack(ts: number): this {
    return this.orig(ts, 'A');
  }

  /** `payload` is bytes, or how many. */
  orig(ts: number, flags: string, payload: number | Uint8Array = 0, options: { window?: number } = {}): this {
    return this.#segment(ts, true, flags, payload, options);
  }

  resp(ts: number, flags: string, payload: number | Uint8Array = 0): this {
    return this.#segment(ts, false, flags, payload, {});
  }

  /** The last numbers of the originator once more: a retransmission of `length` bytes, or of the SYN. */
  again(ts: number, length = 0): this {
    if (length === 0) return this.back(1).orig(ts, 'S');
    return this.back(length).orig(ts, 'PA', length);
  }

  /** Bytes of the originator that are not in the capture. */
  skip(count: number): this {
    this.#origSeq = (this.#origSeq + count) >>> 0;
    return this;
  }

  back(count: number): this {
    this.#origSeq = (this.#origSeq - count) >>> 0;
    return this;
  }

  restart(seq: number): this {
    this.#origSeq = seq;
    this.#respSeq = seq + 7777;
    return this;
  }

  withResponderPort(port: number): this {
    this.#server = new Endpoint4(this.#server.address, port);
    return this;
  }

  udp(ts: number, length: number): this {
    this.#isUdp = true;
    this.#steps.push((script) => ({
      ts,
      bytes: udpFrame(
        script.#client,
        script.#client.port,
        script.#server,
        script.#server.port,
        new Uint8Array(length),
      ).slice(),
    }));
    return this;
  }

  /** One more packet of the originator, whichever transport it speaks. */
  udpOrData(ts: number): this {
    return this.#isUdp ? this.udp(ts, 1) : this.orig(ts, 'A');
  }

  add(...frames: TimedFrame[]): this {
    this.#added.push(...frames);
    return this;
  }

  /** Changes a byte of the last segment, so that its checksum is wrong. */
  damage(): this {
    const last = this.#steps.pop()!;
    this.#steps.push((script) => {
      const { ts, bytes } = last(script);
      bytes[bytes.length - 1] ^= 0xff;
      return { ts, bytes };
    });
    return this;
  }

  #segment(
    ts: number,
    isOrig: boolean,
    letters: string,
    payload: number | Uint8Array,
    options: { window?: number; ack?: number },
  ): this {
    const data = typeof payload === 'number' ? new Uint8Array(payload).fill(0x2e) : payload;
    const flags = [...letters].reduce((sum, letter) => sum | flagsOf[letter], 0);
    const seq = isOrig ? this.#origSeq : this.#respSeq;
    const ack = options.ack ?? (isOrig ? this.#respSeq : this.#origSeq);
    const advance = data.length + (flags & Flag.SYN ? 1 : 0) + (flags & Flag.FIN ? 1 : 0);
    if (isOrig) this.#origSeq = (seq + advance) >>> 0;
    else this.#respSeq = (seq + advance) >>> 0;
    this.#steps.push((script) => {
      const [from, to] = isOrig ? [script.#client, script.#server] : [script.#server, script.#client];
      const window = options.window ?? 64_240;
      const segment = { from, fromPort: from.port, to, toPort: to.port, seq, ack, flags, window };
      return { ts, bytes: tcpFrame(segment, data).slice() };
    });
    return this;
  }
}
