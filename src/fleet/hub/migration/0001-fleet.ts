/** The hub's tables, each behind row-level security: without a tenant, or with another one, a row is not there. */
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const tables: Record<string, string> = {
  fleet_tenant: 'tenant text PRIMARY KEY, name text NOT NULL',
  fleet_join_code: `digest text PRIMARY KEY, tenant text NOT NULL, site text NOT NULL, expires double precision NOT NULL,
    used double precision`,
  fleet_sensor: `tenant text NOT NULL, sensor text NOT NULL, site text NOT NULL, public_key text NOT NULL UNIQUE,
    joined double precision NOT NULL, revoked double precision, last_seen double precision, version text,
    clock_offset double precision, run text, earlier_run text, cloned double precision,
    lost_records bigint NOT NULL DEFAULT 0, lost_bytes bigint NOT NULL DEFAULT 0, newer_schema integer,
    PRIMARY KEY (tenant, sensor), UNIQUE (sensor)`,
  fleet_cursor: `tenant text NOT NULL, sensor text NOT NULL, epoch text NOT NULL, lane text NOT NULL,
    committed bigint NOT NULL, PRIMARY KEY (tenant, sensor, epoch, lane)`,
  fleet_alert: `tenant text NOT NULL, sensor text NOT NULL, episode text NOT NULL, status text NOT NULL DEFAULT 'open',
    type text NOT NULL, severity text NOT NULL, mac text, hosts text NOT NULL, raised double precision NOT NULL,
    updated double precision NOT NULL, received double precision NOT NULL, body jsonb NOT NULL,
    PRIMARY KEY (tenant, sensor, episode)`,
  fleet_device: `tenant text NOT NULL, sensor text NOT NULL, mac text NOT NULL, last_seen double precision NOT NULL,
    body jsonb NOT NULL, PRIMARY KEY (tenant, sensor, mac)`,
  fleet_gap: `tenant text NOT NULL, sensor text NOT NULL, from_ts double precision NOT NULL, to_ts double precision,
    reason text NOT NULL, PRIMARY KEY (tenant, sensor, from_ts)`,
  fleet_rejected: `tenant text NOT NULL, sensor text NOT NULL, received double precision NOT NULL, reason text NOT NULL,
    payload bytea NOT NULL`,
};

export const fleetMigration: Migration = {
  async up(db: Kysely<unknown>) {
    for (const [name, columns] of Object.entries(tables)) {
      await sql`CREATE TABLE ${sql.table(name)} (${sql.raw(columns)})`.execute(db);
      await sql`ALTER TABLE ${sql.table(name)} ENABLE ROW LEVEL SECURITY`.execute(db);
      // The owner of a table is under its rules as well: the hub is.
      await sql`ALTER TABLE ${sql.table(name)} FORCE ROW LEVEL SECURITY`.execute(db);
      await sql`CREATE POLICY of_tenant ON ${sql.table(name)}
        USING (current_setting('guardian.tenant', true) IN (tenant, '*'))`.execute(db);
    }
    await sql`CREATE INDEX fleet_alert_updated ON fleet_alert (tenant, updated DESC)`.execute(db);
  },
};
