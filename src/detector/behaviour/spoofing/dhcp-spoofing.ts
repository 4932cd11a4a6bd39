/**
 * A second voice that hands out network addresses and leads devices elsewhere. Servers that back each other up, relays
 * and successors say what the first one says; other networks (a VLAN, virtual machines) have servers and clients of
 * their own. Whoever tells the same clients of another router or resolver is none of these.
 */
import type { Host } from '../../../feature/host.ts';
import { formatMac } from '../../../packet/address.ts';
import { type DhcpMessage, parseDhcp } from '../../../packet/layers/application/dhcp.ts';
import { type Packet, PROTO_UDP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const OFFER = 2;
const ACK = 5;
const MOST_SERVERS = 64;
const MOST_CLIENTS = 1024;
/** Servers of one client that are remembered. */
const MOST_OF_CLIENT = 4;
/** A server that was not heard of for a day is gone, and the new one its successor. */
const GONE_AFTER = 86_400;

interface Server {
  address: string;
  mac: string;
  /** VLAN, -1 where the frames have none. */
  vlan: number;
  first: number;
  last: number;
  /** Routers and resolvers that it ever named, and the /24 networks that it gave addresses of. */
  named: string[];
  networks: string[];
  /** It was there while learning. */
  isKnown: boolean;
}

const networkOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

export function createDhcpSpoofing(): Behaviour {
  const servers = new Map<string, Server>();
  /** Keys of the servers that each client has an address of. */
  const clients = new Map<string, string[]>();

  function note(
    packet: Packet,
    host: Host,
    message: DhcpMessage,
    { ts, learning, isWarmingUp }: Context,
  ): string | null {
    const mac = (packet.srcMac < 0 ? null : formatMac(packet.bytes, packet.srcMac)) ?? host.address;
    const { vlan } = packet;
    const key = `${vlan} ${mac}`;
    if (servers.size >= MOST_SERVERS && !servers.has(key)) return null;
    const isKnown = learning && !isWarmingUp;
    const none = { address: host.address, mac, vlan, first: ts, last: ts, named: [], networks: [], isKnown };
    const own: Server = getOrCreate(servers, key, () => none);
    own.last = ts;
    own.address = host.address;
    for (const [list, found] of [
      [own.named, [...message.routers, ...message.nameServers]],
      [own.networks, [networkOf(message.yourAddress!)]],
    ] as const)
      for (const each of found) if (!list.includes(each) && list.length < MOST_SERVERS) list.push(each);
    return key;
  }

  /** All that served the client in this network, the newest first. */
  function serversOf(client: string, key: string): Server[] {
    if (clients.size >= MOST_CLIENTS && !clients.has(client)) clients.delete(clients.keys().next().value!);
    const known = (clients.get(client) ?? []).filter((other) => other !== key);
    const all = [key, ...known].slice(0, MOST_OF_CLIENT);
    clients.set(client, all);
    return all.flatMap((each) => servers.get(each) ?? []);
  }

  /** Who handed out addresses in this VLAN before anybody else, and still does. */
  function eldestBeside(own: Server): Server | null {
    let eldest: Server | null = null;
    for (const other of servers.values())
      if (other.vlan === own.vlan && other.mac !== own.mac && own.first - other.last <= GONE_AFTER)
        if (other.first < own.first && (eldest === null || other.first < eldest.first)) eldest = other;
    return eldest;
  }

  /** Whether it tells clients what the other never did, and they are the same clients or of the same network. */
  function misleads(own: Server, other: Server, serving: readonly Server[]): boolean {
    if (own.named.every((address) => other.named.includes(address))) return false;
    return own.networks.some((network) => other.networks.includes(network)) || serving.includes(other);
  }

  return {
    name: 'dhcp-spoofing',
    packet(packet, step, context) {
      if (packet.proto !== PROTO_UDP || packet.srcPort !== SERVER_PORT || packet.dstPort !== CLIENT_PORT) return;
      const at = packet.payloadOffset;
      const message = parseDhcp(packet.bytes, at, at + packet.payloadCaptured);
      // What leases nothing (an answer to INFORM, a boot server beside the real one) leads nobody anywhere.
      if (!message?.yourAddress || (message.messageType !== OFFER && message.messageType !== ACK)) return;
      const { orig, resp } = step.link.channel;
      const key = note(packet, step.direction === 0 ? orig : resp, message, context);
      if (key === null) return;
      const serving = serversOf(message.clientMac ?? message.yourAddress, key);
      for (const own of serving) {
        const eldest = own.isKnown && !context.learning ? null : eldestBeside(own);
        if (eldest === null || !misleads(own, eldest, serving)) continue;
        const host = context.hosts.get(own.address, context.ts);
        host.mac ??= own.mac;
        context.report({
          ...{ kind: 'spoofing', detector: 'dhcp-spoofing', host, target: null, ts: context.ts, since: own.first },
          strength: 1,
          evidence: { what: 'dhcp', mac: own.mac, other: eldest.address },
        });
      }
    },
    save: () => ({ servers: [...servers.values()], clients: [...clients] }),
    load(past: string[] | { servers: Server[]; clients: [string, string[]][] }) {
      servers.clear();
      clients.clear();
      // Older states hold addresses alone, which says nothing of who is behind them.
      if (Array.isArray(past)) return;
      for (const server of past.servers) servers.set(`${server.vlan} ${server.mac}`, server);
      for (const [client, keys] of past.clients) clients.set(client, keys);
    },
  };
}
