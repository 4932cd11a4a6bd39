/** One small file of each format that is read, and what its first record must become. Made here, copied from nowhere. */
import type { Conn } from '../../src/flow/conn.ts';
import type { FlowFormatName } from '../../src/source/formats.ts';
import { ipfixMessage, netflowV5, netflowV9 } from './netflow-builder.ts';
import { parquetFile } from './parquet-builder.ts';

export interface FlowSample {
  name: string;
  format: FlowFormatName;
  bytes: Uint8Array;
  /** Records that it holds. */
  rows: number;
  first: Partial<Conn>;
  text: boolean;
}

const lines = (...all: string[]): Buffer => Buffer.from(`${all.join('\n')}\n`);

const zeekFields =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents'.split(
    ' ',
  );
const zeekRow =
  '1545403816.962094 CrDn63 192.168.1.195 41040 185.244.25.235 80 tcp http 3.139211 148 7600 SF T F 0 ShADadFf 6 468 8 8024 (empty)'.split(
    ' ',
  );
const zeekRow2 = '1545403817.5 CyIaq1 fe80::1 143 ff02::16 0 icmp - - - - OTH - - 0 - 1 56 0 0 -'.split(' ');
const zeekHeader = (last: string): string[] => [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#open\t2018-12-21-15-50-14',
  `#fields\t${[...zeekFields.slice(0, -1), last].join('\t')}`,
  '#types\ttime',
];
const tabbed = (row: string[]): string => row.join('\t');

const zeekFirst: Partial<Conn> = {
  ts: 1_545_403_816.962094,
  uid: 'CrDn63',
  id_orig_h: '192.168.1.195',
  id_orig_p: 41_040,
  id_resp_h: '185.244.25.235',
  id_resp_p: 80,
  proto: 'tcp',
  service: 'http',
  duration: 3.139211,
  orig_bytes: 148,
  resp_bytes: 7600,
  conn_state: 'SF',
  local_orig: true,
  local_resp: false,
  history: 'ShADadFf',
  orig_pkts: 6,
  orig_ip_bytes: 468,
  tunnel_parents: [],
};

const json = (ts: number, extra: object = {}): string =>
  JSON.stringify({
    ts,
    uid: 'CwBR9S',
    'id.orig_h': '192.168.1.110',
    'id.orig_p': 5353,
    'id.resp_h': '192.168.1.128',
    'id.resp_p': 53,
    proto: 'udp',
    conn_state: 'SF',
    orig_pkts: 1,
    resp_pkts: 2,
    orig_bytes: 342,
    resp_bytes: 600,
    local_orig: true,
    tunnel_parents: ['C1', 'C2'],
    ...extra,
  });

