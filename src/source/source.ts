/**
 * Where traffic comes from: a capture gives packets, a log gives connection records. Both end as `Conn`,
 * so everything behind `flow` is the same for an upload, a folder and a live interface.
 */
/** Every unit that was offered is accounted for: offered = parsed + sum(rejected) + sum(dropped). */
export interface Accounting {
  /** Packets of a capture, rows or datagrams of a log. */
  offered: number;
  parsed: number;
  /** Refused units by reason, for example `decode.ipv4_truncated` or `row.not_a_number`. */
  rejected: Record<string, number>;
  /** Units that were lost without being looked at, by place (`kernel`, `queue`). */
  dropped: Record<string, number>;
}

export interface SourceStats extends Accounting {
  format: string;
  bytes: number;
  /** The file ends inside a packet or record: what was whole was analysed. */
  truncated: boolean;
  /** Byte offset of the cut, when `truncated`. */
  truncatedAt: number | null;
  /** Line numbers (from 1, at most ten) of the first rejected rows of a text file. */
  rejectedLines: number[];
  /** Named oddities of the traffic (Zeek's weirds) and their counts. */
  weirds: Record<string, number>;
}

export interface ReadOptions {
  /** Name to show in messages (an upload has a server-made path and the owner's name). */
  name?: string;
  /** 0 to 1 of the bytes read, for progress bars. */
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
}
