import { looksLikeKerberos, looksLikeLdapRequest, looksLikeSnmp } from '../../packet/layers/application/ber.ts';
import { parseCoap } from '../../packet/layers/application/coap.ts';
import { looksLikeDhcp } from '../../packet/layers/application/dhcp.ts';
import { looksLikeDns } from '../../packet/layers/application/dns.ts';
import { looksLikeHttpRequest, looksLikeHttpResponse } from '../../packet/layers/application/http.ts';
import { looksLikeDnp3 } from '../../packet/layers/application/industrial.ts';
import {
  looksLikeDtls,
  looksLikeMatter,
  looksLikeRadius,
  looksLikeStun,
  looksLikeSyslog,
  looksLikeTftpRequest,
} from '../../packet/layers/application/management.ts';
import { ntpMode } from '../../packet/layers/application/ntp.ts';
import { looksLikeQuic } from '../../packet/layers/application/quic.ts';
import { looksLikeRdpUdpSyn } from '../../packet/layers/application/remote-desktop.ts';
import { looksLikeOpenvpn, looksLikeWireguardHandshake } from '../../packet/layers/application/vpn.ts';
import type { Packet } from '../../packet/packet.ts';
import { latin1Text } from '../../packet/text.ts';
import { type Services, serviceSet } from './service.ts';

/** Parts of a handshake, of which one alone says too little. */
export const DTLS_CLIENT = 1;
export const DTLS_SERVER = 2;
export const RDP_UDP_SYN = 4;
export const RDP_UDP_ANSWER = 8;

export interface UdpService extends Services {
  readonly handshake: number;
}

const of = (services: Services, handshake = 0): UdpService => ({ ...services, handshake });

const NONE = of(serviceSet());
const DNS = of(serviceSet('dns'));
const MDNS = of(serviceSet('dns', 'mdns'));
const LLMNR = of(serviceSet('dns', 'llmnr'));
const NETBIOS = of(serviceSet('dns', 'netbios-ns'));
const DHCP = of(serviceSet('dhcp'));
const NTP = of(serviceSet('ntp'));
const QUIC = of(serviceSet('quic', 'ssl'));
const SIP = of(serviceSet('sip'));
const KRB = of(serviceSet('krb'));
const LDAP = of(serviceSet('ldap_udp'));
const SNMP = of(serviceSet('snmp'));
const SYSLOG = of(serviceSet('syslog'));
const RADIUS = of(serviceSet('radius'));
const DNP3 = of(serviceSet('dnp3_udp'));
const TFTP = of(serviceSet('tftp'));
const SSDP = of(serviceSet('ssdp'));
const COAP = of(serviceSet('coap'));
const STUN = of(serviceSet('stun'));
const WIREGUARD = of(serviceSet('wireguard'));
const OPENVPN = of(serviceSet('openvpn'));
const MATTER = of(serviceSet('matter'));
const DTLS_HELLO = of(serviceSet(), DTLS_CLIENT);
const DTLS_ANSWER = of(serviceSet(), DTLS_SERVER);
const RDP_SYN = of(serviceSet(), RDP_UDP_SYN);
const RDP_ANSWER = of(serviceSet(), RDP_UDP_ANSWER);

/** What a datagram's payload shows. A port only says how strictly its protocol is asked for. */
export function udpService(packet: Packet): UdpService {
  const { bytes, payloadOffset: from, srcPort, dstPort } = packet;
  const to = from + packet.payloadCaptured;
  const names = isDns(dstPort) ? dstPort : isDns(srcPort) ? srcPort : 0;
  if (looksLikeDns(bytes, from, to, names === 0)) return dnsOf(names);
  if (looksLikeDhcp(bytes, from, to)) return DHCP;
  const byPort = onPort(dstPort, bytes, from, to) ?? onPort(srcPort, bytes, from, to);
  if (byPort !== null) return byPort;
  if (looksLikeQuic(bytes, from, to)) return QUIC;
  if (looksLikeSip(bytes, from, to)) return SIP;
  return byContent(bytes, from, to);
}

/** What is so short, or so plain, that it is taken for what it seems only on the port where that belongs. */
function onPort(port: number, bytes: Uint8Array, from: number, to: number): UdpService | null {
  switch (port) {
    case 123:
      return ntpMode(bytes, from, to) > 0 ? NTP : null;
    case 69:
      return looksLikeTftpRequest(bytes, from, to) ? TFTP : null;
    case 161:
    case 162:
      return looksLikeSnmp(bytes, from, to) ? SNMP : null;
    case 514:
      return looksLikeSyslog(bytes, from, to) ? SYSLOG : null;
    case 1812:
    case 1813:
      return looksLikeRadius(bytes, from, to) ? RADIUS : null;
    case 1900:
      return looksLikeHttpRequest(bytes, from, to) || looksLikeHttpResponse(bytes, from, to) ? SSDP : null;
    case 5540:
      return looksLikeMatter(bytes, from, to) ? MATTER : null;
    case 5683:
      return parseCoap(bytes, from, to) === null ? null : COAP;
    default:
      return null;
  }
}

function byContent(bytes: Uint8Array, from: number, to: number): UdpService {
  switch (bytes[from]) {
    case 0x30:
      return looksLikeLdapRequest(bytes, from, to) ? LDAP : NONE;
    case 0x05:
      return looksLikeDnp3(bytes, from, to) ? DNP3 : NONE;
    case 0x16:
      if (!looksLikeDtls(bytes, from, to)) return NONE;
      return bytes[from + 13] === 1 ? DTLS_HELLO : bytes[from + 13] === 2 ? DTLS_ANSWER : NONE;
    case 0xff:
      return looksLikeRdpUdpSyn(bytes, from, to) ? RDP_SYN : NONE;
    default:
      if (looksLikeKerberos(bytes, from, to)) return KRB;
      if (looksLikeStun(bytes, from, to)) return STUN;
      if (looksLikeWireguardHandshake(bytes, from, to)) return WIREGUARD;
      if (looksLikeOpenvpn(bytes, from, to)) return OPENVPN;
      return isRdpAnswer(bytes, from, to) ? RDP_ANSWER : NONE;
  }
}

/** The server's SYN and ACK together fill a datagram of the same length. */
const isRdpAnswer = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from === 1232 && (bytes[from + 7] & 0x05) === 0x05;

function dnsOf(port: number): UdpService {
  switch (port) {
    case 5353:
      return MDNS;
    case 5355:
      return LLMNR;
    case 137:
      return NETBIOS;
    default:
      return DNS;
  }
}

function isDns(port: number): boolean {
  return port === 53 || port === 5353 || port === 5355 || port === 137;
}

/** RFC 3261: a request line or a status line ends with or begins with the version; a few letters suffice. */
function looksLikeSip(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 16 || bytes[from] < 0x41 || bytes[from] > 0x5a) return false;
  const text = latin1Text(bytes, from, from + 16);
  return /^(?:SIP\/2\.0 |(?:REGISTER|INVITE|OPTIONS|SUBSCRIBE|NOTIFY|MESSAGE|ACK|BYE|CANCEL) sips?:)/.test(text);
}
