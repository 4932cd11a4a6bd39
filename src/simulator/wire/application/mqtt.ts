/** MQTT 3.1.1 control packets (OASIS standard, section 2 and 3). */
import { ByteWriter } from '../bytes.ts';

function packet(first: number, body: (writer: ByteWriter) => void): Uint8Array {
  const inner = new ByteWriter();
  body(inner);
  const writer = new ByteWriter(inner.length + 5).u8(first);
  let rest = inner.length;
  do {
    writer.u8(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>>= 7;
  } while (rest > 0);
  return writer.bytes(inner.done()).done();
}

function text(writer: ByteWriter, value: string): void {
  writer.u16(value.length).ascii(value);
}

export interface ConnectOptions {
  clientId: string;
  username?: string;
  password?: string;
  keepAliveSeconds: number;
}

export function mqttConnect({ clientId, username, password, keepAliveSeconds }: ConnectOptions): Uint8Array {
  return packet(0x10, (writer) => {
    text(writer, 'MQTT');
    writer.u8(4).u8(0x02 | (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40));
    writer.u16(keepAliveSeconds);
    text(writer, clientId);
    if (username !== undefined) text(writer, username);
    if (password !== undefined) text(writer, password);
  });
}

/** Return code 0 accepted, 4 bad user name or password, 5 not authorised. */
export function mqttConnack(returnCode: number): Uint8Array {
  return Uint8Array.of(0x20, 2, 0, returnCode);
}

/** QoS 0 without, QoS 1 with a packet identifier. */
export function mqttPublish(topic: string, payload: Uint8Array, identifier?: number, retain = false): Uint8Array {
  return packet(0x30 | (identifier === undefined ? 0 : 0x02) | (retain ? 1 : 0), (writer) => {
    text(writer, topic);
    if (identifier !== undefined) writer.u16(identifier);
    writer.bytes(payload);
  });
}

export function mqttPuback(identifier: number): Uint8Array {
  return Uint8Array.of(0x40, 2, identifier >> 8, identifier & 255);
}

export function mqttSubscribe(identifier: number, topics: readonly string[]): Uint8Array {
  return packet(0x82, (writer) => {
    writer.u16(identifier);
    for (const topic of topics) {
      text(writer, topic);
      writer.u8(0);
    }
  });
}

export function mqttSuback(identifier: number, count: number): Uint8Array {
  return packet(0x90, (writer) => writer.u16(identifier).zeros(count));
}

export const MQTT_PINGREQ = Uint8Array.of(0xc0, 0);
export const MQTT_PINGRESP = Uint8Array.of(0xd0, 0);
export const MQTT_DISCONNECT = Uint8Array.of(0xe0, 0);
