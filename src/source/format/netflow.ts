/**
 * A file of export messages one after the other: IPFIX files (RFC 5655) and datagrams of NetFlow v1, v5, v7 and v9 as
 * they came. v9 does not say how long a message is; it ends where the next set would be one of the numbers 5, 7, 9 and 10,
 * which no set has and every version behind v1 is.
 */
import { defineFlowFormat } from '../flow-format.ts';
import { EARLIEST } from '../netflow/complete.ts';
import { legacyLayouts } from '../netflow/legacy.ts';
import { MAX_MESSAGE } from '../netflow/message.ts';
import { readMessages } from '../netflow/message-file.ts';

const V9_HEADER = 20;
const IPFIX_HEADER = 16;

const versions: ReadonlySet<number> = new Set([...Object.keys(legacyLayouts).map(Number), 9, 10]);
/** Of these no set of v9 has the number: 1 is its template of options. */
const beginsMessage = (id: number): boolean => id > 3 && versions.has(id);

export const netflow = defineFlowFormat({
  format: 'netflow',
  title: 'NetFlow and IPFIX',
  recognise: ({ bytes }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = messageLength(view, 0, true);
    if (length === null || length > bytes.length) return false;
    // Two bytes are a weak sign: what follows must be a message again, or nothing.
    return length === bytes.length || (length + 2 <= bytes.length && versions.has(view.getUint16(length)));
  },
  read: (input, _head, rows) => readMessages(input, rows, messageLength),
});

/** Bytes of the message at `at`; null where that cannot be said (yet). May be more than there is. */
function messageLength(view: DataView, at: number, last: boolean): number | null {
  const left = view.byteLength - at;
  const version = left >= 2 ? view.getUint16(at) : 0;
  if (Object.hasOwn(legacyLayouts, version)) {
    const { header, record, most } = legacyLayouts[version];
    const count = left >= header ? view.getUint16(at + 2) : 0;
    // Of two small numbers anything may consist: the clock of the exporter is a third sign.
    const isLikely = version === 5 || (left >= header && view.getUint32(at + 8) >= EARLIEST);
    return count >= 1 && count <= most && isLikely ? header + count * record : null;
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
    if (beginsMessage(id)) return at - from;
    if ((id > 3 && id < 256) || length < 4 || at + length - from > MAX_MESSAGE) return null;
    at += length;
  }
  return last ? Math.max(at, view.byteLength) - from : null;
}
