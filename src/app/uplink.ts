/** Keeps the way to a hub open while this house belongs to one; the command line may change that beside the server. */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock.ts';
import type { Sender } from '../fleet/sensor/sender.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { version } from '../version.ts';

export interface UplinkKeeper {
  stop(): Promise<void>;
}

const LOOK_MS = 5_000;

export function keepUplink(store: Store, directory: string, log: Log): UplinkKeeper {
  const run = randomUUID();
  let sender: Sender | null = null;
  let sensor: string | null = null;
  let running = Promise.resolve();

  async function look(): Promise<void> {
    // Without a hub nothing of the fleet is loaded.
    if (sensor === null && !(await store.settings.read('fleet'))) return;
    const [{ readMembership }, { Sender }, { connectNats }] = await Promise.all([
      import('../fleet/sensor/membership.ts'),
      import('../fleet/sensor/sender.ts'),
      import('../fleet/transport/nats.ts'),
    ]);
    const membership = await readMembership(store, directory);
    if ((membership?.sensor ?? null) === sensor) return;
    await sender?.stop();
    sender = null;
    sensor = membership?.sensor ?? null;
    if (!membership) return;
    await store.uplink.tell('bulk', Date.now() / 1000, { kind: 'hello', version, started: Date.now() / 1000 });
    const { epoch } = membership;
    const stored = store.uplink;
    sender = new Sender({
      ...{ stored, epoch, log, clock: systemClock, sensor: membership.sensor },
      uplink: connectNats({ ...membership, run }),
    });
    log.info({ server: membership.servers[0], site: membership.site }, 'What happens here is told to a hub');
  }

  const next = (): void => {
    running = running
      .then(look)
      .catch((error: unknown) => log.warn({ error: String(error) }, 'The way to the hub could not be opened'));
  };
  next();
  const timer = setInterval(next, LOOK_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await sender?.stop();
    },
  };
}
