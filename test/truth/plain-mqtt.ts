/** MQTT control packets of a client: each connection's bytes in order, then packet after packet (MQTT 3.1.1, 2). */
import type { PlainPacket } from './plain-packets.ts';

export function plainMqtt(packets: readonly PlainPacket[]) {
  const streams: Map<number, Buffer>[] = [];
  const open = new Map<number, Map<number, Buffer>>();
  for (const { sport, seq, payload, flags } of packets) {
    if ((flags & 0x12) === 0x02) open.delete(sport);
    if (payload.length === 0) continue;
    let stream = open.get(sport);
    if (!stream) {
      stream = new Map();
      open.set(sport, stream);
      streams.push(stream);
    }
    stream.set(seq, payload);
  }
  const found = { messages: 0, connections: 0, topics: new Set<string>() };
  for (const stream of streams) {
    const bytes = Buffer.concat([...stream].sort(([a], [b]) => (a - b) | 0).map(([, payload]) => payload));
    for (let at = 0; at + 2 <= bytes.length; ) {
      const type = bytes[at] >> 4;
      let [length, i, shift] = [0, at + 1, 0];
      do length += (bytes[i] & 127) << (7 * shift++);
      while (bytes[i++] & 128 && shift < 4);
      if (type === 1) found.connections++;
      if (type === 3 || type === 8) found.messages++;
      if (type === 3) found.topics.add(bytes.subarray(i + 2, i + 2 + bytes.readUInt16BE(i)).toString('latin1'));
      at = i + length;
    }
  }
  return { ...found, topics: found.topics.size };
}
