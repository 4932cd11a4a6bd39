/** The tables of live monitoring. The store carries JSON as text; its users know what the texts mean. */
import type { Kysely } from 'kysely';
import type { Tables } from '../schema.ts';
import type { StoredUplink } from '../uplink/index.ts';
import type { WriteBatch } from '../write-batch.ts';
import { createLiveAlerts } from './alert.ts';
import { createLiveDevices } from './device.ts';
import { createLiveRecords } from './record.ts';

export const createLive = (db: Kysely<Tables>, batch: WriteBatch, uplink: StoredUplink) => ({
  alerts: createLiveAlerts(db, batch, uplink),
  devices: createLiveDevices(db, batch, uplink),
  records: createLiveRecords(db, batch, uplink),
});
export type StoredLive = ReturnType<typeof createLive>;
