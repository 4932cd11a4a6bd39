/** sFlow v5 datagrams, built field by field from the format's document. */
import { bytesOf, u16, u32 } from './netflow-builder.ts';

const ip4 = (address: string): number[] => address.split('.').map(Number);

export const DEVICE = '192.168.1.7';
export const SERVER = '198.51.100.4';
const DEVICE_MAC = [2, 0x17, 0x88, 10, 11, 12];
const ROUTER_MAC = [2, 0, 0, 0, 0, 1];

export interface PacketShape {
  from?: string;
  to?: string;
  ports?: [number, number];
  /** TCP flags; a datagram of UDP without. */
  flags?: number;
  /** Bytes behind the headers. */
  payload?: number;
}

const sides = ({ from = DEVICE, to = SERVER }: PacketShape): number[] => [...ip4(from), ...ip4(to)];
const sizeOf = ({ flags, payload = 0 }: PacketShape): number => 20 + (flags === undefined ? 8 : 20) + payload;

/** An IPv4 packet of which nothing stands behind its headers, as in a header that was cut. */
export function ipPacket(shape: PacketShape): number[] {
  const { ports = [50_000, 443], flags, payload = 0 } = shape;
  const both = ports.flatMap(u16);
  const transport =
    flags === undefined
      ? [...both, ...u16(8 + payload), 0, 0]
      : [...both, ...u32(1), ...u32(1), 0x50, flags, ...u16(1000), 0, 0, 0, 0];
  const proto = flags === undefined ? 17 : 6;
  return [0x45, 0, ...u16(sizeOf(shape)), 0, 1, 0, 0, 64, proto, 0, 0, ...sides(shape), ...transport];
}

export function frame(shape: PacketShape, vlan: number[] = []): number[] {
  const isFromDevice = (shape.from ?? DEVICE) === DEVICE;
  const [source, destination] = isFromDevice ? [DEVICE_MAC, ROUTER_MAC] : [ROUTER_MAC, DEVICE_MAC];
  return [...destination, ...source, ...vlan, 8, 0, ...ipPacket(shape)];
}

/** A format and a length before bytes that are filled up to a multiple of four. */
export const opaque = (format: number, body: number[]): number[] => [
  ...u32(format),
  ...u32(body.length),
  ...body,
  ...new Array<number>((4 - (body.length % 4)) % 4).fill(0),
];

export const ETHERNET = 1;
export const IPV4 = 11;
export const IPV6 = 12;

/** The header of a packet that was `length` bytes long. */
export const rawHeader = (header: number[], protocol = ETHERNET, length = header.length + 4): number[] => {
  const padding = new Array<number>((4 - (header.length % 4)) % 4).fill(0);
  return opaque(1, [...u32(protocol), ...u32(length), ...u32(4), ...u32(header.length), ...header, ...padding]);
};

/** A sampled Ethernet frame, as a switch sends it. */
export const sampledFrame = (shape: PacketShape): number[] => rawHeader(frame(shape), ETHERNET, 14 + sizeOf(shape) + 4);

export const sampledIpv4 = (shape: PacketShape): number[] => {
  const { ports = [50_000, 443], flags } = shape;
  const proto = flags === undefined ? 17 : 6;
  const body = [...u32(sizeOf(shape)), ...u32(proto), ...sides(shape), ...ports.flatMap(u32)];
  return opaque(3, [...body, ...u32(flags ?? 0), ...u32(0)]);
};

let samples = 0;
export const flowSample = (rate: number, ...records: number[][]): number[] =>
  opaque(1, [
    ...[u32(++samples), u32(3), u32(rate), u32(samples * rate), u32(0), u32(3), u32(1)].flat(),
    ...u32(records.length),
    ...records.flat(),
  ]);

/** The same with interfaces of 64 bits. */
export const expandedFlowSample = (rate: number, ...records: number[][]): number[] =>
  opaque(3, [
    ...[u32(++samples), u32(0), u32(3), u32(rate), u32(samples * rate), u32(0)].flat(),
    ...[u32(0), u32(3), u32(0), u32(1)].flat(),
    ...u32(records.length),
    ...records.flat(),
  ]);

/** Generic counters of an interface. */
export const counterSample = (isExpanded = false): number[] =>
  opaque(isExpanded ? 4 : 2, [
    ...u32(9),
    ...(isExpanded ? [...u32(0), ...u32(3)] : u32(3)),
    ...u32(1),
    ...opaque(1, new Array<number>(88).fill(1)),
  ]);

export interface Agent {
  address?: string | number[];
  subAgent?: number;
  sequence?: number;
  uptime?: number;
}

/** `address`: dotted, or the 16 bytes of an IPv6 address. */
export function sflowDatagram(agent: Agent, ...all: number[][]): Buffer {
  const { address = '192.168.1.2', subAgent = 0, sequence = 1, uptime = 100_000 } = agent;
  const bytes = typeof address === 'string' ? [...u32(1), ...ip4(address)] : [...u32(2), ...address];
  const header = [...u32(5), ...bytes, ...u32(subAgent), ...u32(sequence), ...u32(uptime), ...u32(all.length)];
  return bytesOf(header, all.flat());
}

/** Two datagrams of a switch that picks one packet of 100: a connection from both sides, counters, an unanswered SYN. */
export function sflowFile(): Buffer {
  const there = { flags: 0x18, payload: 100 };
  const back = { from: SERVER, to: DEVICE, ports: [443, 50_000] as [number, number], flags: 0x18, payload: 1400 };
  const scan = { to: '198.51.100.9', ports: [50_001, 23] as [number, number], flags: 2 };
  return bytesOf(
    sflowDatagram({ sequence: 1 }, flowSample(100, sampledFrame(back)), counterSample()),
    sflowDatagram(
      { sequence: 2, uptime: 102_500 },
      flowSample(100, sampledFrame(there)),
      expandedFlowSample(100, sampledFrame(scan)),
    ),
  );
}
