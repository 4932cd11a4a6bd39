/** What live monitoring keeps. Whoever uses it knows what the JSON texts mean; the store carries them. */
import type { Kysely } from 'kysely';
import type { Tables } from '../schema.ts';
import type { WriteBatch } from '../write-batch.ts';
import { createLiveAlerts } from './alert.ts';
import { createLiveDevices } from './device.ts';
import { createLiveRecords } from './record.ts';

export const createLive = (db: Kysely<Tables>, batch: WriteBatch) => ({
  alerts: createLiveAlerts(db, batch),
  devices: createLiveDevices(db, batch),
  records: createLiveRecords(db, batch),
});
export type StoredLive = ReturnType<typeof createLive>;
