/** A capture as plain rows, for counts that know nothing of the rules. */
import { type Frame, play } from '../../src/evaluation/traffic.ts';
import { formatIpv4, formatIpv6, formatMac } from '../../src/packet/address.ts';
import {
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
  arpOperation,
  isEthernetArp,
} from '../../src/packet/layers/link/arp.ts';
import { PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../src/packet/packet.ts';

export interface PlainPacket {
  ts: number;
  proto: 'tcp' | 'udp' | 'icmp' | 'arp' | 'other';
  src: string;
  dst: string;
  sport: number;
  dport: number;
  flags: number;
  seq: number;
  /** Payload bytes on the wire. */
  length: number;
  /** What was captured of them. */
  payload: Buffer;
  /** Of ARP. */
  mac: string;
  toMac: string;
  isRequest: boolean;
}

const NAMES: Record<number, PlainPacket['proto']> = {
  [PROTO_TCP]: 'tcp',
  [PROTO_UDP]: 'udp',
  [PROTO_ICMP]: 'icmp',
  58: 'icmp',
};
const ipv4 = (bytes: Uint8Array, at: number): string => [...bytes.subarray(at, at + 4)].join('.');

export function plainPackets(frames: readonly Frame[]): PlainPacket[] {
  const rows: PlainPacket[] = [];
  play(frames, (packet) => {
    const { bytes, payloadOffset: at, payloadCaptured, payloadLength } = packet;
    if (isEthernetArp(packet)) {
      const { arpOffset } = packet;
      rows.push({
        ...{ ts: packet.ts, proto: 'arp', sport: 0, dport: 0, flags: 0, seq: 0, length: 0, payload: Buffer.alloc(0) },
        src: ipv4(bytes, arpOffset + ARP_SENDER_IP),
        dst: ipv4(bytes, arpOffset + ARP_TARGET_IP),
        mac: formatMac(bytes, arpOffset + ARP_SENDER_MAC) ?? '',
        toMac: formatMac(bytes, arpOffset + ARP_TARGET_MAC) ?? '',
        isRequest: arpOperation(packet) === 1,
      });
      return;
    }
    // Later fragments have no ports, and are of no use but to show who sends.
    const isRest = packet.srcPort < 0;
    if (packet.ipVersion === 0 || (isRest && !packet.isFragment)) return;
    rows.push({
      ...{
        ts: packet.ts,
        proto: isRest ? 'other' : (NAMES[packet.proto] ?? 'other'),
        sport: packet.srcPort,
        dport: packet.dstPort,
      },
      src:
        packet.ipVersion === 4
          ? formatIpv4(packet.src0)
          : formatIpv6(packet.src0, packet.src1, packet.src2, packet.src3),
      dst:
        packet.ipVersion === 4
          ? formatIpv4(packet.dst0)
          : formatIpv6(packet.dst0, packet.dst1, packet.dst2, packet.dst3),
      ...{
        flags: packet.tcpFlags,
        seq: packet.tcpSeq >>> 0,
        length: payloadLength,
        mac: '',
        toMac: '',
        isRequest: false,
      },
      payload: Buffer.from(bytes.subarray(at, at + payloadCaptured)),
    });
  });
  return rows;
}
