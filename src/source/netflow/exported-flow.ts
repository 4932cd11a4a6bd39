/** A flow as an exporter describes it: first the elements as they came, then (complete.ts) what they mean together. */

export interface ExportedFlow {
  /** Who exported it: an address, or the name of a file. */
  exporter: string;
  source: string | null;
  destination: string | null;
  sourcePort: number | null;
  destinationPort: number | null;
  /** After address translation; null where the exporter has not translated anything. */
  postDestination: string | null;
  postDestinationPort: number | null;
  proto: number | null;
  /** ICMP's type and code as one number, and each for itself. */
  icmp4: number | null;
  icmp6: number | null;
  icmpType: number | null;
  icmpCode: number | null;
  packets: number | null;
  bytes: number | null;
  /** Since the flow began (85, 86), where no deltas were sent. */
  totalPackets: number | null;
  totalBytes: number | null;
  /** Bytes of frames (352, 353). */
  frameBytes: number | null;
  /** The other direction, where the exporter joins both (RFC 5103, firewall events). */
  answerPackets: number | null;
  answerBytes: number | null;
  /** Counters of the egress side (23, 24): of the other direction beside own ones, else the only ones. */
  outPackets: number | null;
  outBytes: number | null;
  /** TCP flags that were seen; null where the exporter keeps none. */
  flags: number | null;
  answerFlags: number | null;
  /** Milliseconds of the exporter's uptime, 32 bits. */
  startUptime: number | null;
  endUptime: number | null;
  /** Microseconds before the export. */
  startBefore: number | null;
  endBefore: number | null;
  /** Seconds. */
  length: number | null;
  /** Seconds since 1970: when the exporter's uptime was zero, and when an event was observed. */
  boot: number | null;
  observed: number | null;
  start: number | null;
  end: number | null;
  /** `start` is only the time of the export. */
  isCoarse: boolean;
  /** Made of sampled packets: those that were not picked may have been anything. */
  isEstimate: boolean;
  sourceMac: string | null;
  destinationMac: string | null;
  vlan: number | null;
  /** 0 ingress, 1 egress: where the exporter has metered it (61). */
  direction: number | null;
  /** 1: as it stands, 2: the other side has begun (239). */
  biflowDirection: number | null;
  /** Of a firewall (233): 1 created, 2 deleted, 3 denied, 5 updated. */
  event: number | null;
  sampler: number | null;
  samplingInterval: number | null;
  /** A number of an application, in hexadecimal, or its name. */
  application: string | null;
  service: string | null;
}

export const emptyFlow = (exporter: string): ExportedFlow => ({
  exporter,
  source: null,
  destination: null,
  sourcePort: null,
  destinationPort: null,
  postDestination: null,
  postDestinationPort: null,
  proto: null,
  icmp4: null,
  icmp6: null,
  icmpType: null,
  icmpCode: null,
  packets: null,
  bytes: null,
  totalPackets: null,
  totalBytes: null,
  frameBytes: null,
  answerPackets: null,
  answerBytes: null,
  outPackets: null,
  outBytes: null,
  flags: null,
  answerFlags: null,
  startUptime: null,
  endUptime: null,
  startBefore: null,
  endBefore: null,
  length: null,
  boot: null,
  observed: null,
  start: null,
  end: null,
  isCoarse: false,
  isEstimate: false,
  sourceMac: null,
  destinationMac: null,
  vlan: null,
  direction: null,
  biflowDirection: null,
  event: null,
  sampler: null,
  samplingInterval: null,
  application: null,
  service: null,
});
