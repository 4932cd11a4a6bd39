/**
 * A packet as the forecaster sees it: the numbers of `guardian-packet`, the role of its segment, its direction, and
 * the pause of the device before it, whomever it talked to.
 */
import { PACKET_FEATURES } from '../../feature/guardian-packet.ts';

/** Roles of a segment, as in packetContext: SYN, SYN-ACK, RST, FIN, empty, data. */
const ROLES = 6;
const DIRECTION = PACKET_FEATURES + ROLES;
const [ROLE_BITS, DIRECTION_BIT] = [7, 8];

/** Where the pause stands: ln ms / 2, as pauses in `guardian-packet`. */
export const DEVICE_PAUSE = DIRECTION + 1;
export const ENCODED_PACKET = DEVICE_PAUSE + 1;

/** Fills out[0, ENCODED_PACKET) from packetFeatures, packetContext and the seconds since the device's last packet. */
export function encodePacket(vector: Float32Array, context: number, pause: number, out: Float32Array): void {
  out.set(vector);
  out.fill(0, PACKET_FEATURES);
  out[PACKET_FEATURES + (context & ROLE_BITS)] = 1;
  out[DIRECTION] = context & DIRECTION_BIT ? 1 : 0;
  out[DEVICE_PAUSE] = 0.5 * Math.log1p(1000 * Math.max(0, pause));
}
