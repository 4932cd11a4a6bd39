import { ByteCache } from '../../packet/byte-cache.ts';
import { parseCoap } from '../../packet/layers/application/coap.ts';
import { type DhcpMessage, dhcpTransaction, parseDhcp } from '../../packet/layers/application/dhcp.ts';
import { parseDhcpv6 } from '../../packet/layers/application/dhcpv6.ts';
import { type DnsMessage, dnsTypeName, parseDns } from '../../packet/layers/application/dns.ts';
import { type HttpHead, parseHttpHead } from '../../packet/layers/application/http.ts';
import { sshBanner } from '../../packet/layers/application/line-protocol.ts';
import { parseMqttConnect } from '../../packet/layers/application/mqtt.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Announcement, AppRecord } from '../app-record.ts';
import type { ConnectionReporter } from '../table/connection-reporter.ts';
import {
  DNS_MESSAGE,
  HTTP_09_REQUEST,
  HTTP_CONNECT,
  HTTP_REQUEST,
  MQTT_CONNECT,
  SSH_BANNER,
  TELNET,
  TLS_CLIENT,
  TLS_SERVER,
} from '../tcp/signature.ts';
import { DnsTransactions } from './dns-transactions.ts';
import { serviceSet } from './service.ts';
import { TlsSessions } from './tls-sessions.ts';

const DNS = serviceSet('dns').low;
const DHCP = serviceSet('dhcp').low;
const QUIC = serviceSet('quic').low;
const SSDP_PORT = 1900;
const DHCPV6_CLIENT = 546;
const DHCPV6_SERVER = 547;
const COAP_PORT = 5683;
/** Highest code of a request; answers are about what was asked. */
const COAP_REQUEST = 31;
const MAXIMUM_HEAD = 8192;
/** Messages that are kept to be known again, and how long they may be. */
const KEPT = 4096;
const MAXIMUM_KEPT = 1472;
/** Where the addresses of a DHCP message begin. */
const DHCP_ADDRESSES = 12;

/** A DNS message, as an answer and, once that was asked for, as an announcement. */
interface Said {
  message: DnsMessage | null;
  announced: Announced | null;
}

type Announced = Pick<Announcement, 'isResponse' | 'queries' | 'records'>;

