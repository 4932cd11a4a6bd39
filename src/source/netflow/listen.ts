/** NetFlow, IPFIX and sFlow from the network: a UDP port of its own, flows as they come. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { AppError } from '../../errors.ts';
import { Tally } from '../column/tally.ts';
import type { OnConn } from '../flow-format.ts';
import type { SourceStats } from '../source.ts';
import { Rows } from '../text/rows.ts';
import type { AllowList } from './allow-list.ts';
import { Collector } from './collector.ts';
import { kernelDrops } from './kernel-drops.ts';

export interface NetflowListenOptions {
  /** Address to listen on; 127.0.0.1 unless the owner opens it to the exporters' network. */
  host?: string;
  /** 2055 is usual for NetFlow, 4739 for IPFIX, 6343 for sFlow; 0 takes a free one. */
  port: number;
  /** Only these addresses are listened to; everybody without it. */
  exporters?: AllowList;
  onConn: OnConn;
  /** Called after each datagram: whether all of it was understood, from an exporter that is listened to. */
  onDatagram?: (understood: boolean) => void;
  onError?: (error: Error) => void;
  /** Milliseconds (once to twice) after which a one-way flow is delivered without its other half. */
  pairMs?: number;
}

export interface NetflowListener {
  address: string;
  port: number;
  /** A copy of the account so far. */
  stats(): SourceStats;
  /** Flows and sampled packets that came, before they are joined. */
  flows(): number;
  /** Datagrams that came, and those that the kernel has thrown away; null where it does not say. */
  datagrams(): { read: number; dropped: number | null };
  /** Delivers what waits and closes the port. */
  close(): Promise<void>;
}

/** Bytes of datagrams that wait while something else is done; the system may allow less. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** Throws `listen_failed`. */
export async function listenNetflow(options: NetflowListenOptions): Promise<NetflowListener> {
  const { host = '127.0.0.1', port, onConn, onDatagram, onError, pairMs = 30_000 } = options;
  const tally = new Tally('netflow');
  const collector = new Collector(new Rows(`${host}:${port} ${Date.now()}`, tally, onConn));
  const { exporters } = options;
  let datagrams = 0;
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER });
  const onMessage = (bytes: Buffer, from: RemoteInfo): void => {
    tally.stats.bytes += bytes.length;
    datagrams++;
    const isStranger = exporters !== undefined && !exporters(from.address);
    if (isStranger) tally.reject('netflow.stranger', null);
    const isUnderstood = !isStranger && collector.message(bytes, from.address, Date.now() / 1000);
    onDatagram?.(isUnderstood);
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      const reason = (error as NodeJS.ErrnoException).code ?? error.message;
      reject(new AppError('listen_failed', { what: 'NetFlow', address: `${host}:${port}`, reason }, { cause: error }));
    });
    socket.bind({ address: host, port }, resolve);
  });
  socket.removeAllListeners('error');
  socket.on('error', (error) => onError?.(error));
  socket.on('message', onMessage);
  const { port: bound } = socket.address();
  // Others may have listened on the port before.
  const before = kernelDrops(bound) ?? 0;
  const droppedSince = (): number | null => {
    const drops = kernelDrops(bound);
    return drops === null ? null : Math.max(0, drops - before);
  };
  // Exporters send a flow when it has ended: both halves come within seconds of each other.
  const timer = setInterval(() => collector.age(), pairMs);
  timer.unref();
  return {
    address: socket.address().address,
    port: bound,
    stats: () => structuredClone(tally.stats),
    flows: () => collector.flows,
    datagrams: () => ({ read: datagrams, dropped: droppedSince() }),
    async close() {
      clearInterval(timer);
      await new Promise<void>((resolve) => socket.close(resolve));
      collector.flush();
    },
  };
}
