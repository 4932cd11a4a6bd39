/** Whether the first packet that was seen of a connection came from its responder: it was running already, or is an answer. */
import { type Packet, TCP_ACK, TCP_SYN } from '../packet/packet.ts';
import { isLikelyTcpServer, isLikelyUdpServer } from './service/likely-server-ports.ts';

const BROADCAST = -1; // 255.255.255.255

/** Starts without a SYN, from a port where servers are: the sender is probably the responder. */
export function isReversedTcp(packet: Packet): boolean {
  const { tcpFlags, srcPort, dstPort } = packet;
  if ((tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN || !isLikelyTcpServer(srcPort)) return false;
  // Both are plausible: the lower one is, unless it is a SYN-ACK, which stealth scans use.
  if (isLikelyTcpServer(dstPort)) return (tcpFlags & TCP_SYN) === 0 && srcPort < dstPort && !isBroadcast(packet);
  return !isBroadcast(packet);
}

export function isReversedUdp(packet: Packet): boolean {
  return isLikelyUdpServer(packet.srcPort) && !isLikelyUdpServer(packet.dstPort) && !isBroadcast(packet);
}

function isBroadcast(packet: Packet): boolean {
  return packet.ipVersion === 4 && packet.dst0 === BROADCAST;
}
