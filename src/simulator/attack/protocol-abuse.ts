import { z } from 'zod';
import type { Host } from '../engine/host.ts';
import { type Process, SECOND } from '../engine/simulation.ts';
import { MQTT_PORT, openMqtt } from '../session/mqtt.ts';
import { type Attack, commonOptions, defineAttack } from './attack.ts';

const options = z.strictObject({
  ...commonOptions,
  target: z.string().optional(),
  /** Messages per second. */
  rate: z.coerce.number().positive().max(1000).default(15),
  /** Bytes of a message. */
  size: z.coerce.number().int().min(1).max(65_000).default(900),
  duration: z.coerce.number().positive().default(120),
});
type Options = z.output<typeof options>;

/** Misuse of the MQTT broker: listens to everything, fills it with retained rubbish, comes as ever new clients. */
export const protocolAbuse = defineAttack({
  kind: 'protocol-abuse',
  options,
  attackers: ['sensor', 'plug', 'camera', 'speaker'],
  accepts: () => ['protocol-abuse', 'flood', 'sequence', 'rhythm'],
  detail: () => 'protocol-abuse-mqtt',
  *run(attack) {
    const { options: wanted, random } = attack;
    const broker = attack.target(wanted.target, ['hub']);
    broker.services.set(MQTT_PORT, 'mqtt');
    const end = attack.now + wanted.duration * SECOND;
    while (attack.now < end) yield* misuse(attack, broker, Math.min(end, attack.now + random.uniform(5, 20) * SECOND));
  },
});

function* misuse(attack: Attack<Options>, broker: Host, end: number): Process {
  const { options: wanted, random } = attack;
  const session = yield* openMqtt(attack, broker, { clientId: `mqttjs_${random.hex(8)}`, keepAliveSeconds: 10 });
  if (session === null) {
    yield SECOND;
    return;
  }
  yield* session.subscribe(['#', '$SYS/#']);
  for (let i = 0; i < 12; i++) yield* session.deliver(`$SYS/broker/${i}/${random.hex(4)}`, random.hex(24));
  while (attack.now < end) {
    const topic = `${random.pick(['cmnd', 'homeassistant', 'zigbee2mqtt', 'tele'])}/${random.hex(6)}/set`;
    yield* session.publish(topic, random.hex(random.size(wanted.size, 0.6)), random.bool(0.5) ? 1 : 0, true);
    yield* session.tcp.pause(random.exponential(1 / wanted.rate));
  }
  // It does not say good-bye.
  yield* session.tcp.reset(0);
}
