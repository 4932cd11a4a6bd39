/**
 * What a connection's record holds and where, shared by the table and its fast path (kernel/assembly). Constants
 * only: AssemblyScript compiles this file too.
 */

/** Words of a record. Fields that most packets touch share its first three cache lines. */
export const WORDS = 72;
export const ORIG_ADDRESS = 0; // four words; an IPv4 address is in the first
export const RESP_ADDRESS = 4;
export const PORTS = 8; // orig << 16 | resp
export const KIND = 9; // IP protocol | IPV6_KEY | ONE_WAY_KEY
export const HASH = 10;
export const WHEEL_PREVIOUS = 11;
export const WHEEL_NEXT = 12; // also links free slots
export const WHEEL_BUCKET = 13;
export const HISTORY_SEEN = 14;
export const FLAGS = 15; // bits of a connection; its history's length is in the upper byte
export const ORIG_PACKETS = 26;
export const RESP_PACKETS = 27;
export const HISTORY = 28; // sixteen letters
export const ORIG_ENDPOINT = 32; // eight words each
export const RESP_ENDPOINT = 40;
export const ORIG_COUNTERS = 48; // eight words each
export const RESP_COUNTERS = 56;
export const MACS = 64; // twelve bytes: originator, responder
export const VLANS = 67; // (vlan + 1) | (inner + 1) << 16
export const SERIAL = 68;
export const SERVICES = 69;

/** Double-precision fields of a record, in doubles from its beginning. */
export const START = 8;
export const LAST = 9;
export const DEADLINE = 10;
export const ORIG_IP_BYTES = 11;
export const RESP_IP_BYTES = 12;
export const MISSED = 35;
/** UDP and ICMP keep payload bytes where TCP keeps its endpoints; -1 before the first packet of that side. */
export const ORIG_LENGTH = ORIG_ENDPOINT / 2;
export const RESP_LENGTH = RESP_ENDPOINT / 2;

export const IPV6_KEY = 0x100;
export const ONE_WAY_KEY = 0x200;