/** Reads what recognised protocols say in the clear, and makes records of it. */
export class AppObserver {
  readonly #reporter: ConnectionReporter;
  readonly #onApp: (record: AppRecord) => void;
  readonly #dns: DnsTransactions;
  readonly #tls: TlsSessions;
  readonly #ssh = new Map<number, { ts: number; banners: string[] }>();
  readonly #said = new ByteCache<Said>(KEPT, MAXIMUM_KEPT);
  /** By operation: of requests and of replies. */
  readonly #dhcp = [
    undefined,
    new ByteCache<DhcpMessage>(256, MAXIMUM_KEPT),
    new ByteCache<DhcpMessage>(256, MAXIMUM_KEPT),
  ];
  readonly #heads = new ByteCache<HttpHead>(KEPT, MAXIMUM_KEPT);

  constructor(reporter: ConnectionReporter, onApp: (record: AppRecord) => void) {
    this.#reporter = reporter;
    this.#onApp = onApp;
    this.#dns = new DnsTransactions(reporter, onApp);
    this.#tls = new TlsSessions(reporter, onApp);
  }

  datagram(slot: number, packet: Packet, isOrig: boolean, service: number): void {
    const { bytes, payloadOffset: from, srcPort, dstPort } = packet;
    const to = from + packet.payloadCaptured;
    if ((service & DNS) !== 0) {
      const said = this.#saidIn(bytes, from, to);
      if (said.message === null) return;
      const protocol = announcementProtocol(srcPort) ?? announcementProtocol(dstPort);
      if (protocol === null) this.#dns.message(slot, packet.ts, 'udp', transactionId(bytes, from), said.message);
      else this.#announcement(packet, protocol, said, said.message);
    } else if ((service & DHCP) !== 0) {
      const message = this.#dhcpMessage(bytes, from, to);
      if (message !== null) this.#onApp({ kind: 'dhcp', ts: packet.ts, ...this.#reporter.sender(packet), message });
    } else if ((service & QUIC) !== 0) {
      if (isOrig) this.#tls.initial(slot, packet.ts, bytes, from, to);
    } else if (srcPort === SSDP_PORT || dstPort === SSDP_PORT) this.#ssdp(packet, this.#head(bytes, from, to));
    else if (dstPort === DHCPV6_SERVER || dstPort === DHCPV6_CLIENT) {
      const message = parseDhcpv6(bytes, from, to);
      if (message !== null) this.#onApp({ kind: 'dhcpv6', ts: packet.ts, ...this.#reporter.sender(packet), message });
    } else if (dstPort === COAP_PORT) this.#coap(packet, from, to);
  }

  /** The beginning of a direction of a TCP connection; false asks to be called again with more of it. */
  stream(slot: number, packet: Packet, signature: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { ts } = packet;
    switch (signature) {
      case TLS_CLIENT:
      case TLS_SERVER:
        return this.#tls.handshake(slot, ts, bytes, from, to);
      case HTTP_REQUEST:
      case HTTP_CONNECT:
      case HTTP_09_REQUEST: {
        const head = this.#head(bytes, from, to);
        if (head === null) return true;
        if (!head.isComplete && to - from < MAXIMUM_HEAD) return false;
        this.#http(slot, ts, head);
        return true;
      }
      case MQTT_CONNECT: {
        const connect = parseMqttConnect(bytes, from, to);
        if (connect === null) return to - from > MAXIMUM_HEAD;
        const { clientId: client_id, userName: user_name, version } = connect;
        this.#onApp({ kind: 'mqtt', ts, ...this.#reporter.connectionId(slot), client_id, user_name, version });
        return true;
      }
      case DNS_MESSAGE: {
        const length = (bytes[from] << 8) | bytes[from + 1];
        const { message } = this.#saidIn(bytes, from + 2, Math.min(to, from + 2 + length));
        if (message !== null) this.#dns.message(slot, ts, 'tcp', transactionId(bytes, from + 2), message);
        return true;
      }
      case SSH_BANNER:
        this.#sshBanner(slot, ts, sshBanner(bytes, from, to));
        return true;
      case TELNET:
        this.#onApp({ kind: 'telnet', ts, ...this.#reporter.connectionId(slot) });
        return true;
      default:
        return true;
    }
  }

  /** The connection is over: what was waiting for an answer is told as it is. */
  close(slot: number): void {
    this.#dns.close(slot);
    this.#tls.close(slot);
    const ssh = this.#ssh.get(slot);
    if (ssh === undefined) return;
    this.#ssh.delete(slot);
    const [client = null, server = null] = ssh.banners;
    this.#onApp({ kind: 'ssh', ts: ssh.ts, ...this.#reporter.connectionId(slot), client, server });
  }

  /** The message in [from, to), whatever its transaction: the same is asked and answered again and again. */
  #saidIn(bytes: Uint8Array, from: number, to: number): Said {
    const known = this.#said.find(bytes, from + 2, to);
    if (known !== undefined) return known;
    const said = { message: parseDns(bytes, from, to), announced: null };
    return this.#said.keep(bytes, from + 2, to, said);
  }

  /** Clients ask for the same again, and are answered the same: all but the transaction and the seconds. */
  #dhcpMessage(bytes: Uint8Array, from: number, to: number): DhcpMessage | null {
    // What comes before the addresses: operation, and an Ethernet address of six bytes.
    const kept =
      to - from < DHCP_ADDRESSES || bytes[from + 1] !== 1 || bytes[from + 2] !== 6
        ? undefined
        : this.#dhcp[bytes[from]];
    const known = kept?.find(bytes, from + DHCP_ADDRESSES, to);
    if (known !== undefined) return { ...known, transactionId: dhcpTransaction(bytes, from) };
    const message = parseDhcp(bytes, from, to);
    if (message !== null) kept?.keep(bytes, from + DHCP_ADDRESSES, to, message);
    return message;
  }

  #head(bytes: Uint8Array, from: number, to: number): HttpHead | null {
    const known = this.#heads.find(bytes, from, to);
    if (known !== undefined) return known;
    const head = parseHttpHead(bytes, from, to);
    return head === null ? null : this.#heads.keep(bytes, from, to, head);
  }

  #sshBanner(slot: number, ts: number, banner: string | null): void {
    if (banner === null) return;
    const ssh = this.#ssh.get(slot) ?? { ts, banners: [] };
    ssh.banners.push(banner);
    this.#ssh.set(slot, ssh);
  }

  #http(slot: number, ts: number, head: HttpHead): void {
    const { uid, id_orig_h, id_orig_p, id_resp_h, id_resp_p } = this.#reporter.connectionId(slot);
    this.#onApp({
      kind: 'http',
      ts,
      uid,
      id_orig_h,
      id_orig_p,
      id_resp_h,
      id_resp_p,
      method: head.method ?? '',
      host: head.fields.get('host') ?? null,
      uri: head.uri ?? '',
      user_agent: head.fields.get('user-agent') ?? null,
    });
  }

  #ssdp(packet: Packet, head: HttpHead | null): void {
    if (head === null) return;
    const { fields, method } = head;
    const { mac, address } = this.#reporter.sender(packet);
    this.#onApp({
      kind: 'ssdp',
      ts: packet.ts,
      mac,
      address,
      method,
      server: fields.get('server') ?? fields.get('user-agent') ?? null,
      location: fields.get('location') ?? null,
      target: fields.get('nt') ?? fields.get('st') ?? null,
      usn: fields.get('usn') ?? null,
    });
  }

  #coap(packet: Packet, from: number, to: number): void {
    const message = parseCoap(packet.bytes, from, to);
    if (message === null || message.code === 0 || message.code > COAP_REQUEST) return;
    const { uriPath: uri_path, coiotDevice: coiot_device } = message;
    this.#onApp({ kind: 'coap', ts: packet.ts, ...this.#reporter.sender(packet), uri_path, coiot_device });
  }

  #announcement(packet: Packet, protocol: Announcement['protocol'], said: Said, message: DnsMessage): void {
    if (protocol !== 'netbios') said.announced ??= announced(message, (name) => name);
    const { isResponse, queries, records } = said.announced ?? announced(message, netbiosName);
    const { ts } = packet;
    const { mac, address } = this.#reporter.sender(packet);
    this.#onApp({ kind: 'announcement', ts, mac, address, protocol, isResponse, queries, records });
  }
}

function announced(message: DnsMessage, text: (name: string) => string): Announced {
  const records = [...message.answers, ...message.others];
  return {
    isResponse: message.isResponse,
    queries: message.questions.map((question) => text(question.name)),
    records: records.map(({ name, type, data }) => ({ name: text(name), type: dnsTypeName(type), data })),
  };
}

const transactionId = (bytes: Uint8Array, from: number): number => (bytes[from] << 8) | bytes[from + 1];

function announcementProtocol(port: number): 'mdns' | 'llmnr' | 'netbios' | null {
  if (port === 5353) return 'mdns';
  if (port === 5355) return 'llmnr';
  return port === 137 ? 'netbios' : null;
}

/** First-level encoding of RFC 1001: each byte as two letters from A to P, sixteen bytes, the last one the type. */
function netbiosName(name: string): string {
  if (!/^[a-p]{32}/.test(name)) return name;
  let text = '';
  for (let i = 0; i < 30; i += 2)
    text += String.fromCharCode(((name.charCodeAt(i) - 97) << 4) | (name.charCodeAt(i + 1) - 97));
  return /^[\x20-\x7e]*$/.test(text) ? text.trimEnd() : name;
}
