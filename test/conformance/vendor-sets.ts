/**
 * Templates of NetFlow v9 and IPFIX as vendors document them, field by field and in their order, each with one record.
 * A field is its element, its length (0: variable) and its value; in IPFIX a fourth number is the enterprise.
 */

export type Value = number | string | { hex: string };
export type VendorField = [element: number, length: number, value: Value, enterprise?: number];

export interface VendorSet {
  vendor: string;
  version: 9 | 10;
  fields: VendorField[];
  /** What differs from the common flow (vendor-sets.test.ts). */
  expected: Record<string, unknown>;
  /** Options that the exporter sends beside it: elements with values, the first of them the scope. */
  options?: VendorField[];
}

export const EXPORTED = 1_778_158_179;
export const UPTIME = 500_000;
/** The flow began ten seconds before its export and lasted 2.5 seconds. */
const FIRST = UPTIME - 10_000;
const LAST = FIRST + 2500;
const START = EXPORTED - 10;
const END = START + 2.5;
const NTP = 2_208_988_800;
const ntpTime = (seconds: number, fraction: string): string => `${(seconds + NTP).toString(16)}${fraction}`;
const zero = (length: number): Value => ({ hex: '00'.repeat(length) });

// The fields that every vendor sends, under names of their own.
const from: VendorField = [8, 4, '192.168.1.7'];
const to: VendorField = [12, 4, '198.51.100.4'];
const hop: VendorField = [15, 4, '203.0.113.1'];
const sport: VendorField = [7, 2, 50_000];
const dport: VendorField = [11, 2, 443];
const proto: VendorField = [4, 1, 6];
const tos: VendorField = [5, 1, 0];
const flags: VendorField = [6, 1, 0x1b];
const bytes4: VendorField = [1, 4, 1400];
const pkts4: VendorField = [2, 4, 10];
const bytes8: VendorField = [1, 8, 1400];
const pkts8: VendorField = [2, 8, 10];
const first: VendorField = [22, 4, FIRST];
const last: VendorField = [21, 4, LAST];
const input2: VendorField = [10, 2, 1];
const output2: VendorField = [14, 2, 2];
const input4: VendorField = [10, 4, 1];
const output4: VendorField = [14, 4, 2];
const startMs: VendorField = [152, 8, START * 1e3];
const endMs: VendorField = [153, 8, END * 1e3];
const masks: VendorField[] = [
  [9, 1, 24],
  [13, 1, 0],
];
const as2: VendorField[] = [
  [16, 2, 0],
  [17, 2, 0],
];
const as4: VendorField[] = [
  [16, 4, 0],
  [17, 4, 0],
];
const macs: VendorField[] = [
  [56, 6, { hex: '0217880a0b0c' }],
  [80, 6, { hex: '02aabbccddee' }],
];
const withMacs = { orig_l2_addr: '02:17:88:0a:0b:0c', resp_l2_addr: '02:aa:bb:cc:dd:ee' };
const one = { resp_pkts: 0, resp_ip_bytes: 0 };
const both = { resp_pkts: 8, resp_ip_bytes: 5320 };
/** A SYN and a FIN, and nothing came back. */
const oneWay = { conn_state: 'SH' };

