import { wireText } from '../../text.ts';

/** The head of an HTTP/1 message (RFC 9112), and of SSDP (UPnP device architecture), which has the same form. */
export interface HttpHead {
  /** Null in a response. */
  method: string | null;
  uri: string | null;
  /** Null in a request. */
  status: number | null;
  /** Field names in lower case; of fields that come twice the first. */
  fields: ReadonlyMap<string, string>;
  /** Whether the empty line that ends the head is there. */
  isComplete: boolean;
}

const MAXIMUM_HEAD = 8192;
const MAXIMUM_FIELDS = 64;
const MAXIMUM_VALUE = 1024;

const methods = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'],
  ...['NOTIFY', 'M-SEARCH', 'SUBSCRIBE', 'UNSUBSCRIBE', 'PROPFIND', 'MKCOL', 'COPY', 'MOVE', 'REPORT', 'LOCK', 'QUERY'],
];
const methodBytes = methods.map((method) => Uint8Array.from(`${method} `, (character) => character.charCodeAt(0)));

/** Whether a request line begins at `from`: a known method and a space. */
export function looksLikeHttpRequest(bytes: Uint8Array, from: number, to: number): boolean {
  return methodBytes.some((method) => startsWith(bytes, from, to, method));
}

const VERSION = Uint8Array.from('HTTP/', (character) => character.charCodeAt(0));

/** Whether a status line begins at `from`. */
export function looksLikeHttpResponse(bytes: Uint8Array, from: number, to: number): boolean {
  return startsWith(bytes, from, to, VERSION) && from + 5 < to && bytes[from + 5] >= 0x30 && bytes[from + 5] <= 0x39;
}

function startsWith(bytes: Uint8Array, from: number, to: number, prefix: Uint8Array): boolean {
  if (from + prefix.length > to || bytes[from] !== prefix[0]) return false;
  for (let i = 1; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return false;
  return true;
}

/** Parses as much of a head as [from, to) holds; null where its first line is not HTTP. */
export function parseHttpHead(bytes: Uint8Array, from: number, to: number): HttpHead | null {
  const end = Math.min(to, from + MAXIMUM_HEAD);
  const isRequest = looksLikeHttpRequest(bytes, from, end);
  if (!isRequest && !looksLikeHttpResponse(bytes, from, end)) return null;
  let line = lineEnd(bytes, from, end);
  const first = wireText(bytes, from, Math.min(trimmed(bytes, from, line), from + MAXIMUM_VALUE)).split(' ');
  const fields = new Map<string, string>();
  let isComplete = false;
  let at = line + 1;
  while (at < end && fields.size < MAXIMUM_FIELDS) {
    line = lineEnd(bytes, at, end);
    if (line === end) break;
    const last = trimmed(bytes, at, line);
    if (last === at) {
      isComplete = true;
      break;
    }
    readField(fields, bytes, at, last);
    at = line + 1;
  }
  const status = isRequest ? null : Number.parseInt(first[1] ?? '', 10);
  return {
    method: isRequest ? first[0] : null,
    uri: isRequest ? (first[1] ?? '') : null,
    status: status === null || Number.isNaN(status) ? null : status,
    fields,
    isComplete,
  };
}

function readField(fields: Map<string, string>, bytes: Uint8Array, start: number, end: number): void {
  let colon = start;
  while (colon < end && bytes[colon] !== 0x3a) colon++;
  if (colon === end || colon === start) return;
  const name = wireText(bytes, start, colon).trim().toLowerCase();
  let value = colon + 1;
  while (value < end && (bytes[value] === 0x20 || bytes[value] === 0x09)) value++;
  if (!fields.has(name)) fields.set(name, wireText(bytes, value, Math.min(end, value + MAXIMUM_VALUE)));
}

/** Offset of the line feed, or `end`. */
function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== 0x0a) at++;
  return at;
}

/** `end` without the carriage return before it. */
function trimmed(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === 0x0d ? end - 1 : end;
}
