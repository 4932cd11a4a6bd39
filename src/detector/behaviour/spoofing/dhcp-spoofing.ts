/** A second voice that hands out network addresses, while the first one is still there. */
import { formatMac } from '../../../packet/address.ts';
import { PROTO_UDP } from '../../../packet/packet.ts';
import type { Behaviour } from '../behaviour.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const MOST_SERVERS = 64;
/** A server that was not heard of for a day is gone, and the new one its successor. */
const GONE_AFTER = 86_400;

interface Server {
  first: number;
  last: number;
}

export function createDhcpSpoofing(): Behaviour {
  const servers = new Map<string, Server>();

  return {
    name: 'dhcp-spoofing',
    packet(packet, step, { ts, report }) {
      if (packet.proto !== PROTO_UDP || packet.srcPort !== SERVER_PORT || packet.dstPort !== CLIENT_PORT) return;
      const { orig, resp } = step.link.channel;
      const host = step.direction === 0 ? orig : resp;
      const own = servers.get(host.address) ?? { first: ts, last: ts };
      own.last = ts;
      if (servers.size < MOST_SERVERS) servers.set(host.address, own);
      const [eldest, before] = [...servers].reduce((a, b) => (b[1].first < a[1].first ? b : a));
      if (eldest === host.address || own.first - before.last > GONE_AFTER) return;
      report({
        kind: 'spoofing',
        detector: 'dhcp-spoofing',
        host,
        target: null,
        ts,
        since: own.first,
        strength: 1,
        evidence: {
          what: 'dhcp',
          mac: (packet.srcMac < 0 ? null : formatMac(packet.bytes, packet.srcMac)) ?? host.address,
          other: eldest,
        },
      });
    },
    save: () => [...servers],
    load(state) {
      servers.clear();
      for (const [address, { first, last }] of state as [string, Server][]) {
        const other = servers.get(address) ?? { first, last };
        servers.set(address, { first: Math.min(first, other.first), last: Math.max(last, other.last) });
      }
    },
  };
}