// biome-ignore format: one line is one template.
const version9: Omit<VendorSet, 'version'>[] = [
  {
    vendor: 'MikroTik RouterOS 6',
    fields: [last, first, pkts4, bytes4, input4, output4, from, to, proto, tos, sport, dport, hop, [13, 1, 0], [9, 1, 0], flags, [225, 4, '203.0.113.9'], [226, 4, '198.51.100.4'], [227, 2, 61_000], [228, 2, 443]],
    expected: one,
  },
  {
    vendor: 'MikroTik RouterOS 7',
    fields: [last, first, pkts8, bytes8, input4, output4, from, to, proto, tos, sport, dport, hop, ...masks, flags, ...macs, [225, 4, '203.0.113.9'], [226, 4, '198.51.100.4'], [227, 2, 61_000], [228, 2, 443], [176, 1, 0], [177, 1, 0]],
    expected: { ...one, ...withMacs },
  },
  {
    vendor: 'Cisco IOS, the original v9',
    fields: [last, first, bytes4, pkts4, input2, output2, from, to, proto, tos, sport, dport, hop, [13, 1, 0], [9, 1, 24], flags, ...as2],
    expected: one,
  },
  {
    vendor: 'Cisco IOS-XE Flexible NetFlow',
    fields: [from, to, sport, dport, input4, tos, proto, [61, 1, 0], flags, output4, bytes8, pkts8, first, last, [58, 2, 20], ...macs],
    expected: { ...one, ...withMacs, vlan: 20 },
  },
  {
    vendor: 'Cisco IOS-XE, egress counters alone',
    fields: [from, to, sport, dport, proto, [61, 1, 1], [23, 4, 1400], [24, 4, 10], flags, first, last],
    expected: one,
  },
  {
    vendor: 'Cisco IOS-XE with a sampler',
    fields: [from, to, sport, dport, proto, flags, [1, 4, 14], [2, 4, 1], [48, 1, 3], first, last],
    options: [
      [1, 4, 0],
      [48, 1, 3],
      [49, 1, 2],
      [50, 4, 100],
    ],
    expected: { ...one, orig_pkts: 100, orig_ip_bytes: 1400, conn_state: null },
  },
  {
    vendor: 'Cisco NBAR',
    fields: [from, to, sport, dport, proto, flags, bytes4, pkts4, [95, 4, { hex: '0d000001' }], first, last],
    options: [
      [1, 4, 0],
      [95, 4, { hex: '0d000001' }],
      [96, 24, 'mqtt'],
    ],
    expected: { ...one, service: 'mqtt' },
  },
  {
    vendor: 'Cisco ASA 8.4, a connection that ended',
    fields: [[148, 4, 77], from, sport, input2, to, dport, output2, proto, [176, 1, 0], [177, 1, 0], [40_001, 4, '203.0.113.9'], [40_002, 4, '198.51.100.4'], [40_003, 2, 61_000], [40_004, 2, 443], [40_005, 1, 2], [33_002, 2, 2025], [323, 8, END * 1e3], [152, 8, START * 1e3], [231, 4, 1400], [232, 4, 5320], [33_000, 12, zero(12)]],
    expected: { orig_pkts: null, resp_pkts: null, orig_ip_bytes: 1400, resp_ip_bytes: 5320, duration: null, conn_state: null },
  },
  {
    vendor: 'Cisco ASA 9, with packets',
    fields: [[148, 4, 77], from, sport, input2, to, dport, output2, proto, [225, 4, '203.0.113.9'], [226, 4, '198.51.100.4'], [227, 2, 61_000], [228, 2, 443], [233, 1, 2], [323, 8, END * 1e3], startMs, [298, 4, 10], [299, 4, 8], [231, 4, 1400], [232, 4, 5320], [40_000, 20, 'user']],
    expected: { ...both, duration: null, conn_state: null },
  },
  {
    vendor: 'Cisco ASA, port forwarding',
    fields: [[8, 4, '198.51.100.4'], [7, 2, 443], [12, 4, '203.0.113.9'], [11, 2, 8443], proto, [226, 4, '192.168.1.7'], [228, 2, 50_000], [233, 1, 2], startMs, [298, 4, 10], [299, 4, 8], [231, 4, 1400], [232, 4, 5320]],
    expected: { ...both, duration: null, conn_state: null, id_orig_h: '198.51.100.4', id_orig_p: 443, id_resp_h: '192.168.1.7', id_resp_p: 50_000 },
  },
  {
    vendor: 'Cisco ASR 9000',
    fields: [pkts8, bytes8, from, to, input4, output4, last, first, sport, dport, ...as4, [18, 4, '203.0.113.1'], ...masks, proto, flags, tos, [61, 1, 0], [48, 2, 0], [89, 1, 64], [234, 4, 0], [235, 4, 0]],
    expected: one,
  },
  {
    vendor: 'Cisco Nexus',
    fields: [from, to, proto, sport, dport, tos, flags, [2, 4, 10], [1, 4, 1400], first, last, input2, output2, [61, 1, 0], ...as2, ...macs, [58, 2, 7]],
    expected: { ...one, ...withMacs, vlan: 7 },
  },
  {
    vendor: 'Palo Alto PAN-OS',
    fields: [from, to, tos, proto, sport, dport, flags, input4, output4, [61, 1, 0], first, last, pkts8, bytes8, [32, 2, 0], [233, 1, 2], [148, 8, 9], [346, 4, 25_461], [56_701, 32, 'mqtt-base'], [56_702, 64, 'owner']],
    expected: { ...one, service: 'mqtt-base' },
  },
  {
    vendor: 'nProbe',
    fields: [from, to, hop, input2, output2, pkts4, bytes4, first, last, sport, dport, flags, proto, tos, ...as2, ...masks, [23, 4, 5320], [24, 4, 8], [57_590, 2, 91], [57_591, 16, 'TLS']],
    expected: { ...both, service: 'ssl', conn_state: null },
  },
  {
    vendor: 'softflowd',
    fields: [from, to, bytes4, pkts4, input4, output4, sport, dport, proto, flags, [60, 1, 4], tos, [32, 2, 0], [58, 2, 0], first, last],
    expected: one,
  },
  {
    vendor: 'pmacct nfprobe',
    fields: [last, first, bytes8, pkts8, [60, 1, 4], input4, output4, [61, 1, 0], from, to, ...masks, sport, dport, flags, proto, tos, ...as4, [48, 1, 0]],
    expected: one,
  },
  { vendor: 'fprobe', fields: [from, to, hop, input2, output2, pkts4, bytes4, first, last, sport, dport, [210, 1, zero(1)], flags, proto, tos, ...as2, ...masks, [210, 2, zero(2)]], expected: one },
  {
    vendor: 'ipt_NETFLOW with MAC and VLAN',
    fields: [...macs, [58, 2, 30], [243, 2, 30], from, to, hop, input2, output2, pkts4, bytes4, first, last, sport, dport, flags, proto, tos, [256, 2, 0x0800]],
    expected: { ...one, ...withMacs, vlan: 30 },
  },
  {
    vendor: 'UniFi and EdgeRouter',
    fields: [last, first, bytes8, pkts8, [60, 1, 4], input4, output4, [61, 1, 1], sport, dport, from, to, tos, flags, proto, ...macs],
    expected: { ...one, ...withMacs },
  },
  {
    vendor: 'Juniper SRX',
    fields: [from, to, tos, proto, sport, dport, [32, 2, 0], input4, [9, 1, 24], [13, 1, 0], ...as4, hop, flags, output4, bytes4, pkts4, first, last, [60, 1, 4], [61, 1, 0]],
    expected: one,
  },
  {
    vendor: 'Fortinet FortiGate',
    fields: [bytes8, [23, 8, 5320], pkts4, [24, 4, 8], first, last, sport, dport, input4, output4, proto, [89, 1, 64], [136, 1, 1], [95, 4, 40_568], [61, 1, 0], from, to, [225, 4, '203.0.113.9'], [226, 4, '198.51.100.4'], [227, 2, 61_000], [228, 2, 443]],
    expected: { ...both, conn_state: null },
  },
  {
    vendor: 'SonicWall',
    fields: [from, to, hop, input2, output2, pkts4, bytes4, first, last, sport, dport, flags, proto, tos, ...as2, ...masks],
    expected: one,
  },
  { vendor: 'pfSense and OPNsense (ng_netflow)', fields: [from, to, hop, input2, output2, pkts4, bytes4, first, last, sport, dport, flags, proto, tos, ...as4, ...masks], expected: one },
  {
    vendor: 'Huawei NetStream',
    fields: [[60, 1, 4], from, to, sport, dport, proto, tos, flags, pkts4, bytes4, first, last, input4, output4, hop, ...as4, ...masks, [62, 16, zero(16)]],
    expected: one,
  },
  { vendor: 'H3C', fields: [pkts4, bytes4, first, last, input4, output4, from, to, hop, ...as4, sport, dport, proto, tos, flags, [60, 1, 4], [61, 1, 0]], expected: one },
  {
    vendor: 'Open vSwitch, v9',
    fields: [from, to, sport, dport, proto, tos, input4, output4, pkts4, bytes4, first, last, flags],
    expected: one,
  },
];

