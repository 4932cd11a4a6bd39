/** Looking up names at the router, with the caches of device and router. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import { MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import {
  dnsMessage,
  QUERY_FLAGS,
  RESPONSE_FLAGS,
  RecordType,
  type Resource,
  ResponseCode,
} from '../wire/application/dns.ts';
import { udpFrame } from '../wire/udp.ts';
import { reach } from './neighbour.ts';

const PORT = 53;

/** A machine behind the name, or null; asks the router unless the device's own cache still has an answer. */
export function* resolve(actor: Actor, name: string): Process<Remote | null> {
  const { home, host, random } = actor;
  const cached = host.names.get(name);
  if (cached && cached.until > actor.now) return cached.remote;
  yield* reach(actor, home.router);
  if (home.line.nameState(name) === 'blocked') {
    yield* resolveMissing(actor, name);
    return null;
  }
  if (home.line.isDown(actor.now)) {
    yield* askInVain(actor, name);
    return null;
  }
  const site = home.internet.site(name);
  const elapsed = home.cacheAge(name, site.ttl);
  const wait = elapsed === 0 ? random.logNormal(22, 0.6) : random.logNormal(0.5, 0.4);
  const remotes = site.remotes(actor.now);
  const ttl = site.ttl - elapsed;
  const first = site.alias ?? name;
  const alias: Resource[] = site.alias === null ? [] : [{ type: 5, name, ttl, target: site.alias }];
  const addresses = (version: 4 | 6): Resource[] =>
    remotes.flatMap((remote): Resource[] => {
      if (version === 4) return [{ type: 1, name: first, ttl, address: remote.v4.ip }];
      return remote.v6 === null ? [] : [{ type: 28, name: first, ttl, address: remote.v6.ip }];
    });
  yield* ask(actor, name, RecordType.A, wait, [...alias, ...addresses(4)]);
  if (host.stack.queriesAaaa) yield* ask(actor, name, RecordType.AAAA, wait * 0.2, [...alias, ...addresses(6)], first);
  const remote = random.pick(remotes);
  host.names.set(name, { until: actor.now + Math.max(1, ttl) * SECOND, remote });
  return remote;
}

/** The router has nobody to ask: silence, a second try, and at last its confession. */
function* askInVain(actor: Actor, name: string): Process {
  const { home, host, random } = actor;
  const port = random.int(host.stack.ports[0], host.stack.ports[1]);
  const id = random.int(0, 0xffff);
  const questions = [{ name, type: RecordType.A }];
  for (let attempt = 0; attempt < 2; attempt++) {
    actor.send(udpFrame(host.v4, port, home.router.v4, PORT, dnsMessage({ id, flags: QUERY_FLAGS, questions })));
    yield 5 * SECOND;
  }
  const flags = RESPONSE_FLAGS | ResponseCode.SERVFAIL;
  if (random.bool(0.7)) actor.send(udpFrame(home.router.v4, PORT, host.v4, port, dnsMessage({ id, flags, questions })));
}

/** One query and its answer; an empty answer carries the zone's SOA. */
function* ask(
  actor: Actor,
  name: string,
  type: number,
  waitMs: number,
  answers: readonly Resource[],
  zone = name,
): Process {
  const authority: Resource = {
    type: RecordType.SOA,
    name: zone.split('.').slice(-2).join('.'),
    ttl: 300,
    server: `ns1.${zone.split('.').slice(-2).join('.')}`,
    mailbox: `hostmaster.${zone.split('.').slice(-2).join('.')}`,
  };
  const empty = !answers.some((answer) => answer.type === type);
  yield* exchange(actor, name, type, waitMs, ResponseCode.NOERROR, answers, empty ? [authority] : []);
}

/** A name that does not exist. */
export function* resolveMissing(actor: Actor, name: string): Process {
  yield* reach(actor, actor.home.router);
  const zone = name.split('.').at(-1) ?? name;
  const soa: Resource = {
    type: RecordType.SOA,
    name: zone,
    ttl: 900,
    server: 'a.gtld-servers.net',
    mailbox: 'nstld.example.com',
  };
  yield* exchange(actor, name, RecordType.A, actor.random.logNormal(25, 0.5), ResponseCode.NXDOMAIN, [], [soa]);
}

/** Query and response with arbitrary content, as a tunnel uses them. */
export function* exchange(
  actor: Actor,
  name: string,
  type: number,
  waitMs: number,
  code: number,
  answers: readonly Resource[],
  authorities: readonly Resource[] = [],
): Process {
  const { home, host, random } = actor;
  const port = random.int(host.stack.ports[0], host.stack.ports[1]);
  const id = random.int(0, 0xffff);
  const questions = [{ name, type }];
  const query = dnsMessage({ id, flags: QUERY_FLAGS, questions });
  actor.send(udpFrame(host.v4, port, home.router.v4, PORT, query));
  if (random.bool(0.0008)) {
    // Lost on the air: the resolver library asks again.
    yield 5 * SECOND;
    actor.send(udpFrame(host.v4, port, home.router.v4, PORT, query));
  }
  yield (host.latency * 0.2 + waitMs * MILLISECOND) * random.uniform(0.9, 1.1);
  const response = dnsMessage({ id, flags: RESPONSE_FLAGS | code, questions, answers, authorities });
  actor.send(udpFrame(home.router.v4, PORT, host.v4, port, response));
  yield host.latency * 0.3;
}
