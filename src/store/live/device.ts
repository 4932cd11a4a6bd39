/** Devices of the live monitor: what was seen of each, and what the owner has said of it. */
import type { Kysely, Selectable } from 'kysely';
import type { LiveDeviceTable, Tables } from '../schema.ts';
import type { StoredUplink } from '../uplink/index.ts';
import type { WriteBatch } from '../write-batch.ts';

export interface StoredDevice extends Omit<Selectable<LiveDeviceTable>, 'monitored'> {
  monitored: boolean;
}
type SeenDevice = Pick<StoredDevice, 'mac' | 'last_seen' | 'body'>;

/** Devices that are kept; of more, those that were not seen for longest and that the owner has not named go. */
const MOST_DEVICES = 4096;

export function createLiveDevices(db: Kysely<Tables>, batch: WriteBatch, uplink: StoredUplink) {
  return {
    /** Writes what was seen of devices; the owner's settings stay as they are. */
    seen: (devices: readonly SeenDevice[]) =>
      batch.run(async (transaction) => {
        for (const device of devices) {
          const { mac, ...seen } = device;
          if (uplink.isDue(mac, device.last_seen)) {
            await uplink.add(transaction, 'bulk', device.last_seen, { kind: 'device', ...device });
          }
          await transaction
            .insertInto('live_device')
            .values({ ...device, owner_name: null, monitored: 1 })
            .onConflict((conflict) => conflict.column('mac').doUpdateSet(seen))
            .execute();
        }
      }),

    /** All of them, the latest seen first. */
    async list(): Promise<StoredDevice[]> {
      const rows = await db
        .selectFrom('live_device')
        .selectAll()
        .orderBy('last_seen', 'desc')
        .orderBy('mac')
        .limit(MOST_DEVICES)
        .execute();
      return rows.map((row) => ({ ...row, monitored: row.monitored === 1 }));
    },

    /** Writes the owner's settings of a device. False where there is no such device. */
    own: (mac: string, { name, monitored }: { name?: string | null; monitored?: boolean }): Promise<boolean> =>
      batch.run(async (transaction) => {
        const known = transaction.selectFrom('live_device').select(['owner_name', 'monitored']).where('mac', '=', mac);
        const before = await known.executeTakeFirst();
        if (!before) return false;
        await transaction
          .updateTable('live_device')
          .set({
            owner_name: name === undefined ? before.owner_name : name,
            monitored: monitored === undefined ? before.monitored : Number(monitored),
          })
          .where('mac', '=', mac)
          .execute();
        return true;
      }),

    remove: (mac: string) =>
      batch.run(async (transaction) => {
        await transaction.deleteFrom('live_device').where('mac', '=', mac).execute();
        await uplink.add(transaction, 'bulk', Date.now() / 1000, { kind: 'forget', mac });
      }),

    prune: (keep = MOST_DEVICES) =>
      batch.run(async (transaction) => {
        await transaction
          .deleteFrom('live_device')
          .where('owner_name', 'is', null)
          .where('mac', 'not in', (select) =>
            select.selectFrom('live_device').select('mac').orderBy('last_seen', 'desc').limit(keep),
          )
          .execute();
      }),
  };
}
