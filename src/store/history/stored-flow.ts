/** Numbers of the history back into words. */
import type { Kysely } from 'kysely';
import { chunks } from '../chunks.ts';
import type { StoredFlow } from './flow.ts';
import { LOCAL_KNOWN, LOCAL_ORIG, LOCAL_RESP, NEW, OPEN, OUTWARD, stateOf, timeOf, unpackUid } from './layout.ts';
import type { FlowRow, HistoryTables } from './tables.ts';

export async function toStoredFlows(db: Kysely<HistoryTables>, rows: readonly FlowRow[]): Promise<StoredFlow[]> {
  const words = new Map<number, string>();
  const peers = new Map<number, { address: string; name: string }>();
  const numbers = rows.flatMap(({ device, own, service, tls, history, episode }) => [
    ...[device, own, service, tls, history, episode],
  ]);
  for (const ids of chunks([...new Set(numbers.filter((id) => id !== null))])) {
    const found = await db.selectFrom('word').selectAll().where('id', 'in', ids).execute();
    for (const { id, text } of found) words.set(Number(id), text);
  }
  for (const ids of chunks([...new Set(rows.map(({ peer }) => peer))])) {
    const found = await db.selectFrom('peer').select(['id', 'address', 'name']).where('id', 'in', ids).execute();
    for (const { id, address, name } of found) peers.set(Number(id), { address, name });
  }
  const wordOf = (id: number | null): string | null => (id === null ? null : (words.get(Number(id)) ?? null));
  return rows.map((row) => toStoredFlow(row, wordOf, peers.get(Number(row.peer))));
}

const numberOf = (value: number | null): number | null => (value === null ? null : Number(value));

function toStoredFlow(
  row: FlowRow,
  wordOf: (id: number | null) => string | null,
  peer: { address: string; name: string } | undefined,
): StoredFlow {
  const { flags, duration, score } = row;
  const local = (bit: number): boolean | null => (flags & LOCAL_KNOWN ? (flags & bit) !== 0 : null);
  return {
    id: Number(row.id),
    ts: timeOf(Number(row.id)),
    uid: unpackUid(row.uid),
    device: wordOf(row.device) ?? '',
    own: wordOf(row.own) ?? '',
    peer: peer?.address ?? '',
    name: peer?.name || null,
    outward: (flags & OUTWARD) !== 0,
    orig_p: row.orig_p,
    resp_p: row.resp_p,
    ip_proto: row.proto,
    service: wordOf(row.service),
    tls: wordOf(row.tls),
    history: wordOf(row.history),
    conn_state: stateOf(row.state),
    local_orig: local(LOCAL_ORIG),
    local_resp: local(LOCAL_RESP),
    duration: duration === null ? null : Number(duration) / 1e6,
    orig_bytes: numberOf(row.orig_bytes),
    resp_bytes: numberOf(row.resp_bytes),
    orig_pkts: numberOf(row.orig_pkts),
    resp_pkts: numberOf(row.resp_pkts),
    score: score === null ? null : score / 1000,
    open: (flags & OPEN) !== 0,
    isNew: (flags & NEW) !== 0,
    episode: wordOf(row.episode),
  };
}
