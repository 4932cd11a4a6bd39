import { z } from 'zod';
import type { Remote } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { reach } from '../session/neighbour.ts';
import { probeEcho, probeSyn, probeUdp } from '../session/probe.ts';
import { openTcp } from '../session/tcp.ts';
import { httpRequest, httpResponse } from '../wire/application/http.ts';
import { ascii } from '../wire/bytes.ts';
import { synOptions } from '../wire/tcp.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  type: z.enum(['syn', 'udp', 'icmp', 'http']).default('syn'),
  /** A device of the home; without it the victim is somewhere on the Internet. */
  target: z.string().optional(),
  /** Packets, for http connections, per second. */
  rate: z.coerce.number().positive().max(50_000).default(400),
  duration: z.coerce.number().positive().default(30),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Payload bytes of a datagram or echo. */
  size: z.coerce.number().int().min(0).max(1400).default(512),
});
type Options = z.output<typeof options>;

const HTTP_SLOWDOWN = 8; // a connection costs a bot more than a raw packet

/** Denial of service by mass, the compromised device being one of the many that take part. */
export const flood = defineAttack({
  kind: 'flood',
  options,
  attackers: ['camera', 'doorbell', 'plug', 'tv'],
  accepts: () => ['flood'],
  detail: ({ type }) => `flood-${type}`,
  *run(attack) {
    const { random, options: wanted } = attack;
    const local = wanted.target !== undefined;
    const victim = local ? attack.target(wanted.target, []) : attack.outside();
    if (!(yield* reach(attack, victim))) return;
    const rate = wanted.type === 'http' ? wanted.rate / HTTP_SLOWDOWN : wanted.rate;
    const end = attack.now + wanted.duration * SECOND;
    // Zeros, as the simplest flooders send, and high ports: no analyser takes them for a protocol.
    const payload = new Uint8Array(wanted.size);
    const port = wanted.port ?? (wanted.type === 'udp' ? random.int(61_100, 65_000) : 80);
    for (let sequence = 0; attack.now < end; sequence = (sequence + 1) & 0xffff) {
      attack.spawn(strike(attack, victim, port, payload, sequence));
      yield random.exponential(1 / rate) * SECOND;
    }
  },
});

function strike(attack: Attack<Options>, victim: Remote, port: number, payload: Uint8Array, sequence: number): Process {
  const { random, options: wanted } = attack;
  const fromPort = wanted.type === 'udp' ? random.int(61_100, 65_500) : random.int(1024, 65_535);
  switch (wanted.type) {
    case 'syn': {
      const overwhelmed = random.bool(0.7);
      const target = overwhelmed ? { ...victim, v4: victim.v4, answers: () => 'silent' as const } : victim;
      const syn = {
        fromPort,
        seq: random.uint32(),
        window: 29_200,
        options: synOptions('linux', 1460, 7, [random.uint32(), 0]),
      };
      return probeSyn(attack, target, port, { ...syn, resets: false });
    }
    case 'udp':
      return probeUdp(attack, victim, fromPort, port, payload, random.bool(0.01));
    case 'icmp':
      return probeEcho(attack, victim, sequence, payload);
    case 'http':
      return request(attack, victim, port);
  }
}

function* request(attack: Attack<Options>, victim: Remote, port: number): Process {
  const { random } = attack;
  const tcp = yield* openTcp(attack, victim, port);
  if (tcp === null) return;
  const host = victim.v4.ip.join('.');
  yield* tcp.send(0, httpRequest({ method: 'GET', path: `/?${random.hex(8)}`, host, agent: 'Mozilla/5.0' }));
  yield* tcp.send(1, httpResponse('503 Service Unavailable', 'text/html', ascii('<html>busy</html>')), 0.05);
  yield* tcp.close(1);
}
