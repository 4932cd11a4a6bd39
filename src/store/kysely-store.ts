/** The store on any engine that Kysely speaks. */
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import { createAccountStore } from './account/index.ts';
import { createLive } from './live/index.ts';
import { createOutbox } from './outbox.ts';
import type { Tables } from './schema.ts';
import { createSettingBox } from './setting-box.ts';
import type { NewScan, ScanPage, ScanRecord, ScanSummary, Store } from './store.ts';
import { createUplink } from './uplink/index.ts';
import { WriteBatch } from './write-batch.ts';

export interface KyselyStoreOptions {
  db: Kysely<Tables>;
  quarantined: string | null;
  engine: 'sqlite' | 'postgres';
  clock: Clock;
  /** The engine's own check and clearing of its files, and how much they hold. */
  checkIntegrity: () => Promise<string[]>;
  scrub: () => Promise<void>;
  usedBytes: () => Promise<number>;
}

export function createKyselyStore({
  db,
  engine,
  quarantined,
  clock,
  checkIntegrity,
  scrub,
  usedBytes,
}: KyselyStoreOptions): Store {
  const batch = new WriteBatch(db);
  const uplink = createUplink(db, batch);

  // Left join: a row that another program wrote into the published table has no report of ours.
  const summaryColumns = () =>
    db
      .selectFrom('scan_result')
      .leftJoin('scan_report', 'scan_report.scan_id', 'scan_result.id')
      .select(['scan_result.id', 'scan_result.timestamp', 'scan_result.anomalies_count'])
      .select(['total_samples', 'percentage', 'threshold', 'file', 'format', 'records', 'truncated', 'seconds'])
      .select(['alerts_count', 'worst', 'preset']);

  const summaries = (page: ScanPage) => {
    const query = summaryColumns().limit(page.limit);
    if ('after' in page) return query.where('scan_result.id', '>', page.after).orderBy('scan_result.id', 'asc');
    const newestFirst = query.orderBy('scan_result.id', 'desc');
    return page.before === undefined ? newestFirst : newestFirst.where('scan_result.id', '<', page.before);
  };

  return {
    quarantined,
    addScan: (scan) =>
      batch.run(async (transaction) => {
        const timestamp = Math.floor(clock.now() / 1000) * 1000;
        const { anomalies_count, details, ...report } = scan;
        const { id } = await transaction
          .insertInto('scan_result')
          .values({ timestamp: toText(timestamp), anomalies_count, details })
          .returning('id')
          .executeTakeFirstOrThrow();
        await transaction
          .insertInto('scan_report')
          .values({ ...report, scan_id: id, truncated: report.truncated ? 1 : 0 })
          .execute();
        return { id, timestamp };
      }),

    async scan(id) {
      const row = await summaryColumns()
        .where('scan_result.id', '=', id)
        .select(['details', 'errors', 'skipped', 'metrics', 'alerts', 'devices'])
        .executeTakeFirst();
      return row && { ...toSummary(row), ...toFindings(row) };
    },

    scanSummaries: async (page) => (await summaries(page).execute()).map(toSummary),

    scanDetails: async (page) =>
      (await summaries(page).select('details').execute()).map((row) => ({
        ...toSummary(row),
        details: row.details ?? '[]',
      })),

    async countScans() {
      const { count } = await db
        .selectFrom('scan_result')
        .select((expression) => expression.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    pruneScans: ({ before, keep }) =>
      batch.run(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('scan_result')
          .where((where) =>
            where.or([
              where('timestamp', '<', toText(before)),
              where('id', 'not in', where.selectFrom('scan_result').select('id').orderBy('id', 'desc').limit(keep)),
            ]),
          )
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),

    removeScan: (id) =>
      batch.run(async (transaction) => {
        const { numDeletedRows } = await transaction.deleteFrom('scan_result').where('id', '=', id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),

    outbox: createOutbox(db, batch),
    live: createLive(db, batch, uplink),
    uplink,
    accounts: createAccountStore(db, batch, engine),
    settings: createSettingBox(db, batch),
    usedBytes,
    checkIntegrity,
    scrub,
    close: () => db.destroy(),
  };
}

const toText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
const toMilliseconds = (text: string | null): number => Date.parse(`${text?.replace(' ', 'T')}Z`) || 0;

/** As selected: nothing beyond the published columns is certain to be there. */
type Selected<T> = { [K in keyof T]: T[K] | null };
type SummaryRow = { id: number } & Selected<Omit<ScanSummary, 'id' | 'timestamp' | 'truncated'>> & {
    timestamp: string | null;
    truncated: number | null;
  };
type Findings = Omit<NewScan, keyof ScanSummary>;

function toSummary(row: SummaryRow): ScanSummary {
  return {
    id: row.id,
    timestamp: toMilliseconds(row.timestamp),
    anomalies_count: row.anomalies_count ?? 0,
    total_samples: row.total_samples ?? 0,
    percentage: row.percentage ?? 0,
    threshold: row.threshold ?? 0,
    file: row.file ?? '',
    format: row.format ?? '',
    records: row.records ?? 0,
    truncated: row.truncated === 1,
    seconds: row.seconds ?? 0,
    alerts_count: row.alerts_count ?? 0,
    worst: row.worst,
    // A row that another program wrote has a verdict of the published detector.
    preset: row.preset ?? 'published',
  };
}

function toFindings(row: Selected<Findings>): Findings & Pick<ScanRecord, 'details'> {
  return {
    details: row.details ?? '[]',
    errors: row.errors ?? '[]',
    skipped: row.skipped ?? '{"rows":0,"reasons":{},"lines":[]}',
    metrics: row.metrics,
    alerts: row.alerts ?? '[]',
    devices: row.devices ?? '[]',
  };
}
