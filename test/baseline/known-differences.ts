/** Where our rows differ from a Zeek baseline, and why; docs/zeek-parity.md says it at more length. */
export interface KnownDifference {
  baseline: string;
  /** Rows that only one of the two has, on both sides together. */
  lines: number;
  reason: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    baseline: 'core.history-flip.conn.log',
    lines: 2,
    reason: 'the script declares a public network as local',
  },
  {
    baseline: 'core.vntag-in-vlan.conn.log',
    lines: 2,
    reason: 'the capture cut the TCP options off: Zeek drops such a packet, we use its header',
  },
  {
    baseline: 'scripts.base.frameworks.netcontrol.packetfilter.conn.log',
    lines: 8,
    reason: 'the script makes Zeek shed packets',
  },
  {
    baseline: 'scripts.base.protocols.http.http-connect-with-header.conn.log',
    lines: 2,
    reason: 'TLS behind an HTTP CONNECT is not looked for',
  },
  {
    baseline: 'scripts.base.protocols.ntp.misordered-ntp.conn.log',
    lines: 2,
    reason: 'after it turned the direction Zeek adds both packets to the originator; we keep them apart',
  },
];
