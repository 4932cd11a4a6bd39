/** Exporters of NetFlow and IPFIX as a live source: their records come over UDP, and silence is all that shows a fault. */
import type { Clock } from '../../clock.ts';
import { listenNetflow, type NetflowListener } from '../netflow/listen.ts';
import type { Accounting } from '../source.ts';
import { Silence } from './silence.ts';
import type { Gap, LiveSink, LiveSource } from './source.ts';

export interface NetflowSourceOptions {
  host: string;
  port: number;
  /** Only these addresses are listened to; everybody without it. */
  exporters?: readonly string[];
  /** Milliseconds without a datagram after which nothing is seen. */
  quietMs?: number;
  /** See `listenNetflow`. */
  pairMs?: number;
  clock?: Clock;
}

/** Exporters speak every minute at least while a home is awake. */
export const QUIET_MS = 300_000;

export class NetflowSource implements LiveSource {
  readonly starts = 1;
  readonly #options: NetflowSourceOptions;
  #listener: NetflowListener | null = null;
  #silence: Silence | null = null;

  constructor(options: NetflowSourceOptions) {
    this.#options = options;
  }

  get name(): string {
    const { host, port } = this.#options;
    return `NetFlow on ${host.includes(':') ? `[${host}]` : host}:${this.#listener?.port ?? port}`;
  }

  get gaps(): readonly Gap[] {
    return this.#silence?.gaps ?? [];
  }

  /** Throws AppError `listen_failed`. */
  async start(sink: LiveSink): Promise<void> {
    const { quietMs = QUIET_MS, clock } = this.#options;
    this.#listener = await listenNetflow({
      ...this.#options,
      onConn: (conn) => sink.onConn(conn),
      onDatagram: (understood) => understood && this.#silence?.sign(),
      onError: (error) => this.#silence?.fail(error.message),
    });
    const reason = `no exporter has sent anything to ${this.name} for ${describe(quietMs)}`;
    this.#silence = new Silence({ sink, clock, after: quietMs, reason });
  }

  async stop(): Promise<void> {
    await this.#listener?.close();
    this.#silence?.end();
  }

  account(): Accounting {
    const { offered = 0, parsed = 0, rejected = {}, dropped = {} } = this.#listener?.stats() ?? {};
    return { offered, parsed, rejected, dropped };
  }
}

/** For sentences. */
export const describe = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