// biome-ignore format: one line is one template.
const ipfix: Omit<VendorSet, 'version'>[] = [
  {
    vendor: 'MikroTik RouterOS 7, IPFIX',
    fields: [[60, 1, 4], startMs, endMs, pkts8, bytes8, sport, dport, input4, output4, proto, flags, from, to, hop, ...macs, [225, 4, '203.0.113.9'], [226, 4, '198.51.100.4'], [227, 2, 61_000], [228, 2, 443]],
    expected: { ...one, ...withMacs },
  },
  {
    vendor: 'Cisco AVC',
    fields: [[12_236, 4, '192.168.1.7', 9], [12_237, 4, '198.51.100.4', 9], [12_240, 2, 50_000, 9], [12_241, 2, 443, 9], proto, [95, 4, { hex: '03000035' }], [231, 8, 1400], [232, 8, 5320], [298, 8, 10], [299, 8, 8], startMs, endMs, [239, 1, 1], [12_235, 0, 'host', 9]],
    options: [
      [144, 4, 0],
      [95, 4, { hex: '03000035' }],
      [96, 24, 'dns'],
    ],
    expected: { ...both, service: 'dns', conn_state: null },
  },
  {
    vendor: 'Cisco IOS-XR',
    fields: [from, to, sport, dport, proto, flags, pkts8, bytes8, [150, 4, START], [151, 4, START + 2], input4, output4, ...as4, [302, 4, 0]],
    expected: { ...one, duration: 2 },
  },
  {
    vendor: 'nProbe, IPFIX',
    fields: [from, to, sport, dport, proto, flags, pkts8, bytes8, [2, 8, 8, 29_305], [1, 8, 5320, 29_305], startMs, endMs, [118, 2, 91, 35_632], [119, 0, 'TLS', 35_632]],
    expected: { ...both, service: 'ssl', conn_state: null },
  },
  {
    vendor: 'VMware distributed switch',
    fields: [from, to, pkts8, bytes8, startMs, endMs, sport, dport, input4, output4, proto, tos, flags, [61, 1, 0], [136, 1, 2], [880, 1, 0, 6876], [881, 4, zero(4), 6876], [882, 4, zero(4), 6876], [886, 2, 0, 6876], [887, 2, 0, 6876]],
    expected: one,
  },
  {
    vendor: 'VMware NSX, a tenant behind tunnels',
    fields: [[8, 4, '10.9.0.1'], [12, 4, '10.9.0.2'], pkts8, bytes8, startMs, endMs, [7, 2, 40_001], [11, 2, 4789], [4, 1, 17], flags, [880, 1, 6, 6876], [881, 4, '192.168.1.7', 6876], [882, 4, '198.51.100.4', 6876], [886, 2, 50_000, 6876], [887, 2, 443, 6876]],
    expected: one,
  },
  {
    vendor: 'softflowd, IPFIX',
    fields: [from, to, bytes4, pkts4, input4, output4, sport, dport, proto, flags, [60, 1, 4], tos, [32, 2, 0], [58, 2, 0], [22, 4, FIRST], [21, 4, LAST]],
    options: [
      [143, 4, 1],
      [160, 8, (EXPORTED - UPTIME / 1e3) * 1e3],
      [304, 2, 1],
      [305, 2, 1],
      [306, 4, 0],
    ],
    expected: one,
  },
  {
    vendor: 'pmacct, IPFIX',
    fields: [startMs, endMs, bytes8, pkts8, [60, 1, 4], input4, output4, from, to, sport, dport, flags, proto, tos, ...as4, [61, 1, 0], [58, 2, 12], ...macs],
    expected: { ...one, ...withMacs, vlan: 12 },
  },
  {
    vendor: 'Juniper MX',
    fields: [from, to, tos, proto, sport, dport, [32, 2, 0], input4, [58, 2, 0], ...masks, ...as4, hop, flags, output4, bytes8, pkts8, [52, 1, 64], [53, 1, 64], startMs, endMs, [136, 1, 1], [243, 2, 0], [245, 2, 0], [54, 4, 0]],
    expected: one,
  },
  {
    vendor: 'YAF, bidirectional',
    fields: [startMs, endMs, [85, 8, 1400], [86, 8, 10], [85, 8, 5320, 29_305], [86, 8, 8, 29_305], from, to, sport, dport, proto, [136, 1, 3], [21, 4, 12, 6871], [14, 1, 0x02, 6871], [15, 1, 0x1b, 6871], [14 + 0x4000, 1, 0x12, 6871], [15 + 0x4000, 1, 0x1b, 6871], [184, 4, 1], [58, 2, 0]],
    expected: { ...both, conn_state: 'SF' },
  },
  {
    vendor: 'Open vSwitch, IPFIX',
    fields: [[138, 8, 1], [61, 1, 0], ...macs, [256, 2, 0x0800], [240, 1, 14], [60, 1, 4], [192, 1, 64], [4, 1, 6], [195, 1, 0], [8, 4, '192.168.1.7'], [12, 4, '198.51.100.4'], sport, dport, [158, 4, 10_000_000], [159, 4, 7_500_000], [2, 8, 10], [352, 8, 1540], [1, 8, 1400], [136, 1, 1], [6, 2, 0x1b]],
    expected: { ...one, ...withMacs },
  },
  {
    vendor: 'Citrix ADC',
    fields: [[130, 4, '192.168.1.1'], [128, 4, 1, 5951], [129, 4, 2, 5951], [60, 1, 4], proto, from, to, sport, dport, [1, 8, 1400], [2, 8, 10], flags, [154, 8, { hex: ntpTime(START, '00000000') }], [155, 8, { hex: ntpTime(START + 2, '80000000') }], input4, output4, [132, 8, 1, 5951], [147, 0, 'example.com', 5951]],
    expected: one,
  },
  { vendor: 'OpenBSD pflow', fields: [from, to, input4, output4, [2, 8, 10], [1, 8, 1400], startMs, endMs, sport, dport, tos, proto], expected: { ...one, conn_state: null } },
  {
    vendor: 'SonicWall, IPFIX',
    fields: [from, to, hop, input4, output4, pkts4, bytes4, startMs, endMs, sport, dport, flags, proto, [5, 1, 0], [9, 1, 0], [58, 2, 0], [1, 4, 7, 8741]],
    expected: one,
  },
  {
    vendor: 'Huawei NetStream, IPFIX, nanoseconds',
    fields: [from, to, sport, dport, proto, flags, pkts8, bytes8, [156, 8, { hex: ntpTime(START, '00000000') }], [157, 8, { hex: ntpTime(START + 2, '80000000') }], input4, output4],
    expected: one,
  },
  {
    vendor: 'Barracuda, totals and a duration',
    fields: [from, to, sport, dport, proto, [85, 8, 1400], [86, 8, 10], startMs, [161, 4, 2500], [1, 4, 9, 10_704], [2, 0, 'rule', 10_704]],
    expected: { ...one, conn_state: null },
  },
  {
    vendor: 'OPNsense (softflowd) over IPv6',
    fields: [[27, 16, { hex: '20010db8000000000000000000000007' }], [28, 16, { hex: '20010db8000000000000000000000004' }], bytes4, pkts4, sport, dport, proto, flags, [60, 1, 6], [139, 2, 0], startMs, endMs],
    expected: { ...one, id_orig_h: '2001:db8::7', id_resp_h: '2001:db8::4' },
  },
];

export const vendorSets: VendorSet[] = [
  ...version9.map((set) => ({ ...set, version: 9 as const })),
  ...ipfix.map((set) => ({ ...set, version: 10 as const })),
];

export const commonFlow = {
  ts: START,
  duration: 2.5,
  id_orig_h: '192.168.1.7',
  id_orig_p: 50_000,
  id_resp_h: '198.51.100.4',
  id_resp_p: 443,
  proto: 'tcp',
  ip_proto: 6,
  orig_pkts: 10,
  orig_ip_bytes: 1400,
  orig_l2_addr: null,
  resp_l2_addr: null,
  vlan: null,
  service: null,
  ...oneWay,
};
