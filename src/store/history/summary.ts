/** Totals, top lists and charts from the sums of hours and days, whatever the number of connections behind them. */
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import { type Ends, findEnds, peerCondition } from './ends.ts';
import type { FlowFilter, FlowPoint, FlowTotals, Grouping, TopRow } from './flow.ts';
import type { HistoryTables } from './tables.ts';

const HOUR = 3600;
const DAY = 86_400;
/** Up to so long a stretch is summed by the hour, a longer one by whole days. */
const BY_HOUR = 3 * DAY;

type Db = Kysely<HistoryTables>;
interface Span {
  table: 'hour_peer' | 'day_peer' | 'hour_device';
  column: 'hour' | 'day';
  seconds: number;
}
const hours: Span = { table: 'hour_peer', column: 'hour', seconds: HOUR };
const days: Span = { table: 'day_peer', column: 'day', seconds: DAY };
const devices: Span = { table: 'hour_device', column: 'hour', seconds: HOUR };

const sums = sql`sum(s.flows) as flows, sum(s.sent) as sent, sum(s.received) as received`;
type SumRow = { flows: number | null; sent: number | null; received: number | null };
const toTotals = ({ flows, sent, received }: SumRow): FlowTotals => ({
  ...{ flows: Number(flows ?? 0), sent: Number(sent ?? 0), received: Number(received ?? 0) },
});

const spanOf = ({ since, until = Date.now() / 1000 }: FlowFilter): Span =>
  since !== undefined && until - since <= BY_HOUR ? hours : days;

const isForAll = (ends: Ends): boolean =>
  ends.peers === null && ends.wide === null && ends.service === null && ends.asPeer.length === 0;

function condition({ since, until }: FlowFilter, ends: Ends, { column, seconds }: Span): Expression<SqlBool> {
  const span = sql.ref(`s.${column}`);
  const all: Expression<SqlBool>[] = [sql`1 = 1`];
  const list = (ids: readonly number[]) => sql.join(ids.length > 0 ? ids : [-1]);
  if (since !== undefined) all.push(sql`${span} >= ${Math.floor(since / seconds)}`);
  if (until !== undefined) all.push(sql`${span} < ${Math.ceil(until / seconds)}`);
  if (ends.devices && ends.asPeer.length > 0) {
    all.push(sql`(s.device in (${list(ends.devices)}) or s.peer in (${list(ends.asPeer)}))`);
  } else if (ends.devices) all.push(sql`s.device in (${list(ends.devices)})`);
  if (ends.peers) all.push(sql`s.peer in (${list(ends.peers)})`);
  if (ends.wide) all.push(sql`s.peer in (select peer.id from peer where ${peerCondition(ends.wide)})`);
  if (ends.service !== null) all.push(sql`s.service = ${ends.service}`);
  return sql<SqlBool>`(${sql.join(all, sql` and `)})`;
}

export async function totalsOf(db: Db, filter: FlowFilter): Promise<FlowTotals> {
  const ends = await findEnds(db, filter);
  if (ends.isNothing) return { flows: 0, sent: 0, received: 0 };
  const span = spanOf(filter);
  const chosen = isForAll(ends) ? devices : span;
  const { rows } = await sql<SumRow>`
    select ${sums} from ${sql.table(chosen.table)} as s where ${condition(filter, ends, chosen)}`.execute(db);
  return toTotals(rows[0]);
}

export async function topOf(db: Db, filter: FlowFilter, by: Grouping, limit: number): Promise<TopRow[]> {
  const ends = await findEnds(db, filter);
  if (ends.isNothing) return [];
  const span = spanOf(filter);
  const inner = sql`select ${sql.ref(`s.${by}`)} as id, ${sums} from ${sql.table(span.table)} as s
    where ${condition(filter, ends, span)} group by ${sql.ref(`s.${by}`)}`;
  const outer =
    by === 'peer'
      ? sql`select case peer.name when '' then peer.address else peer.name end as key, ${sums}
          from (${inner}) as s join peer on peer.id = s.id group by 1`
      : sql`select coalesce(word.text, '') as key, s.flows, s.sent, s.received
          from (${inner}) as s left join word on word.id = s.id`;
  const { rows } = await sql<SumRow & { key: string }>`
    select * from (${outer}) as t order by t.sent + t.received desc, t.flows desc, t.key limit ${limit}`.execute(db);
  return rows.map((row) => ({ key: row.key, ...toTotals(row) }));
}

export async function chartOf(db: Db, filter: FlowFilter, step: 'hour' | 'day'): Promise<FlowPoint[]> {
  const ends = await findEnds(db, filter);
  if (ends.isNothing) return [];
  const seconds = step === 'day' ? DAY : HOUR;
  const span = isForAll(ends) ? devices : step === 'day' ? days : hours;
  const group = sql`${sql.ref(`s.${span.column}`)} / ${sql.lit(seconds / span.seconds)}`;
  const { rows } = await sql<SumRow & { span: number }>`
    select ${group} as span, ${sums} from ${sql.table(span.table)} as s
    where ${condition(filter, ends, span)} group by 1 order by 1`.execute(db);
  return rows.map((row) => ({ ts: Number(row.span) * seconds, ...toTotals(row) }));
}
