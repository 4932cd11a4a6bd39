import type { DhcpMessage } from '../packet/layers/application/dhcp.ts';
import type { Dhcpv6Message } from '../packet/layers/application/dhcpv6.ts';

/** What application protocols say in the clear, as records beside the connection's. Times in seconds since 1970. */
export type AppRecord =
  | DnsTransaction
  | TlsSession
  | HttpRequest
  | DhcpSighting
  | Dhcpv6Sighting
  | Announcement
  | SsdpMessage
  | MqttSession
  | SshSession
  | TelnetSession
  | CoapRequest;

interface OfConnection {
  ts: number;
  uid: string;
  id_orig_h: string;
  id_orig_p: number;
  id_resp_h: string;
  id_resp_p: number;
}

/** A query and its response (unicast DNS), fields as in Zeek's dns.log. */
export interface DnsTransaction extends OfConnection {
  kind: 'dns';
  proto: 'tcp' | 'udp';
  trans_id: number;
  /** Seconds from query to response; null where one of them was not seen. */
  rtt: number | null;
  query: string | null;
  qtype: number | null;
  qtype_name: string | null;
  rcode: number | null;
  rcode_name: string | null;
  AA: boolean;
  TC: boolean;
  RD: boolean;
  RA: boolean;
  answers: readonly string[];
  TTLs: readonly number[];
  /** Refused or otherwise failed, with nothing in it. */
  rejected: boolean;
}

/** A TLS or QUIC handshake; named as in Zeek's ssl.log where that has the field. */
export interface TlsSession extends OfConnection {
  kind: 'tls';
  transport: 'tcp' | 'quic';
  /** Negotiated version, or null where no server hello was seen. */
  version: string | null;
  /** Name of the negotiated cipher suite, `unknown-` and its number where it has none here. */
  cipher: string | null;
  server_name: string | null;
  next_protocol: string | null;
  /** Protocols that the client offered. */
  client_alpn: string[];
  ja3: string;
  ja3s: string | null;
  ja4: string;
}

export interface HttpRequest extends OfConnection {
  kind: 'http';
  method: string;
  host: string | null;
  uri: string;
  user_agent: string | null;
}

/** A datagram that tells about the device that sent it. */
interface Sighting {
  ts: number;
  /** Sender's link-layer and IP address. */
  mac: string | null;
  address: string;
}

export interface DhcpSighting extends Sighting {
  kind: 'dhcp';
  message: DhcpMessage;
}

export interface Dhcpv6Sighting extends Sighting {
  kind: 'dhcpv6';
  message: Dhcpv6Message;
}

/** Multicast DNS, LLMNR and NetBIOS: names that devices ask for and give out. */
export interface Announcement extends Sighting {
  kind: 'announcement';
  protocol: 'mdns' | 'llmnr' | 'netbios';
  isResponse: boolean;
  queries: readonly string[];
  records: readonly { name: string; type: string; data: string }[];
}

export interface SsdpMessage extends Sighting {
  kind: 'ssdp';
  /** NOTIFY, M-SEARCH, or null for an answer. */
  method: string | null;
  server: string | null;
  location: string | null;
  /** NT or ST. */
  target: string | null;
  usn: string | null;
}

export interface MqttSession extends OfConnection {
  kind: 'mqtt';
  client_id: string;
  user_name: string | null;
  version: number;
}

export interface SshSession extends OfConnection {
  kind: 'ssh';
  client: string | null;
  server: string | null;
}

/** Negotiation of telnet, whatever the port. */
export interface TelnetSession extends OfConnection {
  kind: 'telnet';
}

/** A request, or what a device tells of itself unasked. */
export interface CoapRequest extends Sighting {
  kind: 'coap';
  uri_path: string;
  /** Type, identity and version in Shelly's CoIoT. */
  coiot_device: string | null;
}
