/** Taking data out below what one address, one answer or one protocol shows. */
import { type Process, SECOND } from '../../engine/simulation.ts';
import { reach } from '../../session/neighbour.ts';
import { openTcp } from '../../session/tcp.ts';
import { opaque } from '../../wire/application/opaque.ts';
import { echoFrame } from '../../wire/icmp.ts';
import type { Evader, Evasion } from './evasion.ts';

const PIECE = 200_000;
const attackers = ['camera', 'plug', 'hub', 'speaker'];

/** So many bytes to one server, of which it sends a share back. */
function* upload(attack: Evader, bytes: number, seconds: number, echoed: number): Process {
  const tcp = yield* openTcp(attack, attack.outside(), 443);
  if (tcp === null) return;
  const begun = attack.now;
  for (let sent = 0; sent < bytes; ) {
    const piece = Math.min(PIECE, bytes - sent);
    yield* tcp.send(0, opaque(piece, attack.random));
    yield* tcp.send(1, opaque(Math.max(60, Math.round(piece * echoed)), attack.random));
    sent += piece;
    const due = begun + (sent / bytes) * seconds * SECOND;
    if (due > attack.now) yield* tcp.pause((due - attack.now) / SECOND);
  }
  yield* tcp.close(0);
}

/** An upload whose server talks back more than one that only takes. */
export const echo: Evasion = {
  plan: { amount: 100, duration: 300 },
  attackers,
  accepts: ['exfiltration', 'remote-control'],
  run: (attack, { amount, duration }) => upload(attack, amount * 1e6, duration, 0.12),
};

const SERVERS = 60;

/** The same over many servers, little to each. */
export const split: Evasion = {
  plan: { amount: 270, duration: 4 * 3600 },
  attackers,
  accepts: ['exfiltration'],
  *run(attack, { amount, duration }) {
    const pause = duration / SERVERS;
    for (let i = 0; i < SERVERS; i++) {
      const begun = attack.now;
      yield* upload(attack, (amount * 1e6) / SERVERS, pause / 4, 0.01);
      yield Math.max(0, begun + pause * SECOND - attack.now);
    }
  },
};

const PING_BYTES = 1400;

/** In pings, which come back as they went out. */
export const icmp: Evasion = {
  plan: { amount: 50, duration: 3000 },
  attackers,
  accepts: ['icmp-tunnel', 'exfiltration'],
  *run(attack, { amount, duration }) {
    const { host, home, random } = attack;
    const server = attack.outside();
    yield* reach(attack, home.router);
    const pings = Math.ceil((amount * 1e6) / PING_BYTES);
    const identifier = random.int(1, 0xffff);
    for (let sequence = 0; sequence < pings; sequence++) {
      const content = opaque(PING_BYTES, random);
      attack.send(echoFrame(host.v4, server.v4, false, identifier, sequence & 0xffff, content));
      yield server.latency;
      attack.send(echoFrame(server.v4, host.v4, true, identifier, sequence & 0xffff, content));
      yield Math.max(0, (duration / pings) * SECOND - server.latency);
    }
  },
};
