/** Which numbers a filter means: the devices and other ends that it names. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { keyRange } from './address-key.ts';
import type { FlowFilter } from './flow.ts';
import type { HistoryTables } from './tables.ts';

/** Ends that are asked for one by one; of more, every connection is looked at. */
const MOST_ENDS = 300;

export interface Ends {
  /** Numbers of the device; null where none is asked for. */
  devices: number[] | null;
  /** Other ends that are the device itself, when another device speaks to it. */
  asPeer: number[];
  /** Numbers of other ends; null where none is asked for, or too many to name. */
  peers: number[] | null;
  /** Other ends that are too many to name: their condition. */
  wide: { first: string; last: string } | { like: string } | null;
  service: number | null;
  /** What is asked for is not known at all: nothing can be found. */
  isNothing: boolean;
}

export async function findEnds(db: Kysely<HistoryTables>, filter: FlowFilter): Promise<Ends> {
  const ends: Ends = { devices: null, asPeer: [], peers: null, wide: null, service: null, isNothing: false };
  if (filter.device !== undefined) {
    const names = [filter.device, ...(filter.deviceAddresses ?? [])];
    const devices = await db.selectFrom('word').select('id').where('text', '=', filter.device).execute();
    const peers = await db.selectFrom('peer').select('id').where('address', 'in', names).limit(MOST_ENDS).execute();
    ends.devices = devices.map(({ id }) => Number(id));
    ends.asPeer = peers.map(({ id }) => Number(id));
    ends.isNothing = ends.devices.length + ends.asPeer.length === 0;
  }
  if (filter.peer !== undefined) {
    const condition = conditionOf(filter.peer);
    const query = db.selectFrom('peer').select('id').where(peerCondition(condition));
    const found = await query.limit(MOST_ENDS + 1).execute();
    if (found.length > MOST_ENDS) ends.wide = condition;
    else ends.peers = found.map(({ id }) => Number(id));
    ends.isNothing ||= found.length === 0;
  }
  if (filter.service !== undefined) {
    const word = await db.selectFrom('word').select('id').where('text', '=', filter.service).executeTakeFirst();
    if (word === undefined) ends.isNothing = true;
    else ends.service = Number(word.id);
  }
  return ends;
}

/** A network, an address, or a name: one with a dot covers the names below it, a word is found inside of names. */
function conditionOf(peer: string): NonNullable<Ends['wide']> {
  const range = keyRange(peer);
  if (range !== null) return range;
  const plain = peer
    .toLowerCase()
    .replace(/^\*\./, '')
    .replaceAll(/[\\%_]/g, '\\$&');
  return { like: plain.includes('.') ? `%.${plain}` : `%${plain}%` };
}

/** On the table `peer`. */
export const peerCondition = (condition: NonNullable<Ends['wide']>): RawBuilder<boolean> =>
  'like' in condition
    ? sql<boolean>`('.' || peer.name) like ${condition.like} escape '\\' and peer.name <> ''`
    : sql<boolean>`peer.address_key >= ${condition.first} and peer.address_key <= ${condition.last}`;
