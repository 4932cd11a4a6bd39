import { wireText } from '../../text.ts';

/** The first packet of an MQTT client (MQTT 3.1.1 and 5, section 3.1). */
export interface MqttConnect {
  /** 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5. */
  version: number;
  cleanSession: boolean;
  keepAliveSeconds: number;
  clientId: string;
  userName: string | null;
}

const CONNECT = 0x10;

/** Offset behind the remaining length (one to four bytes, seven bits each), or -1. */
function behindLength(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to && at < from + 5; at++) if (bytes[at] < 0x80) return at + 1;
  return -1;
}

/** Whether a CONNECT begins at `from`: its type, and the protocol's name MQTT or MQIsdp. */
export function looksLikeMqttConnect(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== CONNECT) return false;
  const at = behindLength(bytes, from, to);
  if (at < 0 || at + 7 > to) return false;
  const length = (bytes[at] << 8) | bytes[at + 1];
  return (length === 4 || length === 6) && bytes[at + 2] === 0x4d && bytes[at + 3] === 0x51;
}

export function parseMqttConnect(bytes: Uint8Array, from: number, to: number): MqttConnect | null {
  if (!looksLikeMqttConnect(bytes, from, to)) return null;
  const start = behindLength(bytes, from, to);
  const header = start + 2 + ((bytes[start] << 8) | bytes[start + 1]);
  if (header + 4 > to) return null;
  const version = bytes[header];
  const flags = bytes[header + 1];
  let at = header + 4;
  if (version >= 5) at = skipProperties(bytes, at, to);
  const clientId = at < 0 ? null : readString(bytes, at, to);
  if (clientId === null) return null;
  at = clientId.next;
  if ((flags & 0x04) !== 0) at = skipWill(bytes, at, to, version);
  const userName = (flags & 0x80) !== 0 && at >= 0 ? readString(bytes, at, to) : null;
  return {
    version,
    cleanSession: (flags & 0x02) !== 0,
    keepAliveSeconds: (bytes[header + 2] << 8) | bytes[header + 3],
    clientId: clientId.text,
    userName: userName?.text ?? null,
  };
}

function readString(bytes: Uint8Array, at: number, to: number): { text: string; next: number } | null {
  if (at + 2 > to) return null;
  const next = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
  return next > to ? null : { text: wireText(bytes, at + 2, next), next };
}

/** Offset behind the topic and message of the will, or -1. */
function skipWill(bytes: Uint8Array, at: number, to: number, version: number): number {
  const start = version >= 5 ? skipProperties(bytes, at, to) : at;
  const topic = start < 0 ? null : readString(bytes, start, to);
  const message = topic === null ? null : readString(bytes, topic.next, to);
  return message?.next ?? -1;
}

function skipProperties(bytes: Uint8Array, at: number, to: number): number {
  let length = 0;
  for (let i = 0; i < 4 && at + i < to; i++) {
    length |= (bytes[at + i] & 0x7f) << (7 * i);
    if (bytes[at + i] < 0x80) return at + i + 1 + length > to ? -1 : at + i + 1 + length;
  }
  return -1;
}
