/** Conversations over TCP, frame by frame, for tests that build an attack or an ordinary thing that looks like one. */
import { Flag, tcpFrame } from '../../src/simulator/wire/tcp.ts';
import type { Station } from '../ordinary/station.ts';
import type { TimedFrame } from '../ordinary/watch.ts';

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const random = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state >>> 16;
  });
};

/** Who says what, and how many seconds after the words before. */
export interface Said {
  by: 'client' | 'server';
  after: number;
  what: Uint8Array;
}

export interface Call {
  client: Station;
  server: Station;
  port: number;
  fromPort?: number;
  /** Whether it ends with FIN. */
  closes?: boolean;
}

/** A connection from its SYN on. */
export function connection(ts: number, call: Call, words: readonly Said[]): TimedFrame[] {
  const { client, server, port, fromPort = 40_000, closes = false } = call;
  const sequence = { client: 1000, server: 5000 };
  const frames: TimedFrame[] = [];
  const send = (at: number, by: 'client' | 'server', flags: number, what?: Uint8Array): void => {
    const [from, to] = by === 'client' ? [client, server] : [server, client];
    const [source, target] = by === 'client' ? [fromPort, port] : [port, fromPort];
    const other = by === 'client' ? 'server' : 'client';
    const segment = { from, fromPort: source, to, toPort: target, seq: sequence[by], ack: sequence[other], flags };
    frames.push({ ts: at, bytes: tcpFrame({ ...segment, window: 64_000 }, what).slice() });
    sequence[by] += (what?.length ?? 0) + (flags & (Flag.SYN | Flag.FIN) ? 1 : 0);
  };
  send(ts, 'client', Flag.SYN);
  send(ts + 0.01, 'server', Flag.SYN | Flag.ACK);
  send(ts + 0.02, 'client', Flag.ACK);
  let now = ts + 0.02;
  for (const { by, after, what } of words) {
    now += after;
    for (let at = 0; at < what.length; at += 1400) send(now, by, Flag.ACK | Flag.PSH, what.slice(at, at + 1400));
  }
  if (closes) for (const by of ['client', 'server'] as const) send(now + 0.01, by, Flag.FIN | Flag.ACK);
  return frames;
}

/** SYNs alone; `refused` answers each with RST. */
export function call(ts: number, { client, server, port, fromPort = 40_000 }: Call, refused = false): TimedFrame[] {
  const syn = { from: client, fromPort, to: server, toPort: port, seq: 1000, ack: 0, flags: Flag.SYN, window: 64_000 };
  const rst = { from: server, fromPort: port, to: client, toPort: fromPort, seq: 0, ack: 1001, window: 0 };
  return [
    { ts, bytes: tcpFrame(syn).slice() },
    ...(refused ? [{ ts: ts + 0.02, bytes: tcpFrame({ ...rst, flags: Flag.RST | Flag.ACK }).slice() }] : []),
  ];
}
