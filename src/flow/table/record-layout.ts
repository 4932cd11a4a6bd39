/**
 * What a connection's record holds and where, shared by the table and its fast path (kernel/assembly). Constants
 * only: AssemblyScript compiles this file too.
 */

/**
 * Words of a record: five cache lines, and records begin with a line. What the next packet of a connection over IPv4
 * needs is in the first two, because with a million connections each line is a wait for memory.
 */
export const WORDS = 80;
export const ORIG_ADDRESS = 0; // of IPv6, the first word
export const RESP_ADDRESS = 1;
export const PORTS = 2; // orig << 16 | resp
export const KIND = 3; // IP protocol | IPV6_KEY | ONE_WAY_KEY
export const HISTORY_SEEN = 4;
export const FLAGS = 5; // bits of a connection; its history's length is in the upper byte
export const ORIG_PACKETS = 6;
export const RESP_PACKETS = 7;
export const ORIG_ENDPOINT = 16; // eight words each
export const RESP_ENDPOINT = 24;
export const ORIG_COUNTERS = 32; // eight words each
export const RESP_COUNTERS = 40;
export const HISTORY = 52; // sixteen letters
export const SERVICES = 56;
export const WHEEL_BUCKET = 57;
export const WHEEL_PREVIOUS = 58;
export const WHEEL_NEXT = 59; // also links free slots
export const HASH = 60;
export const MACS = 61; // twelve bytes: originator, responder
export const ORIG_REST = 64; // the other three words of an IPv6 address
export const RESP_REST = 67;
export const VLANS = 70; // (vlan + 1) | (inner + 1) << 16
export const SERIAL = 71;
/** What a watcher said of the packets of a side (station-counts.ts), and when: two words each. */
export const ORIG_WATCH = 72;
export const RESP_WATCH = 74;
export const MORE_SERVICES = 76; // those that have no bit in SERVICES

/** Double-precision fields of a record, in doubles from its beginning. */
export const LAST = 4;
export const DEADLINE = 5;
export const ORIG_IP_BYTES = 6;
export const RESP_IP_BYTES = 7;
export const MISSED = 24;
export const START = 25;
/** UDP and ICMP keep payload bytes where TCP keeps its endpoints; -1 before the first packet of that side. */
export const ORIG_LENGTH = ORIG_ENDPOINT / 2;
export const RESP_LENGTH = RESP_ENDPOINT / 2;

export const IPV6_KEY = 0x100;
export const ONE_WAY_KEY = 0x200;
