/**
 * One packet, decoded into an object that is reused for every packet: nothing is allocated on the way from bytes to
 * headers. Offsets point into `bytes`; numbers that fill 32 bits are kept signed (`| 0`), so that they stay small
 * integers for the engine.
 */
export class Packet {
  // What the source knows. `bytes` and `view` cover the same buffer, which holds more than this packet.
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the frame begins, and one past its last captured byte. */
  offset = 0;
  end = 0;
  /** Bytes on the wire; more than `end - offset` where the capture cut the frame. */
  origlen = 0;
  /** Seconds since 1970 UTC. */
  ts = 0;
  /** LINKTYPE_ number of the capture file. */
  linktype = 1;

  /**
   * An IPv4 checksum or length of 0 is taken for one that the network card was to fill in, and not for damage. Set by
   * who reads, kept from packet to packet.
   */
  acceptsOffload = false;

  /** Which packet of a frame that holds several (802.11 A-MSDU) is decoded. Set by who reads, 0 for the first one. */
  subframe = 0;

  // What the decoder found. `next` is where the layer that is being decoded begins.
  next = 0;
  /** One past the last byte that belongs to the current layer on the wire; may lie behind `end`. */
  wireEnd = 0;
  /** Behind this packet the frame holds another one: `subframe` + 1. */
  hasMore = false;
  /** Index into `reasons`; 0 where the packet is sound. */
  reason = 0;
  /** Offset of the six-byte link-layer addresses, -1 where the link has none. */
  srcMac = -1;
  dstMac = -1;
  /** Outermost and next VLAN id, -1 where there is none. */
  vlan = -1;
  innerVlan = -1;
  etherType = 0;
  /** 4, 6, or 0 where there is no IP (ARP, LLDP, …). */
  ipVersion = 0;
  ipOffset = 0;
  /** Offset of the ARP packet, -1 where there is none. */
  arpOffset = -1;
  /** Header and payload in bytes, as the IP header says: 0 where the sender's network card was to fill it in. */
  ipTotalLength = 0;
  ttl = 0;
  /** Addresses as four words; an IPv4 address is in the first. */
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  /** Any fragment, the first one included. */
  isFragment = false;
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;
  /** IP protocol number of the transport. */
  proto = 0;
  transportOffset = 0;
  /** Bytes of the transport header and its payload, as the IP header says. */
  transportLength = 0;
  /** TCP and UDP ports; ICMP type and code. -1 before a transport was decoded. */
  srcPort = -1;
  dstPort = -1;
  tcpSeq = 0;
  tcpAck = 0;
  tcpFlags = 0;
  tcpWindow = 0;
  payloadOffset = 0;
  /** Payload bytes on the wire, and how many of them were captured. */
  payloadLength = 0;
  payloadCaptured = 0;
  /** Tunnels around the current IP header. */
  depth = 0;
  /** Addresses of the IP header that carries the current one directly (IP-in-IP, GRE); `carrierVersion` 0 for none. */
  carrierVersion = 0;
  carrierSrc0 = 0;
  carrierSrc1 = 0;
  carrierSrc2 = 0;
  carrierSrc3 = 0;
  carrierDst0 = 0;
  carrierDst1 = 0;
  carrierDst2 = 0;
  carrierDst3 = 0;

  /** Takes a whole frame that lies by itself. */
  load(bytes: Uint8Array, linktype: number, ts = this.ts): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.offset = 0;
    this.end = bytes.length;
    this.origlen = bytes.length;
    this.linktype = linktype;
    this.ts = ts;
  }
}

export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_ACK = 0x10;

export const PROTO_ICMP = 1;
export const PROTO_TCP = 6;
export const PROTO_UDP = 17;
export const PROTO_ICMPV6 = 58;
export const isIcmp = (proto: number): boolean => proto === PROTO_ICMP || proto === PROTO_ICMPV6;
