/** A client of the home's own MQTT broker, in the clear. */
import type { Actor } from '../engine/actor.ts';
import type { Remote } from '../engine/host.ts';
import type { Process } from '../engine/simulation.ts';
import {
  type ConnectOptions,
  MQTT_DISCONNECT,
  MQTT_PINGREQ,
  MQTT_PINGRESP,
  mqttConnack,
  mqttConnect,
  mqttPuback,
  mqttPublish,
  mqttSuback,
  mqttSubscribe,
} from '../wire/application/mqtt.ts';
import { ascii } from '../wire/bytes.ts';
import { openTcp, type TcpSession } from './tcp.ts';

export const MQTT_PORT = 1883;

export class MqttSession {
  readonly tcp: TcpSession;
  #identifier = 0;

  constructor(tcp: TcpSession) {
    this.tcp = tcp;
  }

  #next(): number {
    this.#identifier = (this.#identifier % 0xffff) + 1;
    return this.#identifier;
  }

  *subscribe(topics: readonly string[]): Process {
    const identifier = this.#next();
    yield* this.tcp.send(0, mqttSubscribe(identifier, topics));
    yield* this.tcp.send(1, mqttSuback(identifier, topics.length), 0.0005);
  }

  *publish(topic: string, text: string, qos: 0 | 1 = 0, retain = false): Process {
    const identifier = qos === 1 ? this.#next() : undefined;
    yield* this.tcp.send(0, mqttPublish(topic, ascii(text), identifier, retain));
    if (identifier !== undefined) yield* this.tcp.send(1, mqttPuback(identifier), 0.0005);
  }

  /** A message from the broker to this client. */
  *deliver(topic: string, text: string): Process {
    yield* this.tcp.send(1, mqttPublish(topic, ascii(text)));
  }

  *ping(): Process {
    yield* this.tcp.send(0, MQTT_PINGREQ);
    yield* this.tcp.send(1, MQTT_PINGRESP, 0.0003);
  }

  *close(): Process {
    yield* this.tcp.send(0, MQTT_DISCONNECT);
    yield* this.tcp.close(0);
  }
}

/** Connects; null where there is no broker or it refuses (`returnCode` other than 0, after which it closes). */
export function* openMqtt(
  actor: Actor,
  broker: Remote,
  options: ConnectOptions,
  returnCode = 0,
): Process<MqttSession | null> {
  const tcp = yield* openTcp(actor, broker, MQTT_PORT);
  if (tcp === null) return null;
  yield* tcp.send(0, mqttConnect(options));
  yield* tcp.send(1, mqttConnack(returnCode), 0.001);
  if (returnCode === 0) return new MqttSession(tcp);
  yield* tcp.close(1);
  return null;
}
