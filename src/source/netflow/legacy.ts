/** NetFlow v1, v5 and v7: records of a fixed layout behind a header. */
import type { ExportClock } from './domain.ts';
import { type ExportedFlow, emptyFlow } from './exported-flow.ts';
import { ipv4 } from './value.ts';

export interface LegacyLayout {
  header: number;
  record: number;
  /** Records that fit into one datagram. */
  most: number;
  proto: number;
  flags: number;
}

/** What differs: where the protocol and the TCP flags stand, and what follows them. */
export const legacyLayouts: Readonly<Record<number, LegacyLayout>> = {
  1: { header: 16, record: 52, most: 24, proto: 38, flags: 40 },
  5: { header: 24, record: 48, most: 30, proto: 38, flags: 37 },
  7: { header: 24, record: 52, most: 28, proto: 38, flags: 37 },
};

export interface LegacyMessage {
  flows: ExportedFlow[];
  clock: ExportClock;
  /** Number of the first flow since the exporter started; null where the version has none. */
  sequence: number | null;
  /** Engine type and number: each counts for itself. */
  engine: number;
  /** One packet of so many is counted; 0 and 1: all. */
  sampling: number;
  isShort: boolean;
}

/** Null where not even the header is there. */
export function decodeLegacy(view: DataView, version: number, exporter: string): LegacyMessage | null {
  const layout = legacyLayouts[version];
  if (view.byteLength < layout.header) return null;
  const count = view.getUint16(2);
  const flows: ExportedFlow[] = [];
  let isShort = false;
  for (let i = 0; i < count; i++) {
    const at = layout.header + i * layout.record;
    isShort = at + layout.record > view.byteLength;
    if (isShort) break;
    flows.push(flowAt(view, at, layout, exporter));
  }
  return {
    flows,
    clock: { exported: view.getUint32(8) + view.getUint32(12) / 1e9, uptime: view.getUint32(4) },
    sequence: version === 1 ? null : view.getUint32(16),
    engine: version === 5 ? view.getUint16(20) : 0,
    sampling: version === 5 ? view.getUint16(22) & 0x3fff : 0,
    isShort,
  };
}

function flowAt(view: DataView, at: number, { proto, flags }: LegacyLayout, exporter: string): ExportedFlow {
  const flow = emptyFlow(exporter);
  flow.source = ipv4(view, at);
  flow.destination = ipv4(view, at + 4);
  flow.packets = view.getUint32(at + 16);
  flow.bytes = view.getUint32(at + 20);
  flow.startUptime = view.getUint32(at + 24);
  flow.endUptime = view.getUint32(at + 28);
  flow.sourcePort = view.getUint16(at + 32);
  flow.destinationPort = view.getUint16(at + 34);
  flow.flags = view.getUint8(at + flags);
  flow.proto = view.getUint8(at + proto);
  return flow;
}
