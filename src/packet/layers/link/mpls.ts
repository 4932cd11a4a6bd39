import { IP } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { refusal, tooManyLayers } from '../../refusal.ts';

const ENTRY = 4;
const BOTTOM_OF_STACK = 0x01;
const MAXIMUM_LABELS = 16;
const truncated = refusal('truncated_mpls');

/** MPLS (RFC 3032): a stack of labels. What follows is not said; it is taken for IP. */
export function decodeMpls(packet: Packet): number {
  const { bytes, end } = packet;
  let at = packet.next;
  for (let count = 0; count < MAXIMUM_LABELS; count++) {
    if (at + ENTRY > end) return truncated(packet);
    const isBottom = (bytes[at + 2] & BOTTOM_OF_STACK) !== 0;
    at += ENTRY;
    if (isBottom) {
      packet.next = at;
      return IP;
    }
  }
  return tooManyLayers(packet);
}
