/**
 * How far we agree with Zeek, and every row in which we do not: docs/zeek-parity.md is generated from this, and the
 * tests beside it measure each figure anew.
 */
export interface KnownDifference {
  baseline: string;
  /** Rows of Zeek's without one of ours that is equal, and the other way round. */
  zeekRows: number;
  ourRows: number;
  difference: string;
  reason: string;
}

export interface Agreement {
  files: number;
  /** Rows of Zeek's, and those of them that have one of ours that is equal. */
  rows: number;
  equal: number;
}

/**
 * Zeek's own tests (testing/btest): those without a script that changes what Zeek does; all whose baseline has every
 * column; all others.
 */
export const btest = {
  plain: { files: 16, rows: 101, equal: 101 },
  full: { files: 52, rows: 239, equal: 236 },
  cut: { files: 20, rows: 44, equal: 42 },
} satisfies Record<string, Agreement>;

/** Zeek's logs of two captures of IoT-23. */
export const iot23: readonly { title: string; folder: string; log: string; rows: number; equal: number }[] = [
  { title: '8-1, Hakai', folder: '8-1-hakai', log: 'conn.log.labeled', rows: 10_403, equal: 10_403 },
  { title: '4-1, Philips Hue', folder: '4-1-philips-hue', log: '2018-09-14.zeek-conn.log', rows: 757, equal: 757 },
];

/** nDPI's test captures with its count of flows, packets and frame bytes, and the files in which ours differ. */
export const ndpi: { files: number; differences: Readonly<Record<string, string>> } = {
  files: 133,
  differences: {
    'ip_fragmented_garbage.pcap': 'nDPI does not put fragments together',
    'kerberos_fuzz.pcapng': 'a TCP header with an impossible length is refused, and nDPI counts it',
  },
};

export const knownDifferences: readonly KnownDifference[] = [
  {
    baseline: 'core.vntag-in-vlan.conn.log',
    zeekRows: 1,
    ourRows: 1,
    difference: 'Zeek has a connection without a packet; ours counts the SYN-ACK and takes its sender as responder',
    reason:
      'The capture cut the TCP options off. Zeek drops such a packet behind the IP layer; we use the fixed header, which is whole, as captures with a small snapshot length need it.',
  },
  {
    baseline: 'scripts.base.frameworks.netcontrol.packetfilter.conn.log',
    zeekRows: 2,
    ourRows: 6,
    difference: 'Zeek saw the first two packets of two connections; ours are the six whole ones of the capture',
    reason:
      'The test’s script makes Zeek shed packets (NetControl with its packet filter) once a connection is established.',
  },
  {
    baseline: 'core.reporter-limit-reached-weird.conn.log',
    zeekRows: 1,
    ourRows: 0,
    difference: '`history` holds an X',
    reason: 'The test’s script lowers the number of oddities after which Zeek’s HTTP analyzer gives up.',
  },
  {
    baseline: 'scripts.base.protocols.http.deeply-nested-mime.conn.log',
    zeekRows: 1,
    ourRows: 0,
    difference: '`history` holds an X',
    reason: 'Zeek’s HTTP analyzer gives up at the depth of the MIME parts that the test’s script sets.',
  },
];
