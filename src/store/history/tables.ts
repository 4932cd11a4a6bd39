/** The tables of the history as Kysely sees them, and how SQLite makes them. */

export interface FlowRow {
  /** Time of the first packet and a number: layout.ts. */
  id: number;
  uid: Uint8Array | string;
  device: number;
  own: number;
  peer: number;
  orig_p: number | null;
  resp_p: number | null;
  proto: number | null;
  service: number | null;
  tls: number | null;
  history: number | null;
  state: number | null;
  flags: number;
  /** Microseconds. */
  duration: number | null;
  orig_bytes: number | null;
  resp_bytes: number | null;
  orig_pkts: number | null;
  resp_pkts: number | null;
  /** Thousandths of a nat. */
  score: number | null;
  episode: number | null;
}

interface Sums {
  flows: number;
  sent: number;
  received: number;
}

export interface HistoryTables {
  flow: FlowRow;
  /** Every text that comes again and again, once. */
  word: { id: number; text: string };
  /** Other ends, by address and name. `known_as` is what it is counted as: its name, else its address. */
  peer: { id: number; address: string; name: string; address_key: string };
  /** In which minutes (since 1970) an end spoke: `who` is 2 * peer, or 2 * device + 1. */
  seen: { who: number; minute: number };
  /** Which ends a device has met: `whom` is the word of its name, else of its address. */
  met: { device: number; whom: number };
  /** Connections that were open when they were written last. */
  open_flow: { uid: Uint8Array | string; id: number };
  hour_device: Sums & { device: number; hour: number };
  hour_peer: Sums & { hour: number; device: number; peer: number; service: number };
  day_peer: Sums & { day: number; device: number; peer: number; service: number };
  about: { name: string; value: string };
}

export const SCHEMA = 1;

/** Without rowids, a table whose key is all that it holds is no larger than the index on it would be. */
export const sqliteTables = `
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE peer (id INTEGER PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL, address_key TEXT NOT NULL,
  UNIQUE (address, name));
CREATE INDEX peer_key ON peer (address_key);
CREATE INDEX peer_name ON peer (name);
CREATE TABLE flow (id INTEGER PRIMARY KEY, uid BLOB NOT NULL, device INTEGER NOT NULL, own INTEGER NOT NULL,
  peer INTEGER NOT NULL, orig_p INTEGER, resp_p INTEGER, proto INTEGER, service INTEGER, tls INTEGER, history INTEGER,
  state INTEGER, flags INTEGER NOT NULL, duration INTEGER, orig_bytes INTEGER, resp_bytes INTEGER, orig_pkts INTEGER,
  resp_pkts INTEGER, score INTEGER, episode INTEGER);
CREATE INDEX flow_episode ON flow (episode, id) WHERE episode IS NOT NULL;
CREATE INDEX flow_new ON flow (id) WHERE flags & 16;
CREATE TABLE seen (who INTEGER NOT NULL, minute INTEGER NOT NULL, PRIMARY KEY (who, minute)) WITHOUT ROWID;
CREATE TABLE met (device INTEGER NOT NULL, whom INTEGER NOT NULL, PRIMARY KEY (device, whom)) WITHOUT ROWID;
CREATE TABLE open_flow (uid BLOB PRIMARY KEY, id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE hour_device (hour INTEGER NOT NULL, device INTEGER NOT NULL, flows INTEGER NOT NULL, sent INTEGER NOT NULL,
  received INTEGER NOT NULL, PRIMARY KEY (hour, device)) WITHOUT ROWID;
CREATE TABLE hour_peer (hour INTEGER NOT NULL, device INTEGER NOT NULL, peer INTEGER NOT NULL, service INTEGER NOT NULL,
  flows INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY (hour, device, peer, service)) WITHOUT ROWID;
CREATE TABLE day_peer (day INTEGER NOT NULL, device INTEGER NOT NULL, peer INTEGER NOT NULL, service INTEGER NOT NULL,
  flows INTEGER NOT NULL, sent INTEGER NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY (day, device, peer, service)) WITHOUT ROWID;
INSERT INTO about VALUES ('schema', '${SCHEMA}');
`;
