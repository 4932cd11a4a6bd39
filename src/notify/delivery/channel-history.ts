/** What is remembered of each channel over restarts beside its deliveries: since when it is set up as it is, and fails. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ChannelConfig } from '../channels.ts';
import type { SettingStore } from '../settings/setting-store.ts';

const entrySchema = z.object({
  /** Digest of the settings that decide whether it works. */
  settings: z.string(),
  /** Since when it has them, milliseconds since 1970 UTC; what it took before says nothing about it now. */
  since: z.number(),
  /** Since when it takes nothing, where that was told; null otherwise. */
  failingSince: z.number().nullable().default(null),
});
const entriesSchema = z.record(z.string(), entrySchema);
type Entry = z.output<typeof entrySchema>;

const NAME = 'notifications.memory';

/** Of everything but the words of its messages, and whether it is switched on. */
function digestOf({ enabled: _, title: __, text: ___, ...settings }: ChannelConfig): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

export interface ChannelMemory {
  /** These are the channels now. */
  update(channels: readonly ChannelConfig[]): Promise<void>;
  /** Since when the channel is set up as it is. */
  since(channel: string): number;
  /** It takes nothing, and that is told. */
  fails(channel: string, since: number): void;
  works(channel: string): void;
  /** Since when it takes nothing, where that was told. */
  failingSince(channel: string): number | null;
}

/** Never rejects: without its memory a channel is as good as new. */
export async function createChannelMemory(store: SettingStore, clock: Clock, log: Log): Promise<ChannelMemory> {
  const text = await store.read(NAME).catch(() => null);
  let entries = parse(text);
  // A database of an earlier version says nothing of a change.
  let unknown = text === null;

  async function keep(): Promise<void> {
    try {
      await store.write(NAME, JSON.stringify(Object.fromEntries(entries)));
    } catch (error) {
      log.warn({ err: error }, 'What is known of the notification channels cannot be kept');
    }
  }

  function setFailing(channel: string, failingSince: number | null): void {
    const entry = entries.get(channel);
    if (!entry || entry.failingSince === failingSince) return;
    entries.set(channel, { ...entry, failingSince });
    void keep();
  }

  return {
    async update(channels) {
      const since = unknown ? 0 : clock.now();
      unknown = false;
      const entryOf = (config: ChannelConfig): Entry => {
        const settings = digestOf(config);
        const before = entries.get(config.name);
        return before?.settings === settings ? before : { settings, since, failingSince: null };
      };
      const next = new Map(channels.map((config) => [config.name, entryOf(config)]));
      const same = next.size === entries.size && [...next].every(([name, entry]) => entries.get(name) === entry);
      entries = next;
      if (!same) await keep();
    },
    since: (channel) => entries.get(channel)?.since ?? 0,
    fails: setFailing,
    works: (channel) => setFailing(channel, null),
    failingSince: (channel) => entries.get(channel)?.failingSince ?? null,
  };
}

function parse(text: string | null): Map<string, Entry> {
  try {
    return new Map(Object.entries(entriesSchema.parse(JSON.parse(text ?? '{}'))));
  } catch {
    return new Map();
  }
}
