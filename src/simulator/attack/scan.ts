import { z } from 'zod';
import { type Process, SECOND } from '../engine/simulation.ts';
import { reach } from '../session/neighbour.ts';
import { probeEcho, probeSyn } from '../session/probe.ts';
import { arpRequest } from '../wire/arp.ts';
import { ascii } from '../wire/bytes.ts';
import { synOptions } from '../wire/tcp.ts';
import { type Attack, commonOptions, defineAttack, publicAddress } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** telnet: many machines, one service; ports: one machine, many ports; icmp: who is there. */
  type: z.enum(['telnet', 'ports', 'icmp']).default('telnet'),
  /** Where a telnet scan looks. */
  scope: z.enum(['internet', 'lan']).default('internet'),
  target: z.string().optional(),
  /** Probes per second. */
  rate: z.coerce.number().positive().max(10_000).default(25),
  duration: z.coerce.number().positive().default(60),
  /** How many ports a port scan tries. */
  ports: z.coerce.number().int().min(1).max(65_535).default(1000),
});
type Options = z.output<typeof options>;

/** Looking for machines or services: as Mirai does it, as nmap does it, by ping. */
export const scan = defineAttack({
  kind: 'scan',
  options,
  attackers: ['camera', 'plug', 'doorbell', 'sensor'],
  accepts: () => ['scan'],
  detail: ({ type, scope }) => (type === 'telnet' ? `scan-telnet-${scope}` : `scan-${type}`),
  *run(attack) {
    const { type, scope } = attack.options;
    if (type === 'ports') yield* scanPorts(attack);
    else if (type === 'icmp') yield* sweepPing(attack);
    else if (scope === 'lan') yield* scanNeighbours(attack);
    else yield* scanInternet(attack);
  },
});

/** Mirai's scanner: raw SYNs without options to random addresses, the sequence number equal to the address. */
function* scanInternet(attack: Attack<Options>): Process {
  const { random, home, options: wanted } = attack;
  yield* reach(attack, home.router);
  const end = attack.now + wanted.duration * SECOND;
  const fromPort = random.int(1024, 65_535);
  while (attack.now < end) {
    const ip = publicAddress(random);
    const chance = random.float();
    const answer = chance < 0.02 ? 'open' : chance < 0.09 ? 'closed' : 'silent';
    const victim = home.internet.machine(ip, { answers: () => answer });
    const seq = new DataView(ip.buffer).getUint32(0);
    const port = random.bool(0.9) ? 23 : 2323;
    attack.spawn(probeSyn(attack, victim, port, { fromPort, seq, window: random.int(1, 0xffff) }));
    yield random.exponential(1 / wanted.rate) * SECOND;
  }
}

/** Every address of the home's network: ARP first, then the two telnet ports of whoever is there. */
function* scanNeighbours(attack: Attack<Options>): Process {
  const { random, home, host, options: wanted } = attack;
  const end = attack.now + wanted.duration * SECOND;
  const order = Array.from({ length: 254 }, (_, i) => i + 1).sort(() => random.float() - 0.5);
  for (let i = 0; attack.now < end; i++) {
    const ip = home.address(order[i % order.length]!);
    const found = home.hostAt(ip);
    if (found === host) continue;
    if (found?.up) {
      attack.involve(found);
      yield* reach(attack, found);
      for (const port of [23, 2323])
        attack.spawn(probeSyn(attack, found, port, { fromPort: host.nextPort(), seq: random.uint32(), window: 5840 }));
    } else attack.send(arpRequest(host.v4, ip));
    yield random.exponential(1 / wanted.rate) * SECOND;
  }
}

/** nmap's SYN scan of one machine: common ports first, window 1024, only an MSS option. */
function* scanPorts(attack: Attack<Options>): Process {
  const { random, options: wanted } = attack;
  const victim = attack.target(wanted.target, ['hub', 'nas', 'light-bridge', 'tv', 'camera']);
  if (!(yield* reach(attack, victim))) return;
  const fromPort = random.int(33_000, 64_000);
  const seq = random.uint32();
  const syn = synOptions('lwip', 1460, 0, null);
  const others = Array.from({ length: 65_535 }, (_, i) => i + 1).filter((port) => !COMMON_PORTS.includes(port));
  const ports = [...COMMON_PORTS, ...others].slice(0, wanted.ports);
  for (const port of ports) {
    attack.spawn(probeSyn(attack, victim, port, { fromPort, seq, window: 1024, options: syn }));
    yield random.exponential(1 / (wanted.rate * 8)) * SECOND;
  }
}

const COMMON_PORTS = [
  80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993, 5900, 1025, 587, 8888,
  199, 1720, 465, 548, 113, 81, 6001, 10000, 514, 5060, 179, 1026, 2000, 8443, 8000, 32768, 554, 26, 1433, 49152, 2001,
  515, 8008, 49154, 1027, 5666, 646, 5000, 5631, 631, 49153, 8081, 2049, 88, 79, 5800, 106, 2121, 1110, 49155, 6000,
  513, 990, 5357, 427, 49156, 543, 544, 5101, 144, 7, 389, 8009, 3128, 444, 9999, 5009, 7070, 5190, 3000, 5432, 1900,
  3986, 13, 1029, 9, 5051, 6646, 49157, 1028, 873, 1755, 2717, 4899, 9100, 119, 37, 1883, 8123, 8883,
];

/** A ping to every address of the network, in order. */
function* sweepPing(attack: Attack<Options>): Process {
  const { random, home, host, options: wanted } = attack;
  const payload = ascii('abcdefghijklmnopqrstuvwabcdefghi');
  for (let last = 1; last < 255; last++) {
    const found = home.hostAt(home.address(last));
    if (found === host) continue;
    if (found?.up) {
      attack.involve(found);
      yield* reach(attack, found);
      attack.spawn(probeEcho(attack, found, last, payload));
    } else attack.send(arpRequest(host.v4, home.address(last)));
    yield random.exponential(1 / wanted.rate) * SECOND;
  }
}
