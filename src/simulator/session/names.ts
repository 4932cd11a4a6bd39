/** How Windows asks the network itself for a short name: LLMNR (RFC 4795), then a NetBIOS broadcast. */
import type { Actor } from '../engine/actor.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { BROADCAST_MAC, groupEndpoint, parseIpv4, parseIpv6 } from '../wire/address.ts';
import { dnsMessage, RecordType } from '../wire/application/dns.ts';
import { nbnsQuery } from '../wire/application/nbns.ts';
import { udpFrame } from '../wire/udp.ts';

const LLMNR = groupEndpoint(parseIpv4('224.0.0.252'));
const LLMNR6 = groupEndpoint(parseIpv6('ff02::1:3'));
const LLMNR_PORT = 5355;
const NBNS_PORT = 137;

/** Nobody answers: the names that are asked for so are mostly those of machines that are not there. */
export function* nameQuery(actor: Actor, name: string): Process {
  const { host, home, random } = actor;
  const id = random.int(0, 0xffff);
  const message = dnsMessage({ id, flags: 0, questions: [{ name, type: RecordType.A }] });
  const port = host.nextPort();
  for (let i = 0; i < 2; i++) {
    if (host.linkLocal) actor.send(udpFrame(host.linkLocal, port, LLMNR6, LLMNR_PORT, message, { ttl: 1 }));
    actor.send(udpFrame(host.v4, port, LLMNR, LLMNR_PORT, message, { ttl: 1 }));
    yield 0.41 * SECOND;
  }
  const all = groupEndpoint(home.address(255), BROADCAST_MAC);
  for (let i = 0; i < 3; i++) {
    actor.send(udpFrame(host.v4, NBNS_PORT, all, NBNS_PORT, nbnsQuery(id, name)));
    yield 0.75 * SECOND;
  }
}
