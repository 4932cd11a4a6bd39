/** Messages of any number of exporters → connection records, with the account of what was not understood. */
import type { Rows } from '../text/rows.ts';
import { connOfFlow } from './conn-of-flow.ts';
import type { ExportedFlow } from './element.ts';
import { decodeMessage, type MessageSink } from './message.ts';
import { Pairing } from './pairing.ts';
import { Exporters } from './template.ts';

export class Collector {
  private readonly exporters = new Exporters();
  private readonly pairing: Pairing;
  private readonly sink: MessageSink;
  private readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
    this.pairing = new Pairing((flow) => this.deliver(flow));
    this.sink = {
      flow: (flow) => this.pairing.add(flow),
      reject: (reason) => rows.tally.reject(reason, null),
      weird: (name) => rows.tally.weird(name),
    };
  }

  /** One datagram; `exporter` is the address it came from. */
  message(bytes: Uint8Array, exporter: string): void {
    decodeMessage(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), exporter, this.exporters, this.sink);
  }

  /** Call now and then: flows whose other half did not come between two calls are delivered alone. */
  age(): void {
    this.pairing.age();
  }

  /** Delivers what still waits for its other half. */
  flush(): void {
    this.pairing.flush();
  }

  private deliver(flow: ExportedFlow): void {
    const conn = connOfFlow(flow);
    this.rows.check.begin();
    if (typeof conn === 'string') this.rows.tally.reject(conn, null);
    else this.rows.offer(conn, null);
  }
}