const eveFlow = {
  timestamp: '2026-05-07T12:50:00.000001+0000',
  flow_id: 1234567890123,
  event_type: 'flow',
  src_ip: '192.168.1.7',
  src_port: 50_000,
  dest_ip: '198.51.100.4',
  dest_port: 443,
  proto: 'TCP',
  app_proto: 'tls',
  vlan: [100],
  flow: {
    pkts_toserver: 10,
    pkts_toclient: 8,
    bytes_toserver: 1540,
    bytes_toclient: 5432,
    start: '2026-05-07T12:49:39.000000+0000',
    end: '2026-05-07T12:49:41.500000+0000',
  },
  tcp: { tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b' },
  ether: { src_macs: ['02:00:00:00:00:07'], dest_macs: ['02:00:00:00:00:01'] },
};

const nfstreamHeader =
  'id,src_ip,src_mac,src_port,dst_ip,dst_mac,dst_port,protocol,vlan_id,bidirectional_first_seen_ms,bidirectional_last_seen_ms,bidirectional_duration_ms,bidirectional_packets,bidirectional_bytes,src2dst_packets,src2dst_bytes,dst2src_packets,dst2src_bytes,application_name';

/** Bytes 594 of 3 frames: 594 - 3 * 14 = 552 of IP, 552 - 3 * 28 = 468 of payload. */
export const flowSamples: readonly FlowSample[] = [
  {
    name: 'published CSV',
    format: 'csv',
    text: true,
    bytes: lines(
      'ts,orig_pkts,resp_pkts,orig_bytes,resp_bytes,label',
      '1634567890.123,10,8,1200,850,benign',
      '1634567891,1,2,3,4,malicious',
    ),
    rows: 2,
    first: { ts: 1_634_567_890.123, orig_pkts: 10, resp_pkts: 8, orig_bytes: 1200, resp_bytes: 850, label: 'benign' },
  },
  {
    name: 'Zeek TSV',
    format: 'zeek',
    text: true,
    bytes: lines(...zeekHeader('tunnel_parents'), tabbed(zeekRow), tabbed(zeekRow2), '#close\t2018-12-21-15-50-14'),
    rows: 2,
    first: zeekFirst,
  },
  {
    name: 'IoT-23: three columns joined by three spaces, a stray label behind #close',
    format: 'zeek',
    text: true,
    bytes: lines(
      ...zeekHeader('tunnel_parents   label   detailed-label'),
      `${tabbed(zeekRow)}   Malicious   C&C`,
      `${tabbed(zeekRow2)}   benign   -`,
      '#close\t2018-12-21-15-50-14   benign   -',
    ),
    rows: 2,
    first: { ...zeekFirst, label: 'Malicious', detailed_label: 'C&C' },
  },
  {
    name: 'netflowlabeler: two real columns, # lines behind a TAB',
    format: 'zeek',
    text: true,
    bytes: lines(
      `\t${zeekHeader('')[0]}`,
      ...zeekHeader('tunnel_parents\tlabel\tdetailedlabel').slice(1),
      tabbed([...zeekRow, 'Malicious', 'From_malicious']),
      tabbed([...zeekRow2, 'Background', '(empty)']),
    ),
    rows: 2,
    first: { ...zeekFirst, label: 'Malicious', detailed_label: 'From_malicious' },
  },
  {
    name: 'Zeek JSON',
    format: 'zeek-json',
    text: true,
    bytes: lines(json(1_626_284_618.384979), json(1_626_284_619), json(1_626_284_620.5)),
    rows: 3,
    first: {
      ts: 1_626_284_618.384979,
      uid: 'CwBR9S',
      id_orig_h: '192.168.1.110',
      id_resp_p: 53,
      orig_bytes: 342,
      local_orig: true,
      service: null,
      tunnel_parents: ['C1', 'C2'],
    },
  },
  {
    name: 'JSON lines with flat names',
    format: 'jsonl',
    text: true,
    bytes: lines(
      '{"orig_pkts":1,"resp_pkts":2,"orig_bytes":3,"resp_bytes":"4","id_orig_h":"10.0.0.1"}',
      '{"orig_pkts":1,"resp_pkts":1,"orig_bytes":1,"resp_bytes":1}',
    ),
    rows: 2,
    first: { ts: null, orig_pkts: 1, resp_pkts: 2, orig_bytes: 3, resp_bytes: 4, id_orig_h: '10.0.0.1' },
  },
  {
    name: 'Suricata EVE',
    format: 'eve',
    text: true,
    bytes: lines(JSON.stringify({ ...eveFlow, event_type: 'dns' }), JSON.stringify(eveFlow), JSON.stringify(eveFlow)),
    rows: 2,
    first: {
      ts: 1_778_158_179,
      uid: 'F1234567890123',
      duration: 2.5,
      proto: 'tcp',
      ip_proto: 6,
      service: 'ssl',
      orig_pkts: 10,
      orig_ip_bytes: 1400,
      orig_bytes: 1000,
      resp_ip_bytes: 5320,
      resp_bytes: 5000,
      conn_state: 'SF',
      vlan: 100,
      orig_l2_addr: '02:00:00:00:00:07',
    },
  },
  {
    name: 'Argus binetflow',
    format: 'argus',
    text: true,
    bytes: lines(
      'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label',
      '2018/12/18 14:00:00.527012,0.699716,tcp,216.73.23.146,52798,   ->,147.32.81.58,445,S_RA,0,0,2,128,74,1,flow=Botnet',
      '2018/12/18 14:00:00.000000,2.696271,udp,147.32.84.157,53,  <-,94.230.156.166,58441,CON,16,0,4,1162,1033,2,',
      '2018/12/18 14:00:00.000000,0,man,0,0,,0,0,STA,,,0,0,0,0,',
    ),
    rows: 2,
    first: {
      ts: 1_545_141_600.527012,
      id_orig_h: '216.73.23.146',
      id_resp_p: 445,
      conn_state: 'REJ',
      orig_pkts: 1,
      resp_pkts: 1,
      orig_ip_bytes: 60,
      orig_bytes: 20,
      resp_ip_bytes: 40,
      resp_bytes: 0,
      label: 'flow=Botnet',
    },
  },
  {
    name: 'Argus with tabs and without SrcPkts',
    format: 'argus',
    text: true,
    bytes: lines(
      'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes,SrcBytes'.replaceAll(',', '\t'),
      '1970/01/01 01:00:08.140073,0,icmp,10.0.2.15,0x0303,->,10.0.2.2,,URP,1,70,70'.replaceAll(',', '\t'),
      '1970/01/01 01:00:08.140073,0,arp,10.0.2.15,,who,10.0.2.2,,CON,2,84,42'.replaceAll(',', '\t'),
    ),
    rows: 2,
    first: {
      proto: 'icmp',
      id_orig_p: 3,
      id_resp_p: 3,
      orig_pkts: 1,
      resp_pkts: 0,
      conn_state: 'OTH',
      orig_ip_bytes: 56,
      orig_bytes: 28,
    },
  },
  {
    name: 'CICFlowMeter (Python)',
    format: 'cicflowmeter',
    text: true,
    bytes: lines(
      'src_ip,dst_ip,src_port,dst_port,protocol,timestamp,flow_duration,flow_pkts_s,tot_fwd_pkts,tot_bwd_pkts,totlen_fwd_pkts,totlen_bwd_pkts,syn_flag_cnt\r',
      '172.30.0.200,172.30.0.10,36600,8080,6,2026-05-07 12:49:39,0.5,8,3,1,222,54,1\r',
      '172.30.0.200,172.30.0.10,36600,8080,6,2026-05-07 12:49:39,0,0,1,0,54,0,1\r',
    ),
    rows: 2,
    first: {
      ts: 1_778_158_179,
      duration: 0.5,
      proto: 'tcp',
      orig_pkts: 3,
      resp_pkts: 1,
      orig_ip_bytes: 180,
      orig_bytes: 60,
      resp_ip_bytes: 40,
      resp_bytes: 0,
      conn_state: null,
    },
  },
  {
    name: 'CICFlowMeter (Java)',
    format: 'cicflowmeter',
    text: true,
    bytes: lines(
      'Flow ID, Source IP, Source Port, Destination IP, Destination Port, Protocol, Timestamp, Flow Duration, Total Fwd Packets, Total Backward Packets,Total Length of Fwd Packets, Total Length of Bwd Packets, Fwd Header Length, Fwd Header Length, Label',
      '192.168.10.5-104.16.207.165-54865-443-6,192.168.10.5,54865,104.16.207.165,443,6,7/7/2017 3:30,3000000,2,1,12,6,40,40,BENIGN',
    ),
    rows: 1,
    first: {
      ts: 1_499_398_200,
      duration: 3,
      orig_pkts: 2,
      resp_pkts: 1,
      orig_bytes: 12,
      resp_bytes: 6,
      orig_ip_bytes: null,
      label: 'BENIGN',
    },
  },
  {
    name: 'NFStream',
    format: 'nfstream',
    text: true,
    bytes: lines(
      nfstreamHeader,
      '0,"192.168.100.102","a8:60:b6:10:52:90",5353,"224.0.0.251","01:00:5e:00:00:fb",5353,17,0,1536925426560,1536925433564,7004,3,594,3,594,0,0,"MDNS"',
      '1,"::","00:1b:21:94:fa:9e",0,"ff02::16","33:33:00:00:00:16",0,58,5,1536925243956,1536925243956,0,1,62,1,62,0,0,"ICMPV6"',
    ),
    rows: 2,
    first: {
      ts: 1_536_925_426.56,
      duration: 7.004,
      service: 'dns',
      conn_state: 'S0',
      orig_pkts: 3,
      orig_ip_bytes: 552,
      orig_bytes: 468,
      orig_l2_addr: 'a8:60:b6:10:52:90',
      vlan: null,
    },
  },
  {
    name: 'nfdump CSV',
    format: 'nfdump',
    text: true,
    bytes: lines(
      'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt',
      '2013-07-09 01:00:23.040,2013-07-09 01:00:23.068,0.028,10.0.0.150,8.8.8.8,49058,53,UDP,........,0,0,2,102,1,126',
      '2013-07-09 01:00:24.000,2013-07-09 01:00:24.000,0.000,10.0.0.150,8.8.8.8,0,2048,ICMP,........,0,0,1,84,0,0',
    ),
    rows: 2,
    first: {
      ts: 1_373_331_623.04,
      duration: 0.028,
      orig_pkts: 2,
      orig_ip_bytes: 102,
      orig_bytes: 46,
      resp_bytes: 98,
      conn_state: 'SF',
    },
  },
  {
    name: 'nfdump text',
    format: 'nfdump-text',
    text: true,
    bytes: lines(
      'Date first seen          Duration Proto      Src IP Addr:Port          Dst IP Addr:Port   Flags Tos  Packets    Bytes Flows Label',
      '2013-07-09 01:04:33.868     0.097 TCP     10.0.0.152:49700 ->       10.0.0.150:3128  .A..S.   0     1.5 K    3.0 M     1 Test-Label',
      '2013-07-09 01:04:33.868     0.097 TCP     2001:db8::1.443 ->       2001:db8::2.50000  .AP.SF   0        5      432     1 Background',
      'Summary: total flows: 2, total bytes: 3000432, total packets: 1505',
    ),
    rows: 2,
    first: {
      id_orig_p: 49_700,
      id_resp_h: '10.0.0.150',
      orig_pkts: 1500,
      orig_ip_bytes: 3_000_000,
      resp_pkts: 0,
      conn_state: 'S0',
      label: 'Test-Label',
    },
  },
  {
    name: 'nfdump JSON',
    format: 'nfdump-json',
    text: true,
    bytes: lines(
      '[',
      '{',
      '\t"type" : "FLOW",',
      '\t"first" : "2026-03-02T17:00:48.859",',
      '\t"last" : "2026-03-02T17:00:49.083",',
      '\t"in_packets" : 16, "in_bytes" : 4124, "proto" : 6, "tcp_flags" : "......S.",',
      '\t"src_port" : 60020, "dst_port" : 443, "src4_addr" : "192.168.50.196", "dst4_addr" : "104.18.210.223",',
      '\t"label" : "<none>"',
      '}',
      ',',
      '{ "type" : "FLOW", "t_first" : "2026-03-02T17:00:50.000", "t_last" : "2026-03-02T17:00:50.000", "in_packets" : 1,',
      '"in_bytes" : 64, "proto" : 58, "icmp_type" : 135, "icmp_code" : 0, "src6_addr" : "::", "dst6_addr" : "ff02::1" }',
      ']',
    ),
    rows: 2,
    first: {
      ts: 1_772_470_848.859,
      duration: 0.224,
      id_orig_h: '192.168.50.196',
      id_resp_p: 443,
      orig_pkts: 16,
      resp_pkts: 0,
      orig_ip_bytes: 4124,
      conn_state: 'S0',
      label: null,
    },
  },
  {
    name: 'Parquet',
    format: 'parquet',
    text: false,
    bytes: parquetFile(),
    rows: 3,
    first: {
      ts: 1_626_284_618.384979,
      uid: 'C1',
      id_orig_h: '10.0.0.1',
      orig_pkts: 1,
      orig_bytes: 100,
      local_orig: true,
      service: null,
    },
  },
  {
    name: 'NetFlow v5',
    format: 'netflow',
    text: false,
    bytes: netflowV5(),
    rows: 2,
    first: {
      ts: 1_778_158_169,
      duration: 2.5,
      proto: 'tcp',
      orig_pkts: 10,
      orig_ip_bytes: 1400,
      orig_bytes: 1000,
      resp_pkts: 8,
      conn_state: 'SF',
    },
  },
  {
    name: 'NetFlow v9',
    format: 'netflow',
    text: false,
    bytes: netflowV9(),
    rows: 2,
    first: {
      ts: 1_778_158_169,
      duration: 2.5,
      proto: 'tcp',
      orig_pkts: 10,
      orig_ip_bytes: 1400,
      orig_bytes: 1000,
      resp_pkts: 8,
      conn_state: 'SF',
    },
  },
  {
    name: 'IPFIX',
    format: 'netflow',
    text: false,
    bytes: ipfixMessage(),
    rows: 2,
    first: {
      ts: 1_778_158_169,
      duration: 2.5,
      proto: 'udp',
      id_orig_h: '2001:db8::7',
      orig_pkts: 10,
      resp_pkts: 8,
      conn_state: 'SF',
    },
  },
];
