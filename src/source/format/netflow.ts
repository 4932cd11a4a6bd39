/**
 * A file of export messages one after the other: IPFIX files (RFC 5655) and datagrams of NetFlow v5 and v9 as they
 * came. v9 does not say how long a message is; it ends where the next set would be one of the numbers 5, 9 and 10,
 * which no set has and every version is.
 */
import { AppError } from '../../errors.ts';
import { defineFlowFormat } from '../flow-format.ts';
import { Collector } from '../netflow/collector.ts';

const V5_HEADER = 24;
const V5_RECORD = 48;
const V5_MAX_RECORDS = 30;
const V9_HEADER = 20;
const IPFIX_HEADER = 16;
/** No datagram is longer. */
const MAX_MESSAGE = 65_535;

export const netflow = defineFlowFormat({
  format: 'netflow',
  title: 'NetFlow and IPFIX',
  recognise: ({ bytes }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = messageLength(view, 0, true);
    if (length === null || length > bytes.length) return false;
    // Two bytes are a weak sign: what follows must be a message again, or nothing.
    const next = length + 2 <= bytes.length ? view.getUint16(length) : 0;
    return length === bytes.length || next === 5 || next === 9 || next === 10;
  },
  async read(input, _head, rows) {
    const collector = new Collector(rows);
    let waiting = Buffer.alloc(0);
    let position = 0;
    const take = (last: boolean): void => {
      const view = new DataView(waiting.buffer, waiting.byteOffset, waiting.byteLength);
      let at = 0;
      while (at < waiting.length) {
        const length = messageLength(view, at, last);
        if (length === null && waiting.length - at < MAX_MESSAGE && !last) break;
        if (length === null || length === 0) {
          if (rows.tally.stats.offered === 0)
            throw new AppError('corrupt_netflow', { file: input.name, offset: position + at });
          // What came before is good; nothing says where the next message begins.
          rows.tally.reject('netflow.lost_position', null);
          rows.tally.truncate(position + at);
          at = waiting.length;
          break;
        }
        if (at + length > waiting.length) {
          if (!last) break;
          rows.tally.truncate(position + at);
        }
        collector.message(waiting.subarray(at, Math.min(waiting.length, at + length)), input.name);
        at += length;
      }
      position += Math.min(at, waiting.length);
      waiting = waiting.subarray(Math.min(at, waiting.length));
    };
    for await (const chunk of input.chunks) {
      if (rows.tally.stats.truncated) continue;
      waiting = Buffer.concat([waiting, chunk]);
      take(false);
    }
    if (!rows.tally.stats.truncated) take(true);
    collector.flush();
  },
});

/** Bytes of the message at `at`; null where that cannot be said (yet). May be more than there is. */
function messageLength(view: DataView, at: number, last: boolean): number | null {
  const left = view.byteLength - at;
  const version = left >= 2 ? view.getUint16(at) : 0;
  if (version === 5 && left >= V5_HEADER) {
    const count = view.getUint16(at + 2);
    return count >= 1 && count <= V5_MAX_RECORDS ? V5_HEADER + count * V5_RECORD : null;
  }
  if (version === 10 && left >= 4) {
    const length = view.getUint16(at + 2);
    return length >= IPFIX_HEADER ? length : null;
  }
  return version === 9 && left >= V9_HEADER ? v9Length(view, at, last) : null;
}

function v9Length(view: DataView, from: number, last: boolean): number | null {
  let at = from + V9_HEADER;
  while (at + 4 <= view.byteLength) {
    const id = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (id === 5 || id === 9 || id === 10) return at - from;
    if ((id > 3 && id < 256) || length < 4 || at + length - from > MAX_MESSAGE) return null;
    at += length;
  }
  return last ? Math.max(at, view.byteLength) - from : null;
}
