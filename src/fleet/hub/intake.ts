/**
 * Takes a batch into the database, whole or not at all, and in order. The row of the cursor is locked first: of any number
 * of hubs that get the same batch, or two that follow each other, one works and the other waits and then knows better.
 */
import type { Transaction } from 'kysely';
import type { Lane } from '../../store/uplink/tables.ts';
import type { Cursor } from '../transport/uplink.ts';
import { decodeBatch } from '../wire/batch.ts';
import { applyRecord } from './apply.ts';
import type { HubDatabase } from './database.ts';
import { tenantOf } from './sensor-name.ts';
import type { HubTables } from './tables.ts';

export interface Arrival {
  /** From the subject: the broker lets a house publish under its own name alone. */
  sensor: string;
  lane: Lane;
  payload: Uint8Array;
  /** Of the process that sent it, and its wall clock then. */
  run: string;
  sent: number | null;
  /** Seconds since 1970. */
  received: number;
}

export type Outcome =
  /** `cursor` is how far the database has come, whether by this batch or by an earlier one. */
  | { outcome: 'committed' | 'known'; cursor: Cursor }
  /** What comes before it is not there yet: it must come again later. */
  | { outcome: 'gap' }
  /** A later version sent it: it waits for a later hub. */
  | { outcome: 'newer'; schema: number }
  /** Kept aside with the reason; it will not come again. */
  | { outcome: 'rejected'; reason: string; cursor?: Cursor };

/** Payloads that are kept aside are cut, and their number is bounded: a hostile house may not fill the database. */
const MOST_PAYLOAD = 64 * 1024;
const MOST_REJECTED = 100;

export function createIntake(database: HubDatabase) {
  const take = async (arrival: Arrival, poison: string | null): Promise<Outcome> => {
    const { sensor, lane, payload, received } = arrival;
    const tenant = tenantOf(sensor);
    return database.as(tenant, async (transaction) => {
      const place = { tenant, sensor, received };
      const known = await transaction
        .selectFrom('fleet_sensor')
        .select('revoked')
        .where('tenant', '=', tenant)
        .where('sensor', '=', sensor)
        .executeTakeFirst();
      if (!known) return { outcome: 'rejected', reason: 'nobody of that name has joined' };
      if (known.revoked !== null) return { outcome: 'rejected', reason: 'it was shut out' };
      await hear(transaction, arrival, tenant);

      const decoded = decodeBatch(payload);
      if ('newer' in decoded) {
        await transaction
          .updateTable('fleet_sensor')
          .set({ newer_schema: decoded.newer })
          .where('tenant', '=', tenant)
          .where('sensor', '=', sensor)
          .execute();
        return { outcome: 'newer', schema: decoded.newer };
      }
      const reason = 'bad' in decoded ? decoded.bad : decoded.head.lane === lane ? poison : 'it is of another lane';
      const { head } = decoded;
      if (reason !== null) await keepAside(transaction, arrival, tenant, reason);
      // Nothing can be said of its place: whatever it was, it comes again by itself when the hub does not have it.
      if (!head || (reason !== null && head.lane !== lane)) {
        return { outcome: 'rejected', reason: reason ?? 'it has no first line' };
      }
      const { epoch, from, to } = head;
      await transaction
        .insertInto('fleet_cursor')
        .values({ tenant, sensor, epoch, lane, committed: 0 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const { committed } = await transaction
        .selectFrom('fleet_cursor')
        .select('committed')
        .where('tenant', '=', tenant)
        .where('sensor', '=', sensor)
        .where('epoch', '=', epoch)
        .where('lane', '=', lane)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (to <= committed) return { outcome: 'known', cursor: { epoch, lane, committed } };
      if (from > committed + 1) return { outcome: 'gap' };
      if ('records' in decoded && reason === null) {
        for (const { seq, record } of decoded.records) {
          if (seq > committed) await applyRecord(transaction, record, place);
        }
      }
      await transaction
        .updateTable('fleet_cursor')
        .set({ committed: to })
        .where('tenant', '=', tenant)
        .where('sensor', '=', sensor)
        .where('epoch', '=', epoch)
        .where('lane', '=', lane)
        .execute();
      const cursor = { epoch, lane, committed: to };
      return reason === null ? { outcome: 'committed', cursor } : { outcome: 'rejected', reason, cursor };
    });
  };

  return async (arrival: Arrival): Promise<Outcome> => {
    try {
      return await take(arrival, null);
    } catch (error) {
      // Data that the tables refuse would come back for ever; anything else may be better the next time.
      const { code, message } = error as { code?: string; message: string };
      if (!/^2[23]/.test(code ?? '')) throw error;
      return take(arrival, `the database refuses it: ${message}`);
    }
  };
}

/** When the house was heard, how its clock stands, and whether two machines speak as one. */
async function hear(
  transaction: Transaction<HubTables>,
  { sensor, run, sent, received }: Arrival,
  tenant: string,
): Promise<void> {
  const row = await transaction
    .selectFrom('fleet_sensor')
    .select(['run', 'earlier_run', 'cloned'])
    .where('tenant', '=', tenant)
    .where('sensor', '=', sensor)
    .executeTakeFirstOrThrow();
  // A process that has been followed by another is over; if it speaks again, both are alive.
  const isBack = run !== row.run && run === row.earlier_run;
  await transaction
    .updateTable('fleet_sensor')
    .set({
      last_seen: received,
      clock_offset: sent === null ? null : sent - received,
      ...(run !== row.run && { run, earlier_run: row.run }),
      ...(isBack && row.cloned === null && { cloned: received }),
    })
    .where('tenant', '=', tenant)
    .where('sensor', '=', sensor)
    .execute();
}

async function keepAside(
  transaction: Transaction<HubTables>,
  { sensor, payload, received }: Arrival,
  tenant: string,
  reason: string,
): Promise<void> {
  const { count } = await transaction
    .selectFrom('fleet_rejected')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('sensor', '=', sensor)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST_REJECTED) return;
  await transaction
    .insertInto('fleet_rejected')
    .values({ tenant, sensor, received, reason, payload: Buffer.from(payload.subarray(0, MOST_PAYLOAD)) })
    .execute();
}
