import { looksLikeDhcp } from '../../packet/layers/application/dhcp.ts';
import { looksLikeDns } from '../../packet/layers/application/dns.ts';
import { ntpMode } from '../../packet/layers/application/ntp.ts';
import { looksLikeQuic } from '../../packet/layers/application/quic.ts';
import type { Packet } from '../../packet/packet.ts';
import { latin1Text } from '../../packet/text.ts';
import { serviceBit } from './service.ts';

const DNS = serviceBit('dns');
const DHCP = serviceBit('dhcp');
const NTP = serviceBit('ntp');
const QUIC = serviceBit('quic') | serviceBit('ssl');
const SIP = serviceBit('sip');

/** The service that a datagram's payload shows, 0 for none. A port only says how strictly its protocol is asked for. */
export function udpService(packet: Packet): number {
  const { bytes, payloadOffset: from, srcPort, dstPort } = packet;
  const to = from + packet.payloadCaptured;
  const isDnsPort = isDns(srcPort) || isDns(dstPort);
  if (looksLikeDns(bytes, from, to, !isDnsPort)) return DNS;
  if (looksLikeDhcp(bytes, from, to)) return DHCP;
  if ((srcPort === 123 || dstPort === 123) && ntpMode(bytes, from, to) > 0) return NTP;
  if (looksLikeQuic(bytes, from, to)) return QUIC;
  return looksLikeSip(bytes, from, to) ? SIP : 0;
}

function isDns(port: number): boolean {
  return port === 53 || port === 5353 || port === 5355 || port === 137;
}

/** RFC 3261: a request line or a status line ends with or begins with the version; a few letters suffice. */
function looksLikeSip(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 16 || bytes[from] < 0x41 || bytes[from] > 0x5a) return false;
  const text = latin1Text(bytes, from, from + 16);
  return /^(?:SIP\/2\.0 |(?:REGISTER|INVITE|OPTIONS|SUBSCRIBE|NOTIFY|MESSAGE) sips?:)/.test(text);
}
