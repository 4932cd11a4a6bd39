/**
 * Information elements that become part of a flow: the IANA registry, whose numbers below 128 are those of NetFlow v9
 * too. All others are stepped over; those of vendors stand in vendor-element.ts. A reader only notes what was sent:
 * what an element means may depend on others (complete.ts).
 */
import type { ExportedFlow } from './exported-flow.ts';
import { hex, ipv4, ipv6, mac, name, ntp, unsigned } from './value.ts';

export type Reader = (flow: ExportedFlow, view: DataView, offset: number, length: number) => void;

type Field<T> = { [K in keyof ExportedFlow]-?: T extends ExportedFlow[K] ? K : never }[keyof ExportedFlow];

/** Numbers have at most eight bytes; what is longer is not one. */
export const number =
  (field: Field<number>): Reader =>
  (flow, view, offset, length) => {
    if (length <= 8) flow[field] = unsigned(view, offset, length);
  };

/** Some exporters send a counter twice, as 32 and 64 bits or under two numbers: one that is zero says nothing. */
export const counter =
  (field: Field<number>): Reader =>
  (flow, view, offset, length) => {
    if (length > 8) return;
    const value = unsigned(view, offset, length);
    if (value > 0 || flow[field] === null) flow[field] = value;
  };

/** Templates for both versions of IP have both addresses: the one that is not of this flow is zero. */
export const address =
  (field: 'source' | 'destination' | 'postDestination'): Reader =>
  (flow, view, offset, length) => {
    const text = length === 4 ? ipv4(view, offset) : length === 16 ? ipv6(view, offset) : null;
    if (text === null) return;
    const isZero = text === '0.0.0.0' || text === '::';
    if (!isZero || (flow[field] === null && field !== 'postDestination')) flow[field] = text;
  };

/** The frame as it came in counts; as it goes out it has the exporter's own addresses. */
const hardware =
  (field: 'sourceMac' | 'destinationMac', isOut = false): Reader =>
  (flow, view, offset, length) => {
    if (length !== 6 || (isOut && flow[field] !== null)) return;
    const text = mac(view, offset);
    if (text !== '00:00:00:00:00:00') flow[field] = text;
  };

const port =
  (field: 'sourcePort' | 'destinationPort' | 'postDestinationPort'): Reader =>
  (flow, view, offset, length) => {
    if (length > 4) return;
    const value = unsigned(view, offset, length);
    if (value <= 65_535 && (value > 0 || flow[field] === null)) flow[field] = value;
  };

const scaled =
  (field: Field<number>, perSecond: number): Reader =>
  (flow, view, offset, length) => {
    if (length <= 8) flow[field] = unsigned(view, offset, length) / perSecond;
  };

const moment =
  (field: Field<number>, perSecond: number): Reader =>
  (flow, view, offset, length) => {
    if (length === 8) flow[field] = ntp(view, offset, perSecond);
  };

/** Which bits were seen adds up, where an exporter sends them in several elements. */
export const bits =
  (field: 'flags' | 'answerFlags'): Reader =>
  (flow, view, offset, length) => {
    if (length <= 2) flow[field] = (flow[field] ?? 0) | unsigned(view, offset, length);
  };

const application: Reader = (flow, view, offset, length) => {
  if (length <= 8) flow.application = hex(view, offset, length);
};

export const service: Reader = (flow, view, offset, length) => {
  flow.service = name(view, offset, length);
};

export const elements: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, counter('bytes')],
  [2, counter('packets')],
  [4, number('proto')],
  [6, bits('flags')],
  [7, port('sourcePort')],
  [8, address('source')],
  [11, port('destinationPort')],
  [12, address('destination')],
  [21, number('endUptime')],
  [22, number('startUptime')],
  [23, counter('outBytes')],
  [24, counter('outPackets')],
  [27, address('source')],
  [28, address('destination')],
  [32, number('icmp4')],
  [34, number('samplingInterval')],
  [48, number('sampler')],
  [50, number('samplingInterval')],
  [56, hardware('sourceMac')],
  [57, hardware('destinationMac', true)],
  [58, counter('vlan')],
  [61, number('direction')],
  [80, hardware('destinationMac')],
  [81, hardware('sourceMac', true)],
  [85, counter('totalBytes')],
  [86, counter('totalPackets')],
  [95, application],
  [96, service],
  [139, number('icmp6')],
  [150, scaled('start', 1)],
  [151, scaled('end', 1)],
  [152, scaled('start', 1e3)],
  [153, scaled('end', 1e3)],
  [154, moment('start', 1e6)],
  [155, moment('end', 1e6)],
  [156, moment('start', 1e9)],
  [157, moment('end', 1e9)],
  [158, number('startBefore')],
  [159, number('endBefore')],
  [160, scaled('boot', 1e3)],
  [161, scaled('length', 1e3)],
  [162, scaled('length', 1e6)],
  [176, number('icmpType')],
  [177, number('icmpCode')],
  [178, number('icmpType')],
  [179, number('icmpCode')],
  [180, port('sourcePort')],
  [181, port('destinationPort')],
  [182, port('sourcePort')],
  [183, port('destinationPort')],
  [226, address('postDestination')],
  [228, port('postDestinationPort')],
  // Firewalls count both sides of a connection in one record.
  [231, counter('bytes')],
  [232, counter('answerBytes')],
  [233, number('event')],
  [239, number('biflowDirection')],
  [243, counter('vlan')],
  [282, address('postDestination')],
  [298, counter('packets')],
  [299, counter('answerPackets')],
  [302, number('sampler')],
  [322, scaled('observed', 1)],
  [323, scaled('observed', 1e3)],
  [324, moment('observed', 1e6)],
  [325, moment('observed', 1e9)],
  [352, counter('frameBytes')],
  [353, counter('frameBytes')],
  [365, hardware('sourceMac')],
  [366, address('source')],
]);

/** The same elements under the number of RFC 5103 mean the other direction. */
export const reverseElements: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, counter('answerBytes')],
  [2, counter('answerPackets')],
  [6, bits('answerFlags')],
  [85, counter('answerBytes')],
  [86, counter('answerPackets')],
  [231, counter('answerBytes')],
  [298, counter('answerPackets')],
]);
