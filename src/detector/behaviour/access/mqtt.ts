/** Abuse of MQTT: a client that publishes, subscribes or connects far more often than any client of this broker did. */
import { DampedSums } from '../../../feature/damped.ts';
import type { Host } from '../../../feature/host.ts';
import { looksLikeMqttConnect } from '../../../packet/layers/application/mqtt.ts';
import { type Packet, PROTO_TCP } from '../../../packet/packet.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { Usual } from '../reach/usual.ts';

const TEN_SECONDS = 1;
/** Messages of one client in ten seconds: a sensor sends one, a hub that announces itself a few dozen at its start. */
const MOST_MESSAGES = 50;
const PAST_FACTOR = 3;
const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
/** Control packet types of a client. */
const FROM_CLIENT = new Set([1, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15]);

interface Client {
  messages: DampedSums;
  published: number;
  connected: number;
  since: number;
  /** Topics of this episode, a hundred at most. */
  topics: Set<string>;
}

export function createMqttAbuse(): Behaviour {
  const clients = new WeakMap<Host, Client>();
  const brokers = new Set<string>();
  const usual = new Usual();

  function count(packet: Packet, host: Host, broker: string, context: Context): void {
    const client = clients.get(host) ?? {
      messages: new DampedSums(),
      published: 0,
      connected: 0,
      since: context.ts,
      topics: new Set(),
    };
    clients.set(host, client);
    if (client.messages.at(context.ts, TEN_SECONDS) < 1) {
      client.since = context.ts;
      client.published = client.connected = 0;
      client.topics.clear();
    }
    let messages = 0;
    for (const { type, topic } of controlPackets(packet)) {
      if (!FROM_CLIENT.has(type)) break;
      if (type === CONNECT) client.connected++;
      if (type === PUBLISH || type === SUBSCRIBE) messages++;
      if (type === PUBLISH) client.published++;
      if (topic !== null && client.topics.size < 100) client.topics.add(topic);
    }
    if (messages === 0) return;
    client.messages.add(context.ts, messages);
    const rate = client.messages.at(context.ts, TEN_SECONDS);
    if (context.learning) usual.learn(broker, rate);
    const past = usual.of(broker);
    const bar = past === undefined ? MOST_MESSAGES : Math.max(FEWEST, PAST_FACTOR * past);
    if (rate < bar) return;
    context.report({
      kind: 'protocol-abuse',
      detector: 'mqtt-abuse',
      host,
      target: context.hosts.get(broker, context.ts),
      ts: context.ts,
      since: client.since,
      strength: Math.log(rate / bar),
      evidence: {
        protocol: 'MQTT',
        messages: client.published,
        topics: client.topics.size,
        connections: client.connected,
        seconds: context.ts - client.since,
        usual: Math.round((past ?? 0) * 10) / 10,
      },
    });
  }

  return {
    name: 'mqtt-abuse',
    packet(packet, step, context) {
      if (packet.proto !== PROTO_TCP || packet.payloadCaptured < 2 || step.direction !== 0) return;
      const { channel } = step.link;
      const service = `${channel.resp.address}:${channel.port}`;
      const { bytes, payloadOffset: at, payloadCaptured } = packet;
      if (looksLikeMqttConnect(bytes, at, at + payloadCaptured)) brokers.add(service);
      else if (channel.port !== 1883 && !brokers.has(service)) return;
      count(packet, channel.orig, channel.resp.address, context);
    },
    save: () => usual.save(),
    load: (state) => usual.load(state as [string, number][]),
  };
}

/** With a past, a handful of messages in ten seconds is still nothing to speak of. */
const FEWEST = 10;

/** The control packets that begin in this segment (MQTT 3.1.1, section 2): type, and the topic of a PUBLISH. */
function* controlPackets(packet: Packet): Generator<{ type: number; topic: string | null }> {
  const { bytes, payloadOffset, payloadCaptured } = packet;
  const end = payloadOffset + payloadCaptured;
  let at = payloadOffset;
  while (at + 2 <= end) {
    const type = bytes[at] >>> 4;
    let length = 0;
    let i = at + 1;
    for (let shift = 0; i < end && shift < 28; shift += 7) {
      length += (bytes[i] & 127) << shift;
      if ((bytes[i++] & 128) === 0) break;
    }
    let topic: string | null = null;
    if (type === PUBLISH && i + 2 <= end) {
      const size = (bytes[i] << 8) | bytes[i + 1];
      if (i + 2 + size <= end) topic = Buffer.from(bytes.buffer, bytes.byteOffset + i + 2, size).toString('latin1');
    }
    yield { type, topic };
    at = i + length;
  }
}
