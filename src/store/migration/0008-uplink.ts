/** What waits on its way to a hub: records in lanes, and the batches that they were sent in. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { integer, key, real, table, text } from './table.ts';

export const uplinkMigration: Migration = {
  async up(db: Kysely<unknown>) {
    // A lane is there once the house has joined a hub; until then nothing is kept for one.
    await table(db, 'uplink_lane', { lane: key(text), last: integer, committed: integer }).execute();
    await table(db, 'uplink_record', { lane: text, first: integer, seq: integer, ts: real, bytes: integer, body: text })
      .addPrimaryKeyConstraint('uplink_record_key', ['lane', 'seq'])
      .execute();
    await table(db, 'uplink_batch', { lane: text, from_seq: integer, to_seq: integer, attempt: integer })
      .addPrimaryKeyConstraint('uplink_batch_key', ['lane', 'from_seq'])
      .execute();
  },
};
