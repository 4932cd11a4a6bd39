/**
 * That a house belongs to a hub: who it is there, its secret key, and under which name its database counts. The key is in
 * a file of its owner's alone, so that a copy of the database is not a copy of the house.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Store } from '../../store/store.ts';

const membershipSchema = z.object({
  servers: z.array(z.string()),
  ca: z.string().optional(),
  sensor: z.string(),
  site: z.string(),
});
export type Membership = z.infer<typeof membershipSchema>;

const NAME = 'fleet';
/** A restored backup gets another one: its numbers begin anew, and what the hub knows of the old ones stays apart. */
export const EPOCH = 'epoch';
const keyFile = (directory: string): string => path.join(directory, 'fleet.key');

type Opened = Pick<Store, 'settings' | 'uplink'>;

export async function readMembership(
  store: Opened,
  directory: string,
): Promise<(Membership & { seed: string; epoch: string }) | null> {
  const text = await store.settings.read(NAME);
  if (text === null || text === '') return null;
  const seed = await readFile(keyFile(directory), 'utf8').catch(() => null);
  if (seed === null) return null;
  let epoch = await store.settings.read(EPOCH);
  if (epoch === null || epoch === '') {
    epoch = randomUUID();
    await store.settings.write(EPOCH, epoch);
  }
  return { ...membershipSchema.parse(JSON.parse(text)), seed: seed.trim(), epoch };
}

export async function writeMembership(
  store: Opened,
  directory: string,
  { seed, ...membership }: Membership & { seed: string },
): Promise<void> {
  await writeFile(keyFile(directory), `${seed}\n`, { mode: 0o600 });
  await store.uplink.begin();
  await store.settings.write(EPOCH, randomUUID());
  await store.settings.write(NAME, JSON.stringify(membership));
}

export async function endMembership(store: Opened, directory: string): Promise<void> {
  await store.settings.write(NAME, '');
  await store.uplink.end();
  await rm(keyFile(directory), { force: true });
}
