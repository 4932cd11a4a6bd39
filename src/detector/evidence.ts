/**
 * The numbers behind each kind of finding. A rule fills them in, `alert/words/<kind>.ts` says them. They go out as the
 * JSON field `evidence`, so names and meanings stay; a new number is a new name.
 */

/** How a clock ticks, as measured: median of the intervals, and half the width that two thirds of them lie in. Seconds. */
type Rhythm = {
  period: number;
  jitter: number;
};

/** How the other end is known: looked up before, never looked up, or look-ups are not seen. */
type Acquaintance = 'named' | 'bare' | 'unknown';

type ClockEvidence = Rhythm & {
  /** Ticks; a burst of connections is one. */
  times: number;
  /** Connections (messages, inside one), where they are more than ticks. */
  events?: number;
  /** Messages in one connection that stays open, not connections. */
  inside?: 1;
  /** Only what has the size of the latest request. */
  sized?: 1;
  port: number;
  /** Of the latest request. */
  bytes: number;
  answered: 0 | 1;
  acquaintance: Acquaintance;
};

type CallEvidence = {
  calls: number;
  addresses: number;
  port: number;
  seconds: number;
};

type ScanEvidence = {
  addresses: number;
  ports: number;
  /** The port of most attempts; missing where there is none (pings, ARP). */
  port?: number;
  /** The ports, where it is about a few. */
  port_list?: string;
  /** At least so many: whether the latest are answered is not known yet. */
  failed?: number;
  /** More addresses and ports were not told apart. */
  at_least?: 1;
  seconds: number;
  proto: 'tcp' | 'udp' | 'ping' | 'arp';
};

type LoginEvidence = {
  attempts: number;
  refused: number;
  port: number;
  seconds: number;
  usual: number;
};

type StreamEvidence = {
  unit: 'connections' | 'packets';
  /** The one of the unit, of the originator. */
  connections?: number;
  packets?: number;
  seconds: number;
  usual: number;
  /** That is in so many seconds. */
  usual_seconds?: number;
  port: number;
  proto: 'ping' | 'arp' | 'service';
};

type CrowdEvidence = {
  callers: number;
  seconds: number;
  /** The port that is called; of a reflection the port that the answers come from. */
  port: number;
  usual: number;
  /** They answer what was never asked of them. */
  reflected?: 1;
};

/** What the gauges measure; what stands out is in the finding's deviations. */
type StatisticalEvidence = {
  once_in_seconds: number;
  /** Whether it goes on from the hour before. */
  continues: 0 | 1;
  /** Missing: with the device's own past. */
  compared_with?: 'house';
  /** The other end. */
  to?: string;
};

export interface EvidenceOf {
  scan: ScanEvidence;
  'brute-force': LoginEvidence;
  beacon: ClockEvidence | CallEvidence;
  flood: StreamEvidence | CrowdEvidence;
  'slow-dos': { open: number; port: number; seconds: number; usual: number };
  /** To so many addresses together, where it is more than one. */
  exfiltration: { bytes: number; usual: number; seconds: number; port: number; addresses?: number };
  /**
   * ARP frames in which `mac` claims the address, and those in which others answer it as the address although they were
   * not seen to be told; whose it is, where that was heard.
   */
  spoofing:
    | { what: 'arp'; address: string; mac: string; other?: string; claims: number; answers?: number }
    | { what: 'dhcp'; mac: string; other: string };
  'protocol-abuse': {
    protocol: string;
    messages: number;
    topics: number;
    connections: number;
    seconds: number;
    usual: number;
  };
  'dns-tunnel':
    | { domain: string; names: number; bytes: number; seconds: number }
    | ({ domain: string; names: number } & Rhythm);
  'generated-names': { names: number; example: string; seconds: number };
  /** Echo messages that carry data of their own, both ways, and the bytes in them. */
  'icmp-tunnel': {
    packets: number;
    bytes: number;
    /** Replies that are not the request sent back. */
    changed: number;
    seconds: number;
  };
  /** Signs by name (`alert/words/remote-control.ts` says them), separated by spaces, the weightiest first. */
  'remote-control': {
    signs: string;
    port: number;
    connections: number;
    bytes_out: number;
    bytes_in: number;
    seconds: number;
  } & Partial<Rhythm>;
  rate: StatisticalEvidence;
  /** The last six: which of the last connections are odd, of how many, and when they began. */
  sequence: StatisticalEvidence & { first?: number; last?: number; of?: number; from_ts?: number; to_ts?: number };
  rhythm: StatisticalEvidence & { faster?: number; seconds?: number };
  silence: { seconds: number; usual: number; longest: number };
  'new-destination':
    | { listed: string; list: string }
    | { place?: string; port?: number; hours: number; new_per_week: number };
  'new-device': { mac: string };
}
