/**
 * Pages of connections, newest first. There is no index by device or end: that would cost more than the connections
 * themselves. Instead it is known in which minutes an end spoke, and only those are read.
 */
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import { type Ends, findEnds, peerCondition } from './ends.ts';
import type { FlowFilter, FlowPage } from './flow.ts';
import { idAt, minuteOf, NEW, OUTWARD, PER_MINUTE, protoNumbers, stateCode } from './layout.ts';
import { toStoredFlows } from './stored-flow.ts';
import type { FlowRow, HistoryTables } from './tables.ts';

/** What a page may take; then it says that it is not whole. */
const BUDGET_MS = 800;
/** Connections that are looked at in one statement. */
const LOOKED_AT = 20_000;
/** Minutes that are read together: few first, for most pages are full soon. */
const FIRST_MINUTES = 25;
const MOST_MINUTES = 200;
/** How far back minutes are asked for at first. */
const FIRST_WINDOW = 720;
const MOST_WINDOW = 1_000_000;

interface Page {
  limit: number;
  before?: number;
}

interface Range {
  /** Ids: from `first` on, before `end`. */
  first: number;
  end: number;
}

export async function searchFlows(db: Kysely<HistoryTables>, filter: FlowFilter, page: Page): Promise<FlowPage> {
  const ends = await findEnds(db, filter);
  if (ends.isNothing) return { flows: [], before: null, partial: false };
  const oldest = await db.selectFrom('flow').select('id').orderBy('id').limit(1).executeTakeFirst();
  const newest = await db.selectFrom('flow').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (oldest === undefined || newest === undefined) return { flows: [], before: null, partial: false };
  const range: Range = {
    first: Math.max(Number(oldest.id), filter.since === undefined ? 0 : idAt(filter.since)),
    end: Math.min(
      Number(newest.id) + 1,
      filter.until === undefined ? Number.POSITIVE_INFINITY : idAt(filter.until),
      page.before ?? Number.POSITIVE_INFINITY,
    ),
  };
  const find = hasOwnIndex(filter) ? findMarked : ends.devices === null && ends.peers === null ? findAny : findSeen;
  const { rows, rest } = await find(db, { filter, ends, range, wanted: page.limit + 1, until: Date.now() + BUDGET_MS });
  const isFull = rows.length > page.limit;
  const shown = rows.slice(0, page.limit);
  return {
    flows: await toStoredFlows(db, shown),
    before: isFull ? Number(shown[shown.length - 1].id) : rest,
    partial: !isFull && rest !== null,
  };
}

interface Task {
  filter: FlowFilter;
  ends: Ends;
  range: Range;
  wanted: number;
  /** Milliseconds since 1970 at which to stop. */
  until: number;
}
/** `rest`: from which id on the time was too short to look; null where everything was looked at. */
interface Found {
  rows: FlowRow[];
  rest: number | null;
}

const hasOwnIndex = ({ alert, novelty }: FlowFilter): boolean => alert !== undefined || novelty === 'new';

/** Connections of alerts and first ones are few, and have an index of their own. */
async function findMarked(db: Kysely<HistoryTables>, { filter, ends, range, wanted }: Task): Promise<Found> {
  let query = db
    .selectFrom('flow')
    .selectAll()
    .where(condition(filter, ends))
    .where('id', '>=', range.first)
    .where('id', '<', range.end)
    .orderBy('id', 'desc')
    .limit(wanted);
  if (filter.alert === true) query = query.where('episode', 'is not', null);
  else if (filter.alert !== undefined) {
    const word = db.selectFrom('word').select('id').where('text', '=', filter.alert);
    query = query.where('episode', '=', word);
  }
  return { rows: await query.execute(), rest: null };
}

/** Looks at every connection, a stretch at a time. */
async function findAny(db: Kysely<HistoryTables>, { filter, ends, range, wanted, until }: Task): Promise<Found> {
  const rows: FlowRow[] = [];
  for (let { end } = range; ; ) {
    const stretch = db.selectFrom('flow').selectAll().where('id', '>=', range.first).where('id', '<', end);
    const newest = stretch.orderBy('id', 'desc').limit(LOOKED_AT);
    const found = await db
      .selectFrom(newest.as('flow'))
      .selectAll()
      .where(condition(filter, ends))
      .limit(wanted - rows.length)
      .execute();
    rows.push(...found);
    if (rows.length >= wanted) return { rows, rest: null };
    const next = await stretch
      .clearSelect()
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .offset(LOOKED_AT - 1)
      .executeTakeFirst();
    if (next === undefined) return { rows, rest: null };
    end = Number(next.id);
    if (Date.now() > until) return { rows, rest: end };
  }
}

