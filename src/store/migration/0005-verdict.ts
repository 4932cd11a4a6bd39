/** The verdict of a scan beside it, so that a list of scans need not read what was found in each. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** From worst to least, as they were when these rows were written. */
const SEVERITIES = ['Critical', 'High', 'Medium', 'Low'];
/** The alerts of a scan can be megabytes. */
const AT_A_TIME = 50;

interface Tables {
  scan_report: { scan_id: number; alerts: string; alerts_count: number; worst: string | null };
}

export const verdictMigration: Migration = {
  async up(db: Kysely<Tables>) {
    const table = db.schema.alterTable('scan_report');
    await table.addColumn('alerts_count', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await table.addColumn('worst', 'text').execute();
    await table.addColumn('preset', 'text', (column) => column.notNull().defaultTo('guardian')).execute();
    for (let after = 0; ; ) {
      const rows = await db
        .selectFrom('scan_report')
        .select(['scan_id', 'alerts'])
        .where('scan_id', '>', after)
        .orderBy('scan_id')
        .limit(AT_A_TIME)
        .execute();
      for (const { scan_id, alerts } of rows) {
        const found = severitiesOf(alerts);
        const worst = SEVERITIES.find((severity) => found.includes(severity)) ?? null;
        const verdict = { alerts_count: found.length, worst };
        await db.updateTable('scan_report').set(verdict).where('scan_id', '=', scan_id).execute();
      }
      if (rows.length < AT_A_TIME) return;
      after = rows[rows.length - 1].scan_id;
    }
  },
};

/** Severities of the alerts; none where the text is not JSON, since no Guardian has written it. */
function severitiesOf(text: string): string[] {
  try {
    return (JSON.parse(text) as { severity: string }[]).map(({ severity }) => severity);
  } catch {
    return [];
  }
}
