import { z } from 'zod';
import type { Host } from '../engine/host.ts';
import { type Interceptor, MILLISECOND, type Process, SECOND } from '../engine/simulation.ts';
import { offeredLease } from '../session/dhcp.ts';
import { reach } from '../session/neighbour.ts';
import { BROADCAST, groupEndpoint, UNSPECIFIED4 } from '../wire/address.ts';
import { DhcpType, dhcpClientMessage, dhcpServerMessage } from '../wire/application/dhcp.ts';
import { arpReply } from '../wire/arp.ts';
import { udpFrame } from '../wire/udp.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** arp: puts itself between a device and the router; dhcp: empties the address pool and answers in the router's place. */
  type: z.enum(['arp', 'dhcp']).default('arp'),
  target: z.string().optional(),
  /** arp: seconds between the lies. */
  period: z.coerce.number().positive().default(2),
  /** dhcp: requests per second. */
  rate: z.coerce.number().positive().max(1000).default(10),
  duration: z.coerce.number().positive().default(120),
});
type Options = z.output<typeof options>;

/** Claims somebody else's address or office. */
export const spoofing = defineAttack({
  kind: 'spoofing',
  options,
  attackers: ['camera', 'plug', 'laptop', 'sensor'],
  accepts: () => ['spoofing'],
  detail: ({ type }) => `spoofing-${type}`,
  run: (attack) => (attack.options.type === 'arp' ? poisonArp(attack) : poseAsServer(attack)),
});

/** Unasked ARP replies to both sides; what they then send each other passes through the attacker. */
function* poisonArp(attack: Attack<Options>): Process {
  const { home, host, random, options: wanted } = attack;
  const victim = attack.target(wanted.target, ['phone', 'laptop', 'speaker', 'tv']);
  const { router } = home;
  attack.involve(router);
  yield* reach(attack, victim);
  yield* reach(attack, router);
  const divert = diversion(host, victim, router);
  const end = attack.now + wanted.duration * SECOND;
  const lie = (claimed: Host, to: Host): void =>
    attack.send(arpReply({ mac: host.mac, ip: claimed.v4.ip, padded: host.wired }, to.v4));
  while (attack.now < end) {
    lie(router, victim);
    lie(victim, router);
    home.simulation.interceptors.add(divert);
    yield random.jitter(wanted.period, 0.05) * SECOND;
  }
  home.simulation.interceptors.delete(divert);
  // As the tools do on exit: the truth again, three times.
  for (let i = 0; i < 3; i++) {
    attack.send(arpReply(router.v4, victim.v4));
    attack.send(arpReply(victim.v4, router.v4));
    yield 100 * MILLISECOND;
  }
}

const IPV4 = 0x0800;

/**
 * Between victim and router, the router now sees the attacker's hardware address. The capture is taken there: the hop
 * between victim and attacker does not pass it, so nothing appears twice.
 */
function diversion(attacker: Host, victim: Host, router: Host): Interceptor {
  const is = (data: Uint8Array, at: number, mac: Uint8Array): boolean => {
    for (let i = 0; i < 6; i++) if (data[at + i] !== mac[i]) return false;
    return true;
  };
  return (data) => {
    if (((data[12]! << 8) | data[13]!) !== IPV4) return true;
    if (is(data, 6, victim.mac) && is(data, 0, router.mac)) data.set(attacker.mac, 6);
    else if (is(data, 6, router.mac) && is(data, 0, victim.mac)) data.set(attacker.mac, 0);
    return true;
  };
}

/** Requests from invented hardware addresses until the pool is empty; then offers with itself as router and resolver. */
function* poseAsServer(attack: Attack<Options>): Process {
  const { home, host, random, options: wanted } = attack;
  const { router } = home;
  const victim = attack.target(wanted.target, ['phone', 'laptop', 'speaker', 'tv']);
  attack.involve(router);
  const end = attack.now + wanted.duration * SECOND;
  const fingerprint = { hostname: null, vendorClass: null, requestList: [1, 3, 6] };
  for (let i = 0; attack.now < end; i++) {
    const mac = home.createMac('de:ad:00', random);
    const transaction = random.uint32();
    const from = { ...host.v4, mac, ip: UNSPECIFIED4 };
    const discover = dhcpClientMessage({ type: DhcpType.DISCOVER, transaction, mac, fingerprint });
    attack.send(udpFrame(from, 68, BROADCAST, 67, discover));
    if (i < POOL_SIZE) {
      yield random.logNormal(3, 0.5) * MILLISECOND;
      const ip = home.address(200 + (i % 50));
      const offer = dhcpServerMessage({ ...offeredLease(home), type: DhcpType.OFFER, transaction, mac, yourIp: ip });
      attack.send(udpFrame(router.v4, 67, groupEndpoint(ip, mac), 68, offer));
    }
    if (i % 20 === 19) lure(attack, victim);
    yield random.exponential(1 / wanted.rate) * SECOND;
  }
}

const POOL_SIZE = 50;

/** An unasked ACK that tells the victim to use the attacker as router and resolver. */
function lure(attack: Attack<Options>, victim: Host): void {
  const { host, home, random } = attack;
  const own = host.v4.ip;
  const lie = { ...offeredLease(home), serverIp: own, router: own, dns: own, mac: victim.mac, yourIp: victim.v4.ip };
  const message = dhcpServerMessage({ ...lie, type: DhcpType.ACK, transaction: random.uint32() });
  attack.send(udpFrame(host.v4, 67, victim.v4, 68, message));
}
