/**
 * A file of export messages one after the other: IPFIX files (RFC 5655) and datagrams of NetFlow v5 and v9 as they
 * came. v9 does not say how long a message is; it ends where the next set would be one of the numbers 5, 9 and 10,
 * which no set has and every version is.
 */
import { defineFlowFormat } from '../flow-format.ts';
import { MAX_MESSAGE } from '../netflow/message.ts';
import { readMessages } from '../netflow/message-file.ts';

const V5_HEADER = 24;
const V5_RECORD = 48;
const V5_MAX_RECORDS = 30;
const V9_HEADER = 20;
const IPFIX_HEADER = 16;

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
  read: (input, _head, rows) => readMessages(input, rows, messageLength),
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
