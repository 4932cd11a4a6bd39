import { z } from 'zod';
import type { Host } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { MQTT_PORT, openMqtt } from '../session/mqtt.ts';
import { openTcp } from '../session/tcp.ts';
import { ascii } from '../wire/bytes.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  /** http: requests whose headers never end; mqtt: sessions that are only kept alive. */
  type: z.enum(['http', 'mqtt']).default('http'),
  target: z.string().optional(),
  connections: z.coerce.number().int().min(1).max(2000).default(120),
  /** Seconds between two signs of life of a connection. */
  period: z.coerce.number().positive().default(8),
  duration: z.coerce.number().positive().default(180),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
});
type Options = z.output<typeof options>;

/** Takes every connection that a server can hold and does as little as possible with it. */
export const slowDos = defineAttack({
  kind: 'slow-dos',
  options,
  attackers: ['camera', 'plug', 'sensor', 'speaker'],
  accepts: () => ['slow-dos', 'flood'],
  detail: ({ type }) => `slow-dos-${type}`,
  *run(attack) {
    const { options: wanted, random } = attack;
    const victim = attack.target(wanted.target, wanted.type === 'mqtt' ? ['hub'] : ['hub', 'nas', 'light-bridge']);
    const port = wanted.port ?? (wanted.type === 'mqtt' ? MQTT_PORT : webPort(victim));
    victim.services.set(port, wanted.type);
    const end = attack.now + wanted.duration * SECOND;
    for (let i = 0; i < wanted.connections; i++) {
      attack.spawn(wanted.type === 'mqtt' ? idle(attack, victim, end, i) : drip(attack, victim, port, end));
      yield random.exponential(0.05) * SECOND;
    }
    yield end - attack.now;
  },
});

function webPort(host: Host): number {
  return [...host.services].find(([, service]) => service === 'http')?.[0] ?? 80;
}

function* drip(attack: Attack<Options>, victim: Host, port: number, end: number): Process {
  const { random, options: wanted } = attack;
  while (attack.now < end) {
    const tcp = yield* openTcp(attack, victim, port);
    if (tcp === null) return;
    const host = victim.v4.ip.join('.');
    yield* tcp.send(0, ascii(`GET /?${random.int(1, 9999)} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Mozilla/5.0\r\n`));
    // Servers give up on a request after a while; the attacker comes again.
    const patience = attack.now + random.uniform(60, 120) * SECOND;
    while (attack.now < Math.min(end, patience)) {
      yield* tcp.pause(random.jitter(wanted.period, 0.2));
      yield* tcp.send(0, ascii(`X-a: ${random.int(1, 5000)}\r\n`));
    }
    yield* tcp.close(1);
  }
}

function* idle(attack: Attack<Options>, victim: Host, end: number, number: number): Process {
  const { random, options: wanted } = attack;
  const session = yield* openMqtt(attack, victim, { clientId: `slow-${number}`, keepAliveSeconds: 3600 });
  if (session === null) return;
  while (attack.now < end) {
    yield* session.tcp.pause(random.jitter(wanted.period, 0.2));
    yield* session.ping();
  }
  yield* session.tcp.reset(0);
}
