/** An MQTT 3.1.1 broker that keeps what is published to it; for brokers that misbehave, and where no Mosquitto is. */
import type { Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import type { TestCertificate } from './certificate.ts';
import { type Behaviour, drip, listen, type Sink } from './sink.ts';

export interface ReceivedPublish {
  topic: string;
  payload: string;
  retain: boolean;
}

/** `mute`: lets clients in and never acknowledges a message. */
export type MqttBehaviour = Behaviour | 'mute';

export interface MqttSink extends Sink<ReceivedPublish> {
  /** Last will of the latest client. */
  will(): { topic: string; payload: string } | null;
  /** "user:password" of the latest client. */
  login(): string;
  /** Cuts every connection, as a broker that restarts. */
  cut(): void;
}

export async function startMqttSink(behaviour: MqttBehaviour, certificate?: TestCertificate): Promise<MqttSink> {
  const received: ReceivedPublish[] = [];
  const sockets = new Set<Socket>();
  let will: { topic: string; payload: string } | null = null;
  let login = '';

  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (behaviour === 'hang') socket.resume();
    // The header of a CONNACK that announces more than ever comes.
    else if (behaviour === 'drip') drip(socket.resume(), '\x20\x7f');
    else talk(socket);
  };
  const talk = (socket: Socket): void => {
    const parser = mqttPacket.parser();
    const send = (packet: mqttPacket.Packet): void => void socket.write(mqttPacket.generate(packet));
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        will = packet.will ? { topic: packet.will.topic, payload: String(packet.will.payload) } : null;
        login = `${packet.username}:${packet.password}`;
        const returnCode = { forbidden: 5, busy: 3 }[behaviour as string] ?? 0;
        send({ cmd: 'connack', returnCode, sessionPresent: false });
        if (returnCode !== 0) socket.end();
      } else if (packet.cmd === 'publish') {
        received.push({ topic: packet.topic, payload: String(packet.payload), retain: packet.retain });
        if (behaviour !== 'mute' && packet.qos === 1) send({ cmd: 'puback', messageId: packet.messageId });
      } else if (packet.cmd === 'pingreq') send({ cmd: 'pingresp' });
    });
    socket.on('data', (chunk) => parser.parse(chunk as Buffer));
  };
  const server = await listen(onConnection, certificate);
  return {
    ...server,
    received,
    will: () => will,
    login: () => login,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