/** Looks only at the minutes in which one of the ends spoke. */
async function findSeen(db: Kysely<HistoryTables>, { filter, ends, range, wanted, until }: Task): Promise<Found> {
  const who = ends.peers?.map((peer) => 2 * peer) ?? [
    ...ends.devices!.map((device) => 2 * device + 1),
    ...ends.asPeer.map((peer) => 2 * peer),
  ];
  const rows: FlowRow[] = [];
  const first = minuteOf(range.first);
  let width = FIRST_WINDOW;
  let batch = FIRST_MINUTES;
  for (let last = minuteOf(range.end - 1); last >= first; ) {
    const from = Math.max(first, last - width + 1);
    const minutes = await minutesOf(db, who, from, last);
    for (let i = 0; i < minutes.length; i += batch, batch = Math.min(MOST_MINUTES, 2 * batch)) {
      const some = minutes.slice(i, i + batch);
      rows.push(...(await flowsOf(db, { filter, ends, range, wanted: wanted - rows.length }, some)));
      if (rows.length >= wanted) return { rows, rest: null };
      if (Date.now() > until) return { rows, rest: some[some.length - 1] * PER_MINUTE };
    }
    last = from - 1;
    if (minutes.length === 0) width = Math.min(MOST_WINDOW, 8 * width);
  }
  return { rows, rest: null };
}

async function minutesOf(
  db: Kysely<HistoryTables>,
  who: readonly number[],
  from: number,
  last: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('seen')
    .select('minute')
    .distinct()
    .where('who', 'in', who)
    .where('minute', '>=', from)
    .where('minute', '<=', last)
    .orderBy('minute', 'desc')
    .execute();
  return rows.map(({ minute }) => Number(minute));
}

function flowsOf(
  db: Kysely<HistoryTables>,
  { filter, ends, range, wanted }: Omit<Task, 'until'>,
  minutes: readonly number[],
): Promise<FlowRow[]> {
  const [newest, oldest] = [minutes[0], minutes[minutes.length - 1]];
  const start = Math.max(range.first, oldest * PER_MINUTE);
  const end = Math.min(range.end, (newest + 1) * PER_MINUTE);
  let query = db.selectFrom('flow').selectAll('flow').where(condition(filter, ends)).orderBy('flow.id', 'desc');
  // Minutes without a break are one stretch.
  if (newest - oldest + 1 > minutes.length) {
    const listed = sql<{ minute: number }>`(select value as minute from json_each(${JSON.stringify(minutes)}))`;
    query = query
      .innerJoin(listed.as('spoke'), (join) => join.onTrue())
      .where(sql<boolean>`flow.id >= spoke.minute * ${PER_MINUTE} and flow.id < (spoke.minute + 1) * ${PER_MINUTE}`);
  }
  return query.where('flow.id', '>=', start).where('flow.id', '<', end).limit(wanted).execute();
}

/** Everything but time and alert. */
function condition(filter: FlowFilter, ends: Ends): Expression<SqlBool> {
  const { port, proto, direction, state, bytes, novelty } = filter;
  const all: Expression<SqlBool>[] = [sql<boolean>`1 = 1`];
  const list = (ids: readonly number[]) => sql.join(ids.length > 0 ? ids : [-1]);
  if (ends.devices) {
    all.push(sql`(flow.device in (${list(ends.devices)}) or flow.peer in (${list(ends.asPeer)}))`);
  }
  if (ends.peers) all.push(sql`flow.peer in (${list(ends.peers)})`);
  if (ends.wide) all.push(sql`flow.peer in (select peer.id from peer where ${peerCondition(ends.wide)})`);
  if (ends.service !== null) all.push(sql`flow.service = ${ends.service}`);
  if (port !== undefined) all.push(sql`(flow.resp_p = ${port} or flow.orig_p = ${port})`);
  if (proto !== undefined) all.push(sql`flow.proto in (${list(protoNumbers[proto])})`);
  if (direction !== undefined) all.push(sql`(flow.flags & ${OUTWARD}) = ${direction === 'out' ? OUTWARD : 0}`);
  if (state !== undefined) all.push(sql`flow.state = ${stateCode(state) ?? -1}`);
  if (bytes !== undefined) all.push(sql`coalesce(flow.orig_bytes, 0) + coalesce(flow.resp_bytes, 0) >= ${bytes}`);
  if (novelty === 'new') all.push(sql`flow.flags & ${sql.lit(NEW)}`);
  if (novelty === 'usual') all.push(sql`(flow.flags & ${NEW}) = 0`);
  return sql<SqlBool>`(${sql.join(all, sql` and `)})`;
}
