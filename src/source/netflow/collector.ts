/** Messages of any number of exporters, NetFlow and sFlow → connection records, with the account of what was not understood. */

import { decodeDatagram, isSflow, type SampleSink } from '../sflow/datagram.ts';
import { SampledConnections } from '../sflow/sampled-connections.ts';
import type { Rows } from '../text/rows.ts';
import { connOfFlow } from './conn-of-flow.ts';
import type { ExportedFlow } from './exported-flow.ts';
import { Exporters } from './exporters.ts';
import { decodeMessage, type MessageSink } from './message.ts';
import { Pairing } from './pairing.ts';

export class Collector {
  readonly #exporters = new Exporters();
  readonly #pairing: Pairing;
  readonly #sampled: SampledConnections;
  readonly #sink: MessageSink;
  readonly #sampleSink: SampleSink;
  readonly #rows: Rows;
  #understood = false;
  #flows = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#pairing = new Pairing((flow) => this.#deliver(flow));
    this.#sampled = new SampledConnections((flow) => this.#deliver(flow));
    const account = {
      reject: (reason: string, count = 1) => {
        for (let i = 0; i < count; i++) rows.tally.reject(reason, null);
      },
      weird: (name: string) => rows.tally.weird(name),
    };
    this.#sink = {
      ...account,
      flow: (flow) => this.#take(flow),
      lost: (records) => rows.tally.drop('netflow.lost', records),
    };
    this.#sampleSink = {
      ...account,
      packet: (flow) => {
        this.#flows++;
        this.#sampled.add(flow);
      },
      lost: (samples) => rows.tally.drop('sflow.lost', samples),
    };
  }

  /**
   * One datagram; `exporter` is the address it came from, `arrived` when, in epoch seconds, where it is live. Gives
   * whether it shows that traffic is seen: it held a flow, or is of an agent that samples packets.
   */
  message(bytes: Uint8Array, exporter: string, arrived: number | null = null): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (isSflow(view)) return decodeDatagram(view, exporter, this.#exporters, this.#sampleSink, arrived);
    this.#understood = false;
    decodeMessage(view, exporter, this.#exporters, this.#sink, arrived);
    return this.#understood;
  }

  /** Flows and sampled packets that came, before they are joined. */
  get flows(): number {
    return this.#flows;
  }

  /** Call now and then: flows whose other half did not come between two calls are delivered alone. */
  age(): void {
    this.#pairing.age();
    this.#sampled.age();
  }

  /** Delivers what still waits for its other half; what waits for a template is given up. */
  flush(): void {
    this.#pairing.flush();
    this.#sampled.flush();
    const unknown = this.#exporters.domains().reduce((sum, domain) => sum + domain.drop(), 0);
    this.#sink.reject('netflow.unknown_template', unknown);
  }

  #take(flow: ExportedFlow): void {
    this.#understood = true;
    this.#flows++;
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
