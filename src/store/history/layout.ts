/** How a connection becomes small numbers: its place in time, codes, flags. What is written once stays as it is. */

/** Ids of one millisecond. */
export const PER_MS = 2048;
const MS_PER_MINUTE = 60_000;
export const PER_MINUTE = MS_PER_MINUTE * PER_MS;
/** Before 2109 an id is a number that JavaScript knows exactly. */
const LATEST = Math.floor(Number.MAX_SAFE_INTEGER / PER_MS) - 1;

/** The first id of that moment (seconds since 1970). */
export const idAt = (ts: number): number =>
  Math.min(LATEST, Math.max(0, Math.floor(Math.round(ts * 1e6) / 1000))) * PER_MS;
export const timeOf = (id: number): number => Math.floor(id / PER_MS) / 1000;
export const minuteOf = (id: number): number => Math.floor(id / PER_MINUTE);

/** Zeek's conn_state; the place is what is stored. */
const states = ['S0', 'S1', 'SF', 'REJ', 'S2', 'S3', 'RSTO', 'RSTR', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'OTH'];
export const stateCode = (state: string | null): number | null => {
  const code = state === null ? -1 : states.indexOf(state);
  return code < 0 ? null : code;
};
export const stateOf = (code: number | null): string | null => (code === null ? null : (states[code] ?? null));

export const OUTWARD = 1;
export const LOCAL_ORIG = 2;
export const LOCAL_RESP = 4;
/** Where the addresses were known to be local or not. */
export const LOCAL_KNOWN = 8;
export const NEW = 16;
export const OPEN = 32;

export const protoNumbers = { tcp: [6], udp: [17], icmp: [1, 58] };
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const UID = /^C[0-9A-Za-z]{18}$/;
const WORD = 6;

/** Our uids hold three words of 32 bits: twelve bytes; of others the text. */
export function packUid(uid: string): Uint8Array | string {
  if (!UID.test(uid)) return uid;
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 3; word++) {
    let value = 0;
    // Pairs of digits, the lower pair and the lower digit first, as flow/uid.ts writes them.
    for (let pair = WORD - 2; pair >= 0; pair -= 2) {
      const at = 1 + word * WORD + pair;
      value = value * 3844 + DIGITS.indexOf(uid[at]) + 62 * DIGITS.indexOf(uid[at + 1]);
    }
    if (value > 0xffffffff) return uid;
    view.setUint32(word * 4, value);
  }
  return bytes;
}

export function unpackUid(uid: Uint8Array | string): string {
  if (typeof uid === 'string') return uid;
  const view = new DataView(uid.buffer, uid.byteOffset, uid.byteLength);
  let text = 'C';
  for (let word = 0; word < 3; word++) {
    const value = view.getUint32(word * 4);
    for (const pair of [value % 3844, Math.floor(value / 3844) % 3844, Math.floor(value / 3844 / 3844)]) {
      text += DIGITS[pair % 62] + DIGITS[Math.floor(pair / 62)];
    }
  }
  return text;
}
