/** ARP over Ethernet for IPv4 (RFC 826), probes and announcements (RFC 5227). */
import { BROADCAST_MAC, UNSPECIFIED4, ZERO_MAC } from './address.ts';
import { allocate, put16 } from './bytes.ts';

const REQUEST = 1;
const REPLY = 2;

interface Station {
  readonly mac: Uint8Array;
  readonly ip: Uint8Array;
  readonly padded?: boolean;
}

function arpFrame(
  destination: Uint8Array,
  operation: number,
  sender: Station,
  targetMac: Uint8Array,
  targetIp: Uint8Array,
): Uint8Array {
  const frame = allocate(sender.padded ? 60 : 42);
  frame.set(destination, 0);
  frame.set(sender.mac, 6);
  put16(frame, 12, 0x0806);
  frame.set([0, 1, 0x08, 0, 6, 4], 14);
  put16(frame, 20, operation);
  frame.set(sender.mac, 22);
  frame.set(sender.ip, 28);
  frame.set(targetMac, 32);
  frame.set(targetIp, 38);
  return frame;
}

export function arpRequest(sender: Station, targetIp: Uint8Array, destination = BROADCAST_MAC): Uint8Array {
  return arpFrame(destination, REQUEST, sender, ZERO_MAC, targetIp);
}

export function arpReply(sender: Station, target: Station): Uint8Array {
  return arpFrame(target.mac, REPLY, sender, target.mac, target.ip);
}

/** "Is this address free?": the sender's address is still empty. */
export function arpProbe(mac: Uint8Array, wanted: Uint8Array): Uint8Array {
  return arpRequest({ mac, ip: UNSPECIFIED4 }, wanted);
}

/** "This address is mine": a request for the own address. */
export function arpAnnouncement(sender: Station): Uint8Array {
  return arpRequest(sender, sender.ip);
}
