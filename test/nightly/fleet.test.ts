/** Twenty houses, and everything between them and the database is killed twenty times: each record arrives once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readMembership } from '../../src/fleet/sensor/membership.ts';
import { Sender } from '../../src/fleet/sensor/sender.ts';
import { connectNats } from '../../src/fleet/transport/nats.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { createBroker, eventually, freePort, guardian, startGuardian, startPostgres } from '../fleet.ts';
import { describeWith } from '../needs.ts';
import { missingFleet } from '../needs-program.ts';

const HOUSES = 20;
const ALERTS = 400;
const KILLS = 20;
const log = createLog({ destination: { write: () => {} } });

describeWith(missingFleet, 'twenty houses', () => {
  test('each record arrives once through twenty kills', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'guardian-fleet-'));
    const postgres = await startPostgres();
    const env = { DATABASE_URL: postgres.url };
    const listen = `127.0.0.1:${await freePort()}`;
    const line = await guardian(['hub', 'prepare', '--data', folder, '--listen', listen]);
    const broker = createBroker(line.trim().split(' ').at(-1)!);
    await broker.start();
    const startHub = () => startGuardian(['hub', '--data', folder, '--nats', `nats://${listen}`], env);
    const hubs = [startHub(), startHub()];
    await eventually(async () => hubs.every((hub) => hub.output().includes('The hub takes')));
    const open = async (i: number) => {
      const directory = path.join(folder, `house-${i}`);
      const store = await openSqliteStore({ directory, log });
      const { sensor, epoch, ...rest } = (await readMembership(store, directory))!;
      const uplink = connectNats({ sensor, ...rest, run: crypto.randomUUID() });
      const sender = new Sender({
        uplink,
        stored: store.uplink,
        sensor,
        epoch,
        log,
        clock: systemClock,
        resendMs: 10_000,
      });
      return { store, sender, sensor };
    };
    const houses: Awaited<ReturnType<typeof open>>[] = [];
    for (let i = 0; i < HOUSES; i++) {
      const code = (await guardian(['fleet', 'code', '--site', `House ${i}`], env)).trim();
      await guardian(['join', `nats://${listen}`, '--code', code, '--data', path.join(folder, `house-${i}`)]);
      houses.push(await open(i));
    }
    for (let i = 1; i <= ALERTS; i++) {
      await Promise.all(
        houses.map(({ store }) =>
          store.live.alerts.tell({
            ...{ episode: `episode ${i}`, kind: 'scan', severity: 'High', mac: null, hosts: ' 10.0.0.7 ' },
            ...{ raised: i, updated: i, body: JSON.stringify({ sentence: `Alert ${i}.` }) },
          }),
        ),
      );
      if (i % (ALERTS / KILLS) !== 0) continue;
      const turn = (i / (ALERTS / KILLS)) % 3;
      if (turn === 0) {
        await broker.kill();
        await broker.start();
      } else if (turn === 1) {
        await hubs.shift()!.kill();
        hubs.push(startHub());
      } else {
        const house = i % HOUSES;
        await houses[house].sender.stop();
        await houses[house].store.close();
        houses[house] = await open(house);
      }
    }
    const admin = new pg.Client({ connectionString: postgres.superuser.replace(/postgres$/, 'guardian') });
    await admin.connect();
    const count = async () => Number((await admin.query('SELECT count(*) FROM fleet_alert')).rows[0].count);
    await eventually(async () => (await count()) === HOUSES * ALERTS, 1_200);
    const { rows } = await admin.query("SELECT committed FROM fleet_cursor WHERE lane = 'alert'");
    expect(rows.map(({ committed }) => Number(committed))).toEqual(Array(HOUSES).fill(ALERTS));
    expect((await admin.query('SELECT sum(lost_records) AS lost FROM fleet_sensor')).rows[0].lost).toBe('0');
    for (const { store, sender } of houses) {
      await sender.stop();
      await store.close();
    }
    await admin.end();
    for (const hub of hubs) await hub.kill();
    await broker.kill();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
