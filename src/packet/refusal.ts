/** Why a packet is refused: the reasons that several layers give. */
import { REJECTED } from './layer.ts';
import type { Packet } from './packet.ts';
import { type Reason, reasonNumber } from './reason.ts';

/** A function that refuses the packet for one reason: `const truncated = refusal('truncated_gre')`. */
export function refusal(name: Reason): (packet: Packet) => typeof REJECTED {
  const number = reasonNumber(name);
  return (packet) => {
    packet.reason = number;
    return REJECTED;
  };
}

export const headerCut = refusal('internally_truncated_header');
export const invalidIpHeader = refusal('invalid_ip_header_size');
export const tooManyLayers = refusal('too_many_layers');
export const truncatedHeader = refusal('truncated_header');
export const truncatedIp = refusal('truncated_ip');
export const truncatedIpLength = refusal('truncated_ip_length');
export const truncatedLink = refusal('truncated_link_header');
export const unknownIpVersion = refusal('unknown_ip_version');
