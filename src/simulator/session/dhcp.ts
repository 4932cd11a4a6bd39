/** Joining the network: DHCP with the device's fingerprint, address checks, IPv6 autoconfiguration. */
import type { Actor } from '../engine/actor.ts';
import type { Home } from '../engine/home.ts';
import { MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import { ALL_NODES6, BROADCAST, groupEndpoint, solicitedNode, UNSPECIFIED4, UNSPECIFIED6 } from '../wire/address.ts';
import { DhcpType, dhcpClientMessage, dhcpServerMessage, type ServerMessage } from '../wire/application/dhcp.ts';
import { arpAnnouncement, arpProbe } from '../wire/arp.ts';
import {
  listenerReport,
  neighborAdvertisement,
  neighborSolicitation,
  routerAdvertisement,
  routerSolicitation,
} from '../wire/icmp6.ts';
import { udpFrame } from '../wire/udp.ts';
import { reach } from './neighbour.ts';

const CLIENT = 68;
const SERVER = 67;

/** What the router tells every client. */
export function offeredLease(
  home: Home,
): Pick<ServerMessage, 'serverIp' | 'router' | 'dns' | 'leaseSeconds' | 'domain'> {
  const own = home.router.v4.ip;
  return { serverIp: own, router: own, dns: own, leaseSeconds: home.leaseSeconds, domain: home.domain };
}

/** From switched on to usable. */
export function* join(actor: Actor): Process {
  const { host, home, random } = actor;
  host.up = true;
  host.names.clear();
  host.neighbours.clear();
  if (host.linkLocal) yield* duplicateCheck(actor, host.linkLocal.ip);
  yield* obtainLease(actor);
  if (random.bool(0.6)) {
    for (let i = 0; i < 3; i++) {
      actor.send(arpProbe(host.mac, host.v4.ip));
      yield random.uniform(0.3, 1) * SECOND;
    }
  }
  actor.send(arpAnnouncement(host.v4));
  yield random.uniform(1, 30) * MILLISECOND;
  yield* reach(actor, home.router);
  if (host.linkLocal && host.v6) {
    actor.send(routerSolicitation(host.linkLocal));
    yield random.uniform(2, 500) * MILLISECOND;
    if (home.router.linkLocal) actor.send(routerAdvertisement(home.router.linkLocal, home.prefix6));
    yield random.uniform(1, 20) * MILLISECOND;
    yield* duplicateCheck(actor, host.v6.ip);
    actor.send(neighborAdvertisement(host.v6, ALL_NODES6, host.v6.ip, false));
  }
}

/** RFC 4862, 5.4, with the listener report that goes before it. */
function* duplicateCheck(actor: Actor, ip: Uint8Array): Process {
  const { host, random } = actor;
  const unspecified = { ...host.v4, ip: UNSPECIFIED6, nextId: () => 0 };
  actor.send(listenerReport(unspecified, [solicitedNode(ip)]));
  yield random.uniform(5, 900) * MILLISECOND;
  actor.send(neighborSolicitation(unspecified, ip));
  yield SECOND;
}

function* obtainLease(actor: Actor): Process {
  const { host, home, random } = actor;
  const { mac, ip } = host.v4;
  const transaction = random.uint32();
  const unspecified = { ...host.v4, ip: UNSPECIFIED4, nextId: () => 0 };
  const fingerprint = host.fingerprint;
  const client = { transaction, mac, fingerprint };
  const server = { ...offeredLease(home), transaction, mac, yourIp: ip };
  const offered = groupEndpoint(ip, mac);
  const toServer = (payload: Uint8Array) => actor.send(udpFrame(unspecified, CLIENT, BROADCAST, SERVER, payload));
  const toClient = (payload: Uint8Array) => actor.send(udpFrame(home.router.v4, SERVER, offered, CLIENT, payload));
  // A client that remembers its lease starts with the request (INIT-REBOOT).
  const remembers = random.bool(0.4);
  if (!remembers) {
    const discover = dhcpClientMessage({ ...client, type: DhcpType.DISCOVER });
    toServer(discover);
    for (let wait = 3; random.bool(0.08) && wait < 20; wait *= 2) {
      yield wait * SECOND;
      toServer(discover);
    }
    yield random.logNormal(4, 0.8) * MILLISECOND;
    toClient(dhcpServerMessage({ ...server, type: DhcpType.OFFER }));
    yield random.logNormal(15, 0.9) * MILLISECOND;
  }
  const serverId = remembers ? {} : { serverId: home.router.v4.ip };
  toServer(dhcpClientMessage({ ...client, ...serverId, type: DhcpType.REQUEST, requestedIp: ip }));
  yield random.logNormal(5, 0.8) * MILLISECOND;
  toClient(dhcpServerMessage({ ...server, type: DhcpType.ACK }));
  yield random.logNormal(20, 0.8) * MILLISECOND;
}

/** Renews at half the lease (RFC 2131, 4.4.5), straight to the server. */
export function* renewLease(actor: Actor): Process {
  const { host, home, random } = actor;
  for (;;) {
    yield (home.leaseSeconds / 2) * SECOND * random.uniform(0.98, 1.02);
    if (!(yield* reach(actor, home.router))) continue;
    const transaction = random.uint32();
    const { mac, ip } = host.v4;
    const request = { type: DhcpType.REQUEST, transaction, mac, clientIp: ip, fingerprint: host.fingerprint };
    actor.send(udpFrame(host.v4, CLIENT, home.router.v4, SERVER, dhcpClientMessage(request)));
    yield random.logNormal(6, 0.6) * MILLISECOND;
    const ack = { ...offeredLease(home), type: DhcpType.ACK, transaction, mac, yourIp: ip };
    actor.send(udpFrame(home.router.v4, SERVER, host.v4, CLIENT, dhcpServerMessage(ack)));
  }
}

/** What the two ends of the link ask each other now and then, whether there is traffic or not. */
export function* keepNeighbours(actor: Actor): Process {
  const { host, home, random } = actor;
  for (;;) {
    yield random.logNormal(240, 0.7) * SECOND;
    yield* reach(actor, home.router);
    if (host.v6 && home.router.linkLocal && random.bool(0.5)) {
      const router = home.router.linkLocal;
      actor.send(neighborSolicitation(host.v6, router.ip));
      yield host.latency * 0.3;
      actor.send(neighborAdvertisement(router, host.v6, router.ip, true));
    }
  }
}

/** Unsolicited router advertisements (RFC 4861, 6.2.1). */
export function* advertiseRouter(actor: Actor): Process {
  for (;;) {
    yield actor.random.uniform(200, 600) * SECOND;
    if (actor.host.linkLocal) actor.send(routerAdvertisement(actor.host.linkLocal, actor.home.prefix6));
  }
}
