/** What the fast and the slow path of TCP share. Constants only: the compiled kernel takes this file as it is. */

/** A jump of the sequence numbers in a SYN or RST beyond this is not believed. */
export const TOO_LARGE_SEQ_DELTA = 1 << 20;
/** Zeek's `tcp_max_initial_window` and `tcp_max_above_hole_without_any_acks`. */
export const MAX_UNACKNOWLEDGED = 16_384;
/** Zeek's `tcp_excessive_data_without_further_acks`. */
export const MAX_BUFFERED = 10 * 1024 * 1024;

/** Bits of `history` that are set once; the responder's are shifted by sixteen. */
export const SYN_PACKET = 0x1;
export const FIN_PACKET = 0x2;
export const RST_PACKET = 0x4;
export const FIN_RST_PACKET = 0x8;
export const DATA_PACKET = 0x10;
export const ACK_PACKET = 0x20;
export const MULTI_FLAG_PACKET = 0x40;
