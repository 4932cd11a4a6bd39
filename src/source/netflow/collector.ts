/** Messages of any number of exporters → connection records, with the account of what was not understood. */
import type { Rows } from '../text/rows.ts';
import { connOfFlow } from './conn-of-flow.ts';
import type { ExportedFlow } from './exported-flow.ts';
import { Exporters } from './exporters.ts';
import { decodeMessage, type MessageSink } from './message.ts';
import { Pairing } from './pairing.ts';

export const LOST = 'netflow.lost';

export class Collector {
  readonly #exporters = new Exporters();
  readonly #pairing: Pairing;
  readonly #sink: MessageSink;
  readonly #rows: Rows;
  #understood = false;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#pairing = new Pairing((flow) => this.#deliver(flow));
    this.#sink = {
      flow: (flow) => this.#take(flow),
      reject: (reason, count = 1) => {
        for (let i = 0; i < count; i++) rows.tally.reject(reason, null);
      },
      weird: (name) => rows.tally.weird(name),
      lost: (records) => rows.tally.drop(LOST, records),
    };
  }

  /**
   * One datagram; `exporter` is the address it came from, `arrived` when, in epoch seconds, where it is live. Gives
   * whether it held a flow.
   */
  message(bytes: Uint8Array, exporter: string, arrived: number | null = null): boolean {
    this.#understood = false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    decodeMessage(view, exporter, this.#exporters, this.#sink, arrived);
    return this.#understood;
  }

  /** Call now and then: flows whose other half did not come between two calls are delivered alone. */
  age(): void {
    this.#pairing.age();
  }

  /** Delivers what still waits for its other half; what waits for a template is given up. */
  flush(): void {
    this.#pairing.flush();
    const unknown = this.#exporters.domains().reduce((sum, domain) => sum + domain.drop(), 0);
    this.#sink.reject('netflow.unknown_template', unknown);
  }

  #take(flow: ExportedFlow): void {
    this.#understood = true;
    // A firewall says that a connection begins, and counts it when it has ended.
    const isBeginning = flow.event === CREATED && !flow.packets && !flow.bytes && !flow.answerBytes;
    if (isBeginning) this.#rows.tally.weird('netflow.connection_begins');
    else if (this.#pairing.add(flow) === 'seen twice') this.#rows.tally.weird('netflow.seen_twice');
  }

  #deliver(flow: ExportedFlow): void {
    const conn = connOfFlow(flow);
    this.#rows.check.begin();
    if (typeof conn === 'string') this.#rows.tally.reject(conn, null);
    else this.#rows.offer(conn, null);
  }
}

const CREATED = 1;
