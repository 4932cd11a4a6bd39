/** Looking for prey where nobody counts: between successes, in fragments, or so slowly that every window is empty. */
import { SECOND } from '../../engine/simulation.ts';
import { reach } from '../../session/neighbour.ts';
import { probeSyn } from '../../session/probe.ts';
import { openTcp } from '../../session/tcp.ts';
import { opaque } from '../../wire/application/opaque.ts';
import { arpRequest } from '../../wire/arp.ts';
import { fragments as cut } from '../../wire/ip.ts';
import { Flag, tcpFrame } from '../../wire/tcp.ts';
import { publicAddress } from '../attack.ts';
import { type Evader, type Evasion, spread } from './evasion.ts';

const TELNET = 23;
const attackers = ['camera', 'plug', 'doorbell', 'sensor'];

/** Somewhere on the Internet; few listen, some refuse. */
function prey(attack: Evader) {
  const chance = attack.random.float();
  const answer = chance < 0.02 ? 'open' : chance < 0.09 ? 'closed' : 'silent';
  return attack.home.internet.machine(publicAddress(attack.random), { answers: () => answer });
}

function syn(attack: Evader) {
  return { fromPort: attack.host.nextPort(), seq: attack.random.uint32(), window: 5840 };
}

/** A probe that fails, and a contact elsewhere that succeeds. */
export const masked: Evasion = {
  plan: { amount: 1500, duration: 3000 },
  attackers,
  accepts: ['scan'],
  *run(attack, plan) {
    yield* reach(attack, attack.home.router);
    yield* spread(attack, plan, function* () {
      attack.spawn(probeSyn(attack, prey(attack), TELNET, syn(attack)));
      const tcp = yield* openTcp(attack, attack.outside(), 443);
      if (tcp === null) return;
      yield* tcp.send(0, opaque(300, attack.random));
      yield* tcp.send(1, opaque(900, attack.random));
      yield* tcp.close(0);
    });
  },
};

const FRAGMENT_BYTES = 8;

/** The TCP header lies in three pieces. */
export const fragments: Evasion = {
  plan: { amount: 1500, duration: 600 },
  attackers,
  accepts: ['scan'],
  *run(attack, plan) {
    const { host, random } = attack;
    yield* reach(attack, attack.home.router);
    yield* spread(attack, plan, function* () {
      const to = prey(attack).v4;
      const probe = { from: host.v4, fromPort: host.nextPort(), to, toPort: TELNET };
      const frame = tcpFrame({ ...probe, seq: random.uint32(), ack: 0, flags: Flag.SYN, window: 5840 });
      for (const piece of cut(frame, FRAGMENT_BYTES)) attack.send(piece);
      yield 0;
    });
  },
};

const EIGHT_MINUTES = 480;
const SIX_HOURS = 6 * 3600;

/** One probe in eight minutes, to anybody. */
export const slowOutside: Evasion = {
  plan: { amount: SIX_HOURS / EIGHT_MINUTES, duration: SIX_HOURS },
  attackers,
  accepts: ['scan'],
  *run(attack, plan) {
    yield* spread(attack, plan, function* () {
      yield* reach(attack, attack.home.router);
      attack.spawn(probeSyn(attack, prey(attack), TELNET, syn(attack)));
    });
  },
};

/** One address of the home's network in eight minutes; whoever is there is tried on the telnet port. */
export const slowInside: Evasion = {
  plan: slowOutside.plan,
  attackers,
  accepts: ['scan'],
  *run(attack, plan) {
    const { home, host, random } = attack;
    const order = Array.from({ length: 254 }, (_, i) => i + 1).sort(() => random.float() - 0.5);
    yield* spread(attack, plan, function* () {
      const ip = home.address(order.shift() ?? 1);
      const found = home.hostAt(ip);
      if (found === host) return;
      if (!found?.up) {
        attack.send(arpRequest(host.v4, ip));
        yield SECOND;
        return;
      }
      attack.involve(found);
      yield* reach(attack, found);
      attack.spawn(probeSyn(attack, found, TELNET, syn(attack)));
    });
  },
};

/** Probes in another device's name: its IP address, the attacker's own link-layer address. */
export const spoofedVictim: Evasion = {
  plan: { amount: 600, duration: 60 },
  attackers: ['laptop', 'plug', 'speaker', 'hub'],
  accepts: ['scan', 'spoofing'],
  *run(attack, plan) {
    const { home, host, random } = attack;
    const victim = home.hosts.find((other) => other.kind === 'camera' && other !== host && other.up);
    if (!victim) return;
    attack.episode.hosts.clear();
    attack.nameByMac();
    yield* reach(attack, home.router);
    const from = { ...host.v4, ip: victim.v4.ip };
    yield* spread(attack, plan, function* () {
      const to = prey(attack).v4;
      const probe = { from, fromPort: host.nextPort(), to, toPort: TELNET };
      attack.send(tcpFrame({ ...probe, seq: random.uint32(), ack: 0, flags: Flag.SYN, window: 5840 }));
      yield 0;
    });
  },
};
