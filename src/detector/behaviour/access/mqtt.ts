/** Abuse of MQTT: a client that publishes, subscribes or connects far more often than any client of this broker did. */
import { DampedSums, TEN_SECONDS } from '../../../feature/damped.ts';
import type { Channel, Link } from '../../../feature/link.ts';
import { looksLikeMqttConnect } from '../../../packet/layers/application/mqtt.ts';
import { type Packet, PROTO_TCP } from '../../../packet/packet.ts';
import { getOrCreate } from '../../keyed.ts';
import type { Behaviour, Context } from '../behaviour.ts';
import { PAST_FACTOR, type SavedUsual, Usual } from '../reach/usual.ts';

/** Messages of one client in ten seconds: a sensor sends one, a hub that announces itself a few dozen at its start. */
const MOST_MESSAGES = 50;
const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
/** Control packet types of a client. */
const FROM_CLIENT = new Set([1, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15]);

/** What one client sent to one broker since it became busy. */
interface Client {
  /** Messages, and all that it sent, of the last ten seconds. */
  messages: DampedSums;
  activity: DampedSums;
  since: number;
  tally: { messages: number; connections: number };
  topics: Set<string>;
}
/** As much in ten seconds is everyday life, and no part of what may begin now. */
const IDLE = 5;
const MOST_TOPICS = 10_000;

export function createMqttAbuse(): Behaviour {
  const clients = new WeakMap<Channel, Client>();
  const streams = new WeakMap<Link, MqttStream>();
  const brokers = new Set<string>();
  const usual = new Usual();

  const newClient = (ts: number): Client => ({
    ...{ messages: new DampedSums(), activity: new DampedSums(), since: ts },
    ...{ tally: { messages: 0, connections: 0 }, topics: new Set<string>() },
  });

  function count(packet: Packet, link: Link, context: Context): void {
    const { ts } = context;
    const { channel } = link;
    const broker = channel.resp.address;
    const client = getOrCreate(clients, channel, () => newClient(ts));
    if (client.activity.at(ts, TEN_SECONDS) < IDLE) {
      client.since = ts;
      client.tally = { messages: 0, connections: 0 };
      client.topics.clear();
    }
    let messages = 0;
    for (const { type, topic } of getOrCreate(streams, link, () => new MqttStream()).read(packet)) {
      if (!FROM_CLIENT.has(type)) break;
      client.activity.add(ts, 1);
      if (type === CONNECT) client.tally.connections++;
      if (type === PUBLISH || type === SUBSCRIBE) messages++;
      if (topic !== null && client.topics.size < MOST_TOPICS) client.topics.add(topic);
    }
    client.tally.messages += messages;
    if (messages === 0) return;
    client.messages.add(ts, messages);
    const rate = client.messages.at(ts, TEN_SECONDS);
    if (context.learning) usual.learn(broker, rate);
    const past = usual.of(broker);
    const bar = past === undefined ? MOST_MESSAGES : Math.max(FEWEST, PAST_FACTOR * past);
    if (rate < bar) return;
    context.report({
      kind: 'protocol-abuse',
      detector: 'mqtt-abuse',
      host: channel.orig,
      target: channel.resp,
      ts,
      since: client.since,
      strength: Math.log(rate / bar),
      evidence: {
        protocol: 'MQTT',
        ...client.tally,
        topics: client.topics.size,
        seconds: ts - client.since,
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
      count(packet, step.link, context);
    },
    save: () => usual.save(),
    load: (state: SavedUsual) => usual.load(state),
  };
}

/** With a past, a handful of messages in ten seconds is still nothing to speak of. */
const FEWEST = 10;

/**
 * Control packets of a client (MQTT 3.1.1, section 2) by type, and the topic of a PUBLISH: each once, though it may span
 * segments or be sent again.
 */
class MqttStream {
  /** Sequence number that is awaited; -1 before the first segment. */
  private next = -1;
  /** Bytes of the last control packet that are still to come. */
  private rest = 0;

  *read(packet: Packet): Generator<{ type: number; topic: string | null }> {
    const { bytes, payloadOffset, payloadLength, payloadCaptured } = packet;
    const seq = packet.tcpSeq >>> 0;
    const known = this.next < 0 ? 0 : (this.next - seq) | 0;
    if (known >= payloadLength) return;
    // After a gap the next segment is taken to begin a control packet.
    if (known < 0) this.rest = 0;
    this.next = (seq + payloadLength) >>> 0;
    const end = payloadOffset + payloadCaptured;
    let at = payloadOffset + Math.max(0, known) + this.rest;
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
      at = i + length;
      this.rest = Math.max(0, at - payloadOffset - payloadLength);
      yield { type, topic };
    }
    this.rest = Math.max(0, at - payloadOffset - payloadLength);
  }
}
