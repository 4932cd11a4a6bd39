import { DONE } from '../../layer.ts';
import type { Packet } from '../../packet.ts';
import { setPayload } from './tcp.ts';

/** Any transport without ports (IGMP, OSPF, SCTP, …): all of it is payload, and both ports are 0. */
export function decodeOtherTransport(packet: Packet): number {
  packet.srcPort = 0;
  packet.dstPort = 0;
  setPayload(packet, packet.next, packet.transportLength);
  return DONE;
}
