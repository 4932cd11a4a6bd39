/** Printing a document: the state by SNMP, the pages to the raw port. */
import type { Actor } from '../engine/actor.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { opaque } from '../wire/application/opaque.ts';
import { SnmpType, snmpPrinterStatus } from '../wire/application/snmp.ts';
import { ascii, ByteWriter } from '../wire/bytes.ts';
import { udpFrame } from '../wire/udp.ts';
import { reach } from './neighbour.ts';
import { openTcp } from './tcp.ts';

const RAW_PORT = 9100;
const SNMP_PORT = 161;

export function* printDocument(actor: Actor): Process {
  const { random, home, host } = actor;
  const [printer] = home.online('printer');
  if (printer === undefined || !(yield* reach(actor, printer))) return;
  const port = host.nextPort();
  const ask = function* (): Process {
    const id = random.int(1, 0x7fffffff);
    actor.send(udpFrame(host.v4, port, printer.v4, SNMP_PORT, snmpPrinterStatus(SnmpType.GET, id, null)));
    yield printer.latency + random.uniform(2000, 9000);
    const state = snmpPrinterStatus(SnmpType.RESPONSE, id, [3, 2, random.int(10, 90)]);
    actor.send(udpFrame(printer.v4, SNMP_PORT, host.v4, port, state));
  };
  yield* ask();
  const tcp = yield* openTcp(actor, printer, RAW_PORT);
  if (tcp === null) return;
  const pages = 1 + Math.floor(random.exponential(3));
  const start = ascii('\x1b%-12345X@PJL SET RESOLUTION=600\r\n@PJL ENTER LANGUAGE=PCL3GUI\r\n');
  for (let page = 0; page < pages; page++) {
    const content = opaque(random.size(70_000, 0.8), random);
    yield* tcp.send(
      0,
      new ByteWriter(content.length + 80)
        .bytes(page === 0 ? start : [])
        .bytes(content)
        .done(),
    );
    yield* tcp.pause(random.uniform(1.5, 5));
    if (random.bool(0.5)) yield* ask();
  }
  yield* tcp.close(0);
  yield random.uniform(0, 2) * SECOND;
}
