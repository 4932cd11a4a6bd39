/**
 * Information elements of NetFlow v9 and IPFIX (IANA registry; v9 uses the same numbers below 128) that become
 * fields of a flow. All others are stepped over.
 */

/** A unidirectional or bidirectional flow as the exporter described it. */
export interface ExportedFlow {
  source: string | null;
  destination: string | null;
  sourcePort: number | null;
  destinationPort: number | null;
  proto: number | null;
  packets: number | null;
  bytes: number | null;
  /** The other direction, where the exporter joins both (RFC 5103). */
  answerPackets: number | null;
  answerBytes: number | null;
  flags: number;
  answerFlags: number | null;
  /** Seconds since 1970. */
  start: number | null;
  end: number | null;
  sourceMac: string | null;
  destinationMac: string | null;
  vlan: number | null;
}

export const emptyFlow = (): ExportedFlow => ({
  source: null,
  destination: null,
  sourcePort: null,
  destinationPort: null,
  proto: null,
  packets: null,
  bytes: null,
  answerPackets: null,
  answerBytes: null,
  flags: 0,
  answerFlags: null,
  start: null,
  end: null,
  sourceMac: null,
  destinationMac: null,
  vlan: null,
});

/** What the header of the message says about time. */
export interface ExportClock {
  /** Epoch seconds at which the exporter's uptime counter was zero; null where the header has no uptime. */
  boot: number | null;
  /** Epoch seconds of export. */
  exported: number;
}

type Reader = (flow: ExportedFlow, view: DataView, offset: number, length: number, clock: ExportClock) => void;

/** Unsigned big-endian number of 1 to 8 bytes, as exporters may shorten them (RFC 7011, 6.2). */
export function unsigned(view: DataView, offset: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + view.getUint8(offset + i);
  return value;
}

export function ipv4(view: DataView, offset: number): string {
  return `${view.getUint8(offset)}.${view.getUint8(offset + 1)}.${view.getUint8(offset + 2)}.${view.getUint8(offset + 3)}`;
}

/** RFC 5952: the longest run of zero groups, of two or more, becomes `::`. */
export function ipv6(view: DataView, offset: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(offset + 2 * i).toString(16));
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`;
}

function mac(view: DataView, offset: number): string {
  return Array.from({ length: 6 }, (_, i) =>
    view
      .getUint8(offset + i)
      .toString(16)
      .padStart(2, '0'),
  ).join(':');
}

/** NTP's 64 bits: seconds since 1900 and their fraction (RFC 7011, 6.1.9). */
const ntp = (view: DataView, offset: number): number =>
  view.getUint32(offset) - 2_208_988_800 + view.getUint32(offset + 4) / 2 ** 32;

type Field<T> = { [K in keyof ExportedFlow]-?: ExportedFlow[K] extends T ? K : never }[keyof ExportedFlow];

const number =
  (field: Field<number | null>): Reader =>
  (flow, view, offset, length) => {
    flow[field] = unsigned(view, offset, length);
  };
const address =
  (field: 'source' | 'destination', read: typeof ipv4, size: number): Reader =>
  (flow, view, offset, length) => {
    if (length === size) flow[field] = read(view, offset);
  };
const hardware =
  (field: 'sourceMac' | 'destinationMac'): Reader =>
  (flow, view, offset, length) => {
    if (length === 6) flow[field] = mac(view, offset);
  };
const icmp: Reader = (flow, view, offset, length) => {
  if (length !== 2) return;
  flow.sourcePort = view.getUint8(offset);
  flow.destinationPort = view.getUint8(offset + 1);
};
const icmpPart =
  (field: 'sourcePort' | 'destinationPort'): Reader =>
  (flow, view, offset, length) => {
    flow[field] = unsigned(view, offset, length);
  };
const time =
  (
    field: 'start' | 'end',
    size: number,
    read: (view: DataView, offset: number, clock: ExportClock) => number | null,
  ): Reader =>
  (flow, view, offset, length, clock) => {
    if (length === size) flow[field] = read(view, offset, clock);
  };
const uptime = (view: DataView, offset: number, clock: ExportClock): number | null =>
  clock.boot === null ? null : clock.boot + view.getUint32(offset) / 1e3;
const milliseconds = (view: DataView, offset: number): number => unsigned(view, offset, 8) / 1e3;
const beforeExport = (view: DataView, offset: number, clock: ExportClock): number =>
  clock.exported - view.getUint32(offset) / 1e6;

export const elements: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, number('bytes')],
  [2, number('packets')],
  [4, number('proto')],
  [6, number('flags')],
  [7, number('sourcePort')],
  [8, address('source', ipv4, 4)],
  [11, number('destinationPort')],
  [12, address('destination', ipv4, 4)],
  [21, time('end', 4, uptime)],
  [22, time('start', 4, uptime)],
  [23, number('answerBytes')],
  [24, number('answerPackets')],
  [27, address('source', ipv6, 16)],
  [28, address('destination', ipv6, 16)],
  [32, icmp],
  [56, hardware('sourceMac')],
  [58, number('vlan')],
  [80, hardware('destinationMac')],
  [85, number('bytes')],
  [86, number('packets')],
  [139, icmp],
  [150, time('start', 4, (view, offset) => view.getUint32(offset))],
  [151, time('end', 4, (view, offset) => view.getUint32(offset))],
  [152, time('start', 8, milliseconds)],
  [153, time('end', 8, milliseconds)],
  [154, time('start', 8, ntp)],
  [155, time('end', 8, ntp)],
  [156, time('start', 8, ntp)],
  [157, time('end', 8, ntp)],
  [158, time('start', 4, beforeExport)],
  [159, time('end', 4, beforeExport)],
  [176, icmpPart('sourcePort')],
  [177, icmpPart('destinationPort')],
  [178, icmpPart('sourcePort')],
  [179, icmpPart('destinationPort')],
]);

/** The same elements under the number of RFC 5103 mean the other direction. */
export const REVERSE_ENTERPRISE = 29_305;
export const reverseElements: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, number('answerBytes')],
  [2, number('answerPackets')],
  [6, number('answerFlags')],
  [85, number('answerBytes')],
  [86, number('answerPackets')],
]);

/** In options: when the exporter's uptime counter was zero. IPFIX headers have no uptime. */
export const SYSTEM_INIT_MILLISECONDS = 160;

/** Elements of options that say that the exporter counts only some packets. */
export const samplingElements = new Set([34, 50, 305]);
