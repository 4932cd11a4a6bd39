/** Tunnels that hide what is in them: WireGuard and OpenVPN. Their first messages are in the clear. */

/** Lengths of WireGuard's handshake by type: initiation, response, cookie. */
const WIREGUARD_LENGTHS: Readonly<Record<number, number>> = { 1: 148, 2: 92, 3: 64 };

/** A message of WireGuard's handshake: its type, three zeros, and exactly the length of that type. */
export function looksLikeWireguardHandshake(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 4 > to || bytes[from + 1] !== 0 || bytes[from + 2] !== 0 || bytes[from + 3] !== 0) return false;
  return WIREGUARD_LENGTHS[bytes[from]] === to - from;
}

const HARD_RESET_CLIENT_2 = 7;
const HARD_RESET_SERVER_2 = 8;
const HARD_RESET_CLIENT_3 = 10;

/**
 * A hard reset, with which OpenVPN begins: opcode and key 0, the session's number, perhaps a hash and times, then the
 * acknowledged packets and this one's number, which is 0. Without tls-auth it is 14 bytes from a client and 26 from a
 * server; with it 20 or 32 bytes of hash and 8 of time and number come between.
 */
export function looksLikeOpenvpn(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 14 || (bytes[from] & 0x07) !== 0) return false;
  switch (bytes[from] >>> 3) {
    case HARD_RESET_CLIENT_2:
    case HARD_RESET_CLIENT_3:
      return isResetOf(bytes, from, to, 14);
    case HARD_RESET_SERVER_2:
      return isResetOf(bytes, from, to, 26);
    default:
      return false;
  }
}

/** What tls-auth adds: nothing, or a hash of 16, 20, 32 or 64 bytes and eight of packet number and time. */
const ADDED = [0, 24, 28, 40, 72];

function isResetOf(bytes: Uint8Array, from: number, to: number, plain: number): boolean {
  const added = to - from - plain;
  if (!ADDED.includes(added)) return false;
  const acks = from + 9 + added;
  if (bytes[acks] !== (plain === 14 ? 0 : 1)) return false;
  const last = (bytes[to - 4] | bytes[to - 3] | bytes[to - 2] | bytes[to - 1]) === 0;
  // The session's number is drawn at random.
  return last && (bytes[from + 1] | bytes[from + 2] | bytes[from + 3] | bytes[from + 4]) !== 0;
}

/** Over TCP every packet has its length before it. */
export function looksLikeOpenvpnStream(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 16 > to) return false;
  const length = (bytes[from] << 8) | bytes[from + 1];
  return from + 2 + length === to && looksLikeOpenvpn(bytes, from + 2, to);
}
