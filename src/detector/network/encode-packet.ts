/** A packet as the forecaster sees it: the numbers of `guardian-packet`, the role of its segment and its direction. */
import { PACKET_FEATURES } from '../../feature/guardian-packet.ts';

/** Roles of a segment, as in packetContext: SYN, SYN-ACK, RST, FIN, empty, data. */
const ROLES = 6;
const DIRECTION = PACKET_FEATURES + ROLES;
const [ROLE_BITS, DIRECTION_BIT] = [7, 8];

export const ENCODED_PACKET = DIRECTION + 1;

/** Fills out[0, ENCODED_PACKET) from packetFeatures and packetContext. */
export function encodePacket(vector: Float32Array, context: number, out: Float32Array): void {
  out.set(vector);
  out.fill(0, PACKET_FEATURES);
  out[PACKET_FEATURES + (context & ROLE_BITS)] = 1;
  out[DIRECTION] = context & DIRECTION_BIT ? 1 : 0;
}
