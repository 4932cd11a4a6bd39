/** Exporters of NetFlow, IPFIX and sFlow as a live source: their records come over UDP, and silence is all that shows a fault. */
import type { Clock } from '../../clock.ts';
import type { AllowList } from '../netflow/allow-list.ts';
import { listenNetflow, type NetflowListener } from '../netflow/listen.ts';
import type { Accounting } from '../source.ts';
import { LossWatch } from './loss-watch.ts';
import { Silence } from './silence.ts';
import type { Gap, LiveSink, LiveSource } from './source.ts';

export interface NetflowSourceOptions {
  host: string;
  port: number;
  /** Only these addresses are listened to; everybody without it. */
  exporters?: AllowList;
  /** Milliseconds without a datagram after which nothing is seen. */
  quietMs?: number;
  /** See `listenNetflow`. */
  pairMs?: number;
  clock?: Clock;
}

/** Exporters speak every minute at least while a home is awake. */
export const QUIET_MS = 300_000;

const TICK_MS = 1_000;

export class NetflowSource implements LiveSource {
  readonly starts = 1;
  readonly #options: NetflowSourceOptions;
  #listener: NetflowListener | null = null;
  #silence: Silence | null = null;
  #ticker: NodeJS.Timeout | undefined;
  readonly #losses = new LossWatch();
  #loss: string | null = null;

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
      onDatagram: (understood) => {
        // While much is lost, what comes is no sign that all is well.
        if (understood && this.#loss === null) this.#silence?.sign();
      },
      onError: (error) => this.#silence?.fail(error.message),
    });
    const reason = `no exporter has sent anything to ${this.name} for ${describe(quietMs)}`;
    this.#silence = new Silence({ sink, clock, after: quietMs, reason });
    this.#ticker = setInterval(() => this.#look(), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    await this.#listener?.close();
    this.#silence?.end();
  }

  #look(): void {
    if (this.#listener === null) return;
    const { dropped } = this.#listener.stats();
    const datagrams = this.#listener.datagrams();
    this.#loss = this.#losses.next({
      records: this.#listener.flows(),
      lost: Object.values(dropped).reduce((sum, lost) => sum + lost, 0),
      datagrams: datagrams.read,
      dropped: datagrams.dropped ?? 0,
    });
    if (this.#loss !== null) this.#silence?.fail(this.#loss);
  }

  account(): Accounting {
    const { offered = 0, parsed = 0, rejected = {}, dropped = {} } = this.#listener?.stats() ?? {};
    return { offered, parsed, rejected, dropped };
  }
}

/** For sentences. */
export const describe = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
