/** The tables of what waits for a hub. */
export type Lane = 'alert' | 'bulk';

interface UplinkLaneTable {
  lane: Lane;
  /** Sequence number of the newest record, and of the last one that the hub has in its database. */
  last: number;
  committed: number;
}

interface UplinkRecordTable {
  lane: Lane;
  /** The first of the sequence numbers that it stands for: its own, or that of the first record whose loss it tells. */
  first: number;
  seq: number;
  /** Seconds since 1970 UTC. */
  ts: number;
  /** Length of `body`. */
  bytes: number;
  /** The record as JSON. */
  body: string;
}

/** Where a batch begins and ends is kept, so that it is the same, byte for byte, whenever it is sent again. */
interface UplinkBatchTable {
  lane: Lane;
  from_seq: number;
  to_seq: number;
  attempt: number;
}

export interface UplinkTables {
  uplink_lane: UplinkLaneTable;
  uplink_record: UplinkRecordTable;
  uplink_batch: UplinkBatchTable;
}
