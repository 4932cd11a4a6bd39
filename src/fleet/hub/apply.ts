/** What a record of a house does to the hub's tables. Each kind is one function. */
import type { Transaction } from 'kysely';
import type { UplinkRecord } from '../../store/uplink/record.ts';
import type { HubTables } from './tables.ts';

export interface RecordPlace {
  tenant: string;
  sensor: string;
  /** Seconds since 1970, by the hub's clock. */
  received: number;
}

type Apply<K extends UplinkRecord['kind']> = (
  transaction: Transaction<HubTables>,
  record: Extract<UplinkRecord, { kind: K }>,
  place: RecordPlace,
) => Promise<unknown>;

const of = ({ tenant, sensor }: RecordPlace) => ({ tenant, sensor });

/** Only what is JSON becomes JSON there; anything else would stop the lane for good. */
const json = (body: string): string => {
  try {
    // PostgreSQL's jsonb has no zero character.
    return JSON.stringify(JSON.parse(body)).replaceAll('\\u0000', '\\ufffd');
  } catch {
    return JSON.stringify(body.replaceAll('\0', '\ufffd'));
  }
};
const plain = <T extends string | null>(text: T): T => (text?.replaceAll('\0', '\ufffd') ?? null) as T;

const appliers: { [K in UplinkRecord['kind']]: Apply<K> } = {
  alert: (transaction, { kind: _, body, ...alert }, place) => {
    const told = {
      type: plain(alert.type),
      severity: plain(alert.severity),
      mac: plain(alert.mac),
      hosts: plain(alert.hosts),
      raised: alert.raised,
      updated: alert.updated,
      received: place.received,
      body: json(body),
    };
    return transaction
      .insertInto('fleet_alert')
      .values({ ...of(place), episode: plain(alert.episode), ...told })
      .onConflict((conflict) => conflict.columns(['tenant', 'sensor', 'episode']).doUpdateSet(told))
      .execute();
  },

  status: (transaction, { episode, status }, { tenant, sensor }) =>
    transaction
      .updateTable('fleet_alert')
      .set({ status: plain(status) })
      .where('tenant', '=', tenant)
      .where('sensor', '=', sensor)
      .where('episode', '=', plain(episode))
      .execute(),

  device: (transaction, { mac, last_seen, body }, place) => {
    const seen = { last_seen, body: json(body) };
    return transaction
      .insertInto('fleet_device')
      .values({ ...of(place), mac: plain(mac), ...seen })
      .onConflict((conflict) => conflict.columns(['tenant', 'sensor', 'mac']).doUpdateSet(seen))
      .execute();
  },

  forget: async (transaction, { mac }, { tenant, sensor }) => {
    for (const table of ['fleet_device', 'fleet_alert'] as const) {
      await transaction
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('sensor', '=', sensor)
        .where('mac', '=', plain(mac))
        .execute();
    }
  },

  gap: (transaction, { from, to, reason }, place) => {
    const seen = { to_ts: to, reason: plain(reason) };
    return transaction
      .insertInto('fleet_gap')
      .values({ ...of(place), from_ts: from, ...seen })
      .onConflict((conflict) => conflict.columns(['tenant', 'sensor', 'from_ts']).doUpdateSet(seen))
      .execute();
  },

  hello: (transaction, { version }, { tenant, sensor }) =>
    transaction
      .updateTable('fleet_sensor')
      .set({ version: plain(version) })
      .where('tenant', '=', tenant)
      .where('sensor', '=', sensor)
      .execute(),

  lost: (transaction, { records, bytes }, { tenant, sensor }) =>
    transaction
      .updateTable('fleet_sensor')
      .set((row) => ({
        lost_records: row('lost_records', '+', records),
        lost_bytes: row('lost_bytes', '+', bytes),
      }))
      .where('tenant', '=', tenant)
      .where('sensor', '=', sensor)
      .execute(),
};

export async function applyRecord(
  transaction: Transaction<HubTables>,
  record: UplinkRecord,
  place: RecordPlace,
): Promise<void> {
  await (appliers[record.kind] as Apply<UplinkRecord['kind']>)(transaction, record as never, place);
}
