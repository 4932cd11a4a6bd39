/**
 * The beginning of the fast path's memory: what both sides tell each other, and the senders that have shown a right
 * checksum. Constants only: AssemblyScript compiles this file too.
 */

/** Doubles. `records` stops before a packet at or after the first time, or before the second one, and leaves its time. */
export const NEXT_TICK = 0;
export const SET_BACK = 1;
export const DUE = 2;
/** Counts: records taken, those with a VLAN tag, over IPv6, ARP, of no protocol that is followed; payloads cut off. */
export const TAKEN = 3;
export const TAGGED = 4;
export const OVER_IPV6 = 5;
export const ARP = 6;
export const OTHER = 7;
export const TRUNCATED = 8;
/**
 * Doubles again: UDP over either version of IP; what is left to do of the packet behind which `records` stopped, the
 * record that it is, and its connection.
 */
export const DATAGRAMS = 10;
export const DATAGRAMS_OVER_IPV6 = 11;
export const EVENT = 12;
export const EVENT_AT = 13;
export const EVENT_SLOT = 14;
/** From this time on a watcher sees each packet again, and the time of the last packet that it did not see. */
export const WATCH_UNTIL = 15;
export const WATCH_NOW = 16;
/** The time of the packet before, and how many packets were earlier than the one before them. */
export const CLOCK = 21;
export const BACKWARDS = 22;
/** Words: the seed of the hash and the mask of its table, which may change. */
export const SEED = 18;
export const MASK = 19;
/**
 * Words: the first of the records that were given back (-1: none), and how many were ever used; those in use, the most
 * there may be, and how many connections there have been.
 */
export const FREE = 36;
export const USED = 37;
export const COUNT = 38;
export const CAPACITY = 39;
export const SERIALS = 40;
/** Word: what a watcher said under another number holds no more. */
export const WATCH_EPOCH = 34;

/** asc keeps the first kilobyte for itself. */
export const LEDGER_AT = 1024;
export const LEDGER_BYTES = 192;
/** A byte for each port: its bits say who expects servers there (../likely-server-ports.ts). */
export const UDP_SERVER = 2;
export const PORTS_AT = LEDGER_AT + LEDGER_BYTES;
export const PORTS_BYTES = 65_536;
/** Senders by their hash, one word each. */
export const SENDERS_AT = PORTS_AT + PORTS_BYTES;
export const SENDERS = 4096;
/** A record as it was before a packet that is refused after all. */
export const SCRATCH_AT = SENDERS_AT + SENDERS * 4;
export const SCRATCH_BYTES = 256;
/** Places that were looked at ahead. */
export const LOOK_AHEAD_AT = SCRATCH_AT + SCRATCH_BYTES;
export const LOOK_AHEAD_BYTES = 128;
/** Stations that packets are counted for (../station-counts.ts), eight doubles each: a cache line. */
export const STATIONS_AT = (LOOK_AHEAD_AT + LOOK_AHEAD_BYTES + 63) & ~63;
export const STATIONS = 4096;
export const STATION_DOUBLES = 8;
export const SENT = 0;
export const SENT_BYTES = 1;
export const RECEIVED = 2;
export const RECEIVED_BYTES = 3;
export const FORWARDED = 4;
/** Time of its last packet, and for how long it may be silent without being looked at. */
export const HEARD = 5;
export const SILENCE = 6;
/** Time of its last packet from an IPv4 address of its own. */
export const SPOKE = 7;

/** What a watcher says of a packet: the numbers of sender and receiver, counted from one, and flags. @public */
export const STATION_MASK = 0xfff;
export const RECEIVER_SHIFT = 12;
/** The receiver is to pass it on into the internet. */
export const FORWARDS = 1 << 24;
/** It comes from an IPv4 address of the sender's own. */
export const OWN = 1 << 25;

/** What is left to do of a packet that was taken; 0 where it was not. @public */
export const DONE = 1;
/** The deadline has come nearer: the wheel has to know. */
export const HURRIED = 2;
/** Somebody wants to look at the payload. */
export const OF_INTEREST = 4;
export const FROM_ORIGINATOR = 8;
/** The watcher wants to see it. */
export const SHOWN = 16;
/** It is the first of its connection, for which nobody waits yet. */
export const OPENED = 32;
/** So many places of the hash table in a row are ordinary; more, and somebody guessed the seed. */
export const MAXIMUM_PROBES = 256;
