/**
 * Answers for NAME.local on the local network (mDNS, RFC 6762), so that nobody needs an address or a server for names.
 * A socket for each interface: each is told the address under which it reaches this machine. Whoever has the name
 * already keeps it.
 */
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { MulticastDNS, ResponseOutgoingPacket } from 'multicast-dns';
import type { Log } from '../log.ts';

type Answer = ResponseOutgoingPacket['answers'][number];

const LOOK_MS = 60_000;
const TTL_SECONDS = 120;
/** RFC 6762, 8.1: three questions, a quarter of a second apart. */
const PROBES = 3;
const PROBE_MS = 250;
const MDNS_PORT = 5353;

interface Voice {
  mdns: MulticastDNS;
  close(): void;
}

export interface Announcement {
  close(): void;
}

export async function announceName(name: string, log: Log): Promise<Announcement> {
  const { default: createMdns } = await import('multicast-dns');
  const fullName = `${name.toLowerCase()}.local`;
  const voices = new Map<string, Voice>();
  let isTaken = false;

  const speak = (address: string, netmask: string): Voice => {
    const mdns = createMdns({ interface: address, bind: '0.0.0.0', reuseAddr: true });
    const network = new BlockList();
    network.addSubnet(address, prefixOf(netmask), 'ipv4');
    const answer: Answer = { name: fullName, type: 'A', ttl: TTL_SECONDS, data: address, flush: true };
    // Whoever wants an IPv6 address as well need not wait for one (RFC 6762, 6.1).
    const nothingElse: Answer = {
      ...{ name: fullName, type: 'NSEC', ttl: TTL_SECONDS, flush: true },
      data: { nextDomain: fullName, rrtypes: ['A'] },
    };
    let isSure = false;
    const timers: NodeJS.Timeout[] = [];
    mdns.on('response', ({ answers }, { address: from }) => {
      const foreign = answers.some(
        (one) => one.type === 'A' && one.name.toLowerCase() === fullName && !isOwn(one.data),
      );
      if (!foreign || isTaken || !network.check(from, 'ipv4')) return;
      isTaken = true;
      log.warn(
        { name: fullName, by: from },
        `${from} has the name ${fullName} already: this Guardian does not announce it. Give it another in server.name`,
      );
    });
    mdns.on('query', ({ questions }, from) => {
      if (!isSure || isTaken || !network.check(from.address, 'ipv4')) return;
      const asked = questions.some(
        ({ name: one, type }) => one.toLowerCase() === fullName && ['A', 'AAAA', 'ANY'].includes(type),
      );
      if (!asked) return;
      // Whoever asks from another port takes part in no multicast, and is answered alone (RFC 6762, 6.7).
      if (from.port === MDNS_PORT) mdns.respond({ answers: [answer], additionals: [nothingElse] });
      else mdns.respond({ answers: [{ ...answer, ttl: 10, flush: false }] }, from);
    });
    const complain = (error: Error): void => log.info({ err: error, address }, `${fullName} cannot be announced here`);
    mdns.on('error', complain);
    mdns.on('warning', (error) => log.debug({ err: error, address }, 'mDNS'));
    for (let i = 0; i <= PROBES; i++) {
      const later = setTimeout(
        () => {
          if (isTaken) return;
          if (i < PROBES) mdns.query(fullName, 'A');
          else {
            isSure = true;
            mdns.respond([answer]);
          }
        },
        PROBE_MS * (i + 1),
      );
      timers.push(later.unref());
    }
    return {
      mdns,
      close() {
        for (const timer of timers) clearTimeout(timer);
        mdns.destroy();
      },
    };
  };

  const look = (): void => {
    const now = new Map(ownNetworks());
    for (const [address, voice] of voices) {
      if (now.has(address)) continue;
      voice.close();
      voices.delete(address);
    }
    for (const [address, netmask] of now) {
      if (!voices.has(address)) voices.set(address, speak(address, netmask));
    }
  };
  look();
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    close() {
      clearInterval(timer);
      for (const voice of voices.values()) voice.close();
    },
  };
}

/** Addresses of this machine with their masks, by which the answer of another interface is told from a stranger's. */
function ownNetworks(): [address: string, netmask: string][] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address, netmask }) => [address, netmask]);
}

const isOwn = (address: string): boolean => ownNetworks().some(([own]) => own === address);

const prefixOf = (netmask: string): number =>
  netmask.split('.').reduce((bits, part) => bits + Number(part).toString(2).replaceAll('0', '').length, 0);
