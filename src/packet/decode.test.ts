import { describe, expect, it } from 'vitest';
import {
  bytes,
  DESTINATION,
  DESTINATION_6,
  ethernet,
  ipv4,
  ipv6,
  layeredFrames,
  PORTS,
  SOURCE,
  SOURCE_6,
  udp,
} from '../../test/capture/layered-frames.ts';
import { formatIpv4, formatIpv6 } from './address.ts';
import { decodePacket, decodeTunnel, TUNNEL_PACKET } from './decode.ts';
import { tunnelKind } from './layers/network/tunnel.ts';
import { Packet } from './packet.ts';
import { reasons } from './reason.ts';

function packetOf(frame: Uint8Array, linktype = 1, origlen = frame.length): Packet {
  const packet = new Packet();
  // Not at the beginning of its buffer, as in a capture.
  packet.bytes = bytes([1, 2, 3], frame, [4, 5, 6, 7]);
  packet.view = new DataView(packet.bytes.buffer);
  packet.offset = 3;
  packet.end = 3 + frame.length;
  packet.origlen = origlen;
  packet.linktype = linktype;
  return packet;
}

function decode(frame: Uint8Array, linktype = 1, origlen = frame.length): Packet {
  const packet = packetOf(frame, linktype, origlen);
  expect(decodePacket(packet, true)).toBe(packet.reason === 0);
  return packet;
}

const reasonOf = (frame: Uint8Array, origlen = frame.length): string => reasons[decode(frame, 1, origlen).reason];

/** Goes into UDP tunnels, which the flow table does once it knows the responder's port. */
function innermost(packet: Packet): Packet {
  for (let kind = tunnelKind(packet.dstPort); kind !== 0; kind = tunnelKind(packet.dstPort)) {
    expect(decodeTunnel(packet, kind, true)).toBe(TUNNEL_PACKET);
  }
  return packet;
}

function describeEnds(packet: Packet): string {
  const { src0, src1, src2, src3, dst0, dst1, dst2, dst3, srcPort, dstPort } = packet;
  const isV4 = packet.ipVersion === 4;
  const source = isV4 ? formatIpv4(src0) : formatIpv6(src0, src1, src2, src3);
  const destination = isV4 ? formatIpv4(dst0) : formatIpv6(dst0, dst1, dst2, dst3);
  return `${source} ${srcPort} > ${destination} ${dstPort} proto ${packet.proto}`;
}

describe('layers', () => {
  const v4 = `${SOURCE} ${PORTS.source} > ${DESTINATION} ${PORTS.destination} proto 17`;
  const v6 = `${SOURCE_6} ${PORTS.source} > ${DESTINATION_6} ${PORTS.destination} proto 17`;

  it.each(layeredFrames())('$name leads to the datagram inside', ({ frame, linktype }) => {
    const packet = innermost(decode(frame.bytes, linktype));
    expect([v4, v6]).toContain(describeEnds(packet));
    expect(packet.payloadLength).toBe(32);
    expect(packet.bytes.subarray(packet.payloadOffset, packet.payloadOffset + 32)).toEqual(
      Uint8Array.from({ length: 32 }, (_, i) => i),
    );
  });

  it('keeps both VLAN ids', () => {
    const frame = layeredFrames().find(({ name }) => name === 'QinQ')!.frame.bytes;
    expect(decode(frame)).toMatchObject({ vlan: 10, innerVlan: 20 });
  });

  it('a link type that is not known is refused, never guessed', () => {
    const frame = layeredFrames()[0].frame.bytes;
    for (const linktype of [2, 147, 250, 511, 65_535]) {
      expect(reasons[decode(frame, linktype).reason]).toBe('unsupported_linktype');
    }
  });

  it('ARP is sound and has no transport', () => {
    const packet = decode(ethernet(0x0806, bytes('0001 0800 06 04 0001', new Uint8Array(20))));
    expect(packet).toMatchObject({ arpOffset: 17, ipVersion: 0, srcPort: -1 });
  });

  it('an ICMP message has type and code in place of ports', () => {
    const packet = decode(ethernet(0x0800, ipv4(bytes('0303 0000 00000000'), { proto: 1 })));
    expect(packet).toMatchObject({ srcPort: 3, dstPort: 3, payloadLength: 0 });
  });
});

