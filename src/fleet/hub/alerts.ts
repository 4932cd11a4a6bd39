/** The open alerts of one tenant's houses. */
import type { HubDatabase } from './database.ts';

export interface FleetAlert {
  sensor: string;
  site: string;
  severity: string;
  type: string;
  raised: number;
  updated: number;
  sentence: string;
}

const MOST = 200;

/** Newest first, at most 200. */
export async function listAlerts(database: HubDatabase, tenant: string): Promise<FleetAlert[]> {
  const rows = await database.as(tenant, (transaction) =>
    transaction
      .selectFrom('fleet_alert')
      .innerJoin('fleet_sensor', (join) =>
        join
          .onRef('fleet_sensor.tenant', '=', 'fleet_alert.tenant')
          .onRef('fleet_sensor.sensor', '=', 'fleet_alert.sensor'),
      )
      .select(['fleet_alert.sensor', 'site', 'severity', 'type', 'raised', 'updated', 'body'])
      .where('fleet_alert.tenant', '=', tenant)
      .where('status', '=', 'open')
      .orderBy('updated', 'desc')
      .limit(MOST)
      .execute(),
  );
  return rows.map(({ body, ...alert }) => ({ ...alert, sentence: sentenceOf(body) ?? alert.type }));
}

function sentenceOf(body: unknown): string | undefined {
  const sentence = (body as { sentence?: unknown } | null)?.sentence;
  return typeof sentence === 'string' ? sentence : undefined;
}
