/**
 * Reflections: many servers answer a device at home that asked none of them. Somebody asks in its name, so that their
 * long answers overload it; the servers are no attackers.
 */
import type { Host } from '../../../feature/host.ts';
import { PROTO_UDP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

/** Services that answer a short question at length: chargen, DNS, NTP, SNMP, LDAP, SSDP, Memcached and others. */
const REFLECTORS = new Set([17, 19, 53, 69, 111, 123, 137, 161, 389, 427, 1434, 1900, 3283, 3702, 5353, 11_211]);
/** Servers whose question was not seen: a capture that begins between question and answer shows one or two. */
const SERVERS = 15;
const BYTES = 15_000;
/** A long answer; a mirror that shows one direction shows all of them, and most answers are short. */
const LONG = 400;
/** After so much quiet another flood begins. Seconds. */
const QUIET = 60;
const MOST_SERVERS = 1024;

const MOST_ASKED = 4096;

interface Flood {
  since: number;
  last: number;
  servers: Set<number>;
  bytes: number;
  packets: number;
  /** Where the answers come from; 0 as long as only later fragments of them were seen. */
  port: number;
}

export function createReflection(): Behaviour {
  const floods = new WeakMap<Host, Flood>();
  /** Whom each device has sent a datagram. */
  const asked = new WeakMap<Host, Set<number>>();

  function ask(device: Host, server: Host): void {
    const known = getOrCreate(asked, device, () => new Set<number>());
    if (known.size >= MOST_ASKED) known.delete(known.values().next().value!);
    known.add(server.id);
  }

  function answer(server: Host, victim: Host, bytes: number, port: number, { ts, report }: Context): void {
    if (victim.scope !== 'local' || server.scope !== 'external' || asked.get(victim)?.has(server.id)) return;
    const create = (): Flood => ({ since: ts, last: ts, servers: new Set(), bytes: 0, packets: 0, port });
    const flood: Flood = getOrCreate(floods, victim, create);
    if (ts - flood.last > QUIET) Object.assign(flood, create());
    flood.last = ts;
    flood.packets++;
    flood.bytes += bytes;
    flood.port ||= port;
    if (flood.servers.size < MOST_SERVERS) flood.servers.add(server.id);
    if (flood.servers.size < SERVERS || flood.bytes < BYTES || flood.bytes < LONG * flood.packets) return;
    report({
      ...{ kind: 'flood', detector: 'reflection', host: victim, target: null, ts, since: flood.since },
      strength: Math.log(flood.bytes / BYTES),
      evidence: { callers: flood.servers.size, seconds: ts - flood.since, port: flood.port, usual: 0, reflected: 1 },
    });
  }

  return {
    name: 'reflection',
    packet(packet, { link, direction }, context) {
      if (packet.proto !== PROTO_UDP) return;
      const { orig, resp } = link.channel;
      const [from, to] = direction === 0 ? [orig, resp] : [resp, orig];
      if (from.scope === 'local' && to.scope === 'external') ask(from, to);
      else if (REFLECTORS.has(packet.srcPort)) answer(from, to, packet.payloadLength, packet.srcPort, context);
    },
    /** A long answer comes in fragments, which belong to no connection. */
    frame(packet, context) {
      if (packet.ipVersion !== 4 || !packet.isFragment || packet.proto !== PROTO_UDP) return;
      const { hosts, ts } = context;
      answer(hosts.word(packet.src0, ts), hosts.word(packet.dst0, ts), packet.ipTotalLength, 0, context);
    },
  };
}
