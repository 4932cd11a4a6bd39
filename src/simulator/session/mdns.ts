/** Service discovery by multicast DNS (RFC 6762, 6763). */
import type { Actor } from '../engine/actor.ts';
import type { Resident } from '../engine/resident.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { groupEndpoint, parseIpv4, parseIpv6 } from '../wire/address.ts';
import {
  dnsMessage,
  MDNS_RESPONSE_FLAGS,
  type MdnsService,
  RecordType,
  type Resource,
} from '../wire/application/dns.ts';
import { udpFrame } from '../wire/udp.ts';

const PORT = 5353;
export const MDNS_GROUP = parseIpv4('224.0.0.251');
const GROUP = groupEndpoint(MDNS_GROUP);
const GROUP6 = groupEndpoint(parseIpv6('ff02::fb'));
const OPTIONS = { ttl: 255 };

/** The host's name in `.local`. */
export function localName(actor: Resident): string {
  return `${(actor.host.fingerprint.hostname ?? actor.host.name).replaceAll(/[^\w-]/g, '-')}.local`;
}

function multicast(actor: Resident, message: Uint8Array): void {
  const { linkLocal, v4 } = actor.host;
  actor.send(udpFrame(v4, PORT, GROUP, PORT, message, OPTIONS));
  if (linkLocal) actor.send(udpFrame(linkLocal, PORT, GROUP6, PORT, message, OPTIONS));
}

function records(actor: Resident, service: MdnsService): Resource[] {
  const type = `${service.type}.local`;
  const instance = `${service.instance.replaceAll('.', '\\.')}.${type}`;
  const host = localName(actor);
  const own: Resource[] = [{ type: 1, name: host, ttl: 120, flush: true, address: actor.host.v4.ip }];
  if (actor.host.linkLocal) own.push({ type: 28, name: host, ttl: 120, flush: true, address: actor.host.linkLocal.ip });
  return [
    { type: 12, name: type, ttl: 4500, target: instance },
    { type: 33, name: instance, ttl: 120, flush: true, port: service.port, target: host },
    { type: 16, name: instance, ttl: 4500, flush: true, texts: service.texts },
    ...own,
  ];
}

/** Two announcements, a second apart (RFC 6762, 8.3). */
export function* mdnsAnnounce(actor: Actor, services: readonly MdnsService[]): Process {
  for (let i = 0; i < 2; i++) {
    const answers = services.flatMap((service) => records(actor, service));
    multicast(actor, dnsMessage({ id: 0, flags: MDNS_RESPONSE_FLAGS, answers }));
    yield SECOND;
  }
}

/** A question to all; every device that offers the service answers after a little while. */
export function* mdnsQuery(actor: Actor, types: readonly string[]): Process {
  const questions = types.map((type) => ({ name: `${type}.local`, type: RecordType.PTR }));
  multicast(actor, dnsMessage({ id: 0, flags: 0, questions }));
  for (const { actor: other, services } of actor.home.mdnsResponders) {
    const wanted = services.filter((service) => types.includes(service.type));
    if (!other.host.up || other.host === actor.host || wanted.length === 0) continue;
    yield actor.random.uniform(0.02, 0.12) * SECOND;
    for (const service of wanted) {
      const [pointer, ...additionals] = records(other, service);
      multicast(other, dnsMessage({ id: 0, flags: MDNS_RESPONSE_FLAGS, answers: [pointer!], additionals }));
    }
  }
}