describe('broken packets are refused with a reason', () => {
  const datagram = ipv4(udp(new Uint8Array(8)));
  const tcp = (offset: number): Uint8Array => bytes('0050 1f90 00000001 00000000', [offset << 4, 2], '2000 0000 0000');
  const change = (packet: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const changed = packet.slice();
    changed.set(values, at);
    return changed;
  };

  it.each([
    ['IHL of 4', ethernet(0x0800, change(datagram, 0, 0x44)), 'invalid_ip_header_size'],
    ['total length below the header', ethernet(0x0800, change(datagram, 2, 0, 19)), 'invalid_ip_header_size'],
    ['total length beyond the frame', ethernet(0x0800, change(datagram, 2, 0, 200)), 'truncated_ip_length'],
    ['total length 0', ethernet(0x0800, change(datagram, 2, 0, 0)), 'ip_header_length_zero'],
    ['version 5', ethernet(0x0800, change(datagram, 0, 0x55)), 'unknown_ip_version'],
    ['IPv4 header checksum', ethernet(0x0800, change(datagram, 10, 0, 0)), 'bad_ip_checksum'],
    ['UDP length 0', ethernet(0x0800, change(datagram, 24, 0, 0)), 'bad_udp_length'],
    ['UDP length 7', ethernet(0x0800, change(datagram, 24, 0, 7)), 'bad_udp_length'],
    ['UDP header cut by IP', ethernet(0x0800, ipv4(new Uint8Array(7))), 'truncated_header'],
    ['TCP offset 4', ethernet(0x0800, ipv4(tcp(4), { proto: 6 })), 'bad_tcp_header_length'],
    ['TCP offset 15 without options', ethernet(0x0800, ipv4(tcp(15), { proto: 6 })), 'truncated_header'],
    ['TCP header cut by IP', ethernet(0x0800, ipv4(new Uint8Array(19), { proto: 6 })), 'truncated_header'],
    ['IPv6 payload 0', ethernet(0x86dd, ipv6(new Uint8Array(0), 6)), 'ipv6_payload_zero'],
    [
      'IPv6 payload beyond the frame',
      ethernet(0x86dd, change(ipv6(new Uint8Array(8)), 4, 1, 0)),
      'truncated_ip_length',
    ],
    [
      'IPv6 extension beyond the payload',
      ethernet(0x86dd, ipv6(bytes([17, 9, 0, 0, 0, 0, 0, 0]), 0)),
      'invalid_ip_header_size',
    ],
    ['GRE version 2', ethernet(0x0800, ipv4(bytes('0002 0800'), { proto: 47 })), 'unknown_gre'],
    ['ARP without addresses', ethernet(0x0806, bytes('0001 0800 06 04 0001')), 'truncated_arp'],
  ])('%s', (_name, frame, reason) => {
    expect(reasonOf(frame)).toBe(reason);
  });

  it('every frame of 0 to 60 bytes is decoded or refused, whatever is in it', () => {
    for (const { frame } of layeredFrames()) {
      for (let length = 0; length <= 60; length++) {
        const packet = decode(frame.bytes.subarray(0, length), 1, frame.bytes.length);
        if (packet.reason === 0) expect(packet.next).toBeLessThanOrEqual(packet.end);
      }
    }
  });

  it('a header that the capture cut is refused, payload that it cut is not', () => {
    const frame = ethernet(0x0800, ipv4(udp(new Uint8Array(100))));
    expect(reasonOf(frame.subarray(0, 30), frame.length)).toBe('truncated_ip');
    expect(reasonOf(frame.subarray(0, 41), frame.length)).toBe('internally_truncated_header');
    expect(decode(frame.subarray(0, 50), 1, frame.length)).toMatchObject({
      reason: 0,
      payloadLength: 100,
      payloadCaptured: 8,
    });
  });

  it('TCP options may be cut off by the capture', () => {
    const segment = bytes('0050 1f90 00000001 00000000 8002 2000 0000 0000', new Uint8Array(12), [1, 2, 3]);
    const frame = ethernet(0x0800, ipv4(segment, { proto: 6 }));
    expect(decode(frame.subarray(0, 54), 1, frame.length)).toMatchObject({
      reason: 0,
      tcpFlags: 2,
      payloadLength: 3,
      payloadCaptured: 0,
    });
  });
});

describe('layers without end are given up', () => {
  const repeat = (count: number, part: Uint8Array): Uint8Array => bytes(...Array.from({ length: count }, () => part));

  it('64 VLAN tags', () => {
    const frame = bytes(new Uint8Array(12), repeat(64, bytes('8100 0001')), '0800', ipv4(udp([])));
    expect(reasonOf(frame)).toBe('too_many_layers');
  });

  it('IP in IP, 64 times', () => {
    let packet = ipv4(udp([]));
    for (let i = 0; i < 64; i++) packet = ipv4(packet, { proto: 4 });
    expect(reasonOf(ethernet(0x0800, packet))).toBe('too_many_layers');
  });

  it('200 IPv6 extension headers', () => {
    const options = repeat(200, bytes([60, 0, 1, 4, 0, 0, 0, 0]));
    expect(reasonOf(ethernet(0x86dd, ipv6(bytes(options, udp([])), 60)))).toBe('too_many_layers');
  });

  it('a stack of MPLS labels without a bottom', () => {
    expect(reasonOf(ethernet(0x8847, repeat(64, bytes('00001000'))))).toBe('too_many_layers');
  });
});
