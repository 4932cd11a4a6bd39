/**
 * A fleet of real parts: nats-server, PostgreSQL, two hubs and a house whose parts are killed in turn. What the house has
 * on disk arrives once, or is counted as lost; nobody speaks for somebody else, and no tenant sees another's rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readMembership } from '../../src/fleet/sensor/membership.ts';
import { Sender } from '../../src/fleet/sensor/sender.ts';
import { connectNats } from '../../src/fleet/transport/nats.ts';
import { encodeBatch } from '../../src/fleet/wire/batch.ts';
import { cursorSubject, inboxOf, laneSubject } from '../../src/fleet/wire/subject.ts';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import {
  type Broker,
  createBroker,
  eventually,
  freePort,
  guardian,
  type Postgres,
  type Program,
  startGuardian,
  startPostgres,
} from '../fleet.ts';
import { describeWith } from '../needs.ts';
import { missingFleet } from '../needs-program.ts';

const log = createLog({ destination: { write: () => {} } });

describeWith(missingFleet, 'a fleet', () => {
  let folder: string;
  let server: string;
  let postgres: Postgres;
  let broker: Broker;
  let admin: pg.Client;
  const hubs: Program[] = [];
  const folderOf = (name: string): string => path.join(folder, name);
  const startHub = (): Program =>
    startGuardian(['hub', '--data', folder, '--nats', server], { DATABASE_URL: postgres.url });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'guardian-fleet-'));
    postgres = await startPostgres();
    const listen = `127.0.0.1:${await freePort()}`;
    server = `nats://${listen}`;
    const line = await guardian(['hub', 'prepare', '--data', folder, '--listen', listen]);
    broker = createBroker(line.trim().split(' ').at(-1)!);
    await broker.start();
    hubs.push(startHub());
    await eventually(async () => hubs[0].output().includes('The hub takes'));
    hubs.push(startHub());
    admin = new pg.Client({ connectionString: postgres.superuser.replace(/postgres$/, 'guardian') });
    await admin.connect();
  });

  afterAll(async () => {
    for (const hub of hubs) await hub.kill();
    await broker?.kill();
    await admin?.end();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const code = async (tenant: string): Promise<string> =>
    (
      await guardian(['fleet', 'code', '--tenant', tenant, '--site', `The ${tenant}s`], { DATABASE_URL: postgres.url })
    ).trim();

  async function joinHouse(name: string, tenant: string): Promise<void> {
    await guardian(['join', server, '--code', await code(tenant), '--data', folderOf(name)]);
  }

  async function openHouse(name: string, resendMs = 3_000): Promise<{ store: Store; sender: Sender; sensor: string }> {
    const store = await openSqliteStore({ directory: folderOf(name), log });
    const membership = (await readMembership(store, folderOf(name)))!;
    const { sensor, epoch } = membership;
    const uplink = connectNats({ ...membership, run: crypto.randomUUID() });
    const sender = new Sender({ uplink, stored: store.uplink, sensor, epoch, log, clock: systemClock, resendMs });
    return { store, sender, sensor };
  }

  const alert = (i: number) => ({
    episode: `episode ${i}`,
    kind: 'scan',
    severity: 'High',
    mac: '02:00:00:00:00:01',
    hosts: ' 192.168.1.7 ',
    raised: 1_800_000_000 + i,
    updated: 1_800_000_000 + i,
    body: JSON.stringify({ sentence: `The camera tried ${i} addresses.` }),
  });
  const count = async (sql: string, values: unknown[]): Promise<number> =>
    Number((await admin.query(sql, values)).rows[0].count);
  const alertsOf = (sensor: string): Promise<number> =>
    count('SELECT count(*) FROM fleet_alert WHERE sensor = $1', [sensor]);

  test('every alert of a house arrives once, through kills of the broker, of a hub and of the house', async () => {
    await joinHouse('camera-house', 'smith');
    let { store, sender, sensor } = await openHouse('camera-house');
    const total = 90;
    for (let i = 1; i <= total; i++) {
      await store.live.alerts.tell(alert(i));
      if (i === 30) {
        await broker.kill();
        await hubs.shift()!.kill();
        hubs.push(startHub());
        await broker.start();
      }
      if (i === 60) {
        // The house itself: what is on its disk goes on from there.
        await sender.stop();
        await store.close();
        ({ store, sender, sensor } = await openHouse('camera-house'));
      }
    }
    await eventually(async () => (await alertsOf(sensor)) === total);
    await eventually(async () => (await store.uplink.lanes()).every(({ waiting }) => waiting === 0));
    const sentence = "body ->> 'sentence' = 'The camera tried ' || substr(episode, 9) || ' addresses.'";
    expect(await count(`SELECT count(*) FROM fleet_alert WHERE sensor = $1 AND ${sentence}`, [sensor])).toBe(total);
    const cursor = 'SELECT committed AS count FROM fleet_cursor WHERE sensor = $1 AND lane = $2';
    expect(await count(cursor, [sensor, 'alert'])).toBe(total);
    expect(await count('SELECT count(*) FROM fleet_rejected WHERE sensor = $1', [sensor])).toBe(0);

    // What changes here changes there, and goes there when it is forgotten here.
    await store.live.alerts.setStatus(1, 'expected');
    await eventually(async () =>
      count("SELECT count(*) FROM fleet_alert WHERE sensor = $1 AND status = 'expected'", [sensor]),
    );
    const list = await guardian(['fleet', 'alerts', '--tenant', 'smith', '--json'], { DATABASE_URL: postgres.url });
    expect(JSON.parse(list.split('\n')[0])).toMatchObject({
      site: 'The smiths',
      sentence: `The camera tried ${total} addresses.`,
    });
    await sender.stop();
    await store.close();
  });

  test('what had to make room is counted, and what comes after it arrives', async () => {
    await joinHouse('away', 'smith');
    const store = await openSqliteStore({ directory: folderOf('away'), log });
    for (let i = 0; i < 200; i++) {
      await store.live.records.addGap({ from: i, to: i + 1, reason: 'x'.repeat(100) });
    }
    const gone = await store.uplink.trim('bulk', 8_000);
    expect(gone).toBeGreaterThan(100);
    await store.close();
    const house = await openHouse('away');
    await eventually(async () => (await house.store.uplink.lanes()).every(({ waiting }) => waiting === 0));
    const gaps = await count('SELECT count(*) FROM fleet_gap WHERE sensor = $1', [house.sensor]);
    expect(await count('SELECT lost_records AS count FROM fleet_sensor WHERE sensor = $1', [house.sensor])).toBe(gone);
    expect(gaps + gone).toBe(200);
    await house.sender.stop();
    await house.store.close();
  });

  test('a hub whose database was put back is told what it lacks, and goes on', async () => {
    await joinHouse('backed-up', 'smith');
    let house = await openHouse('backed-up');
    for (let i = 1; i <= 20; i++) await house.store.live.alerts.tell(alert(i));
    await eventually(async () => (await house.store.uplink.lanes()).every(({ waiting }) => waiting === 0));
    await house.sender.stop();
    await house.store.close();
    await admin.query('UPDATE fleet_cursor SET committed = 5 WHERE sensor = $1', [house.sensor]);
    await admin.query('DELETE FROM fleet_alert WHERE sensor = $1 AND updated > 1800000005', [house.sensor]);
    house = await openHouse('backed-up');
    await house.store.live.alerts.tell(alert(21));
    await eventually(async () => (await alertsOf(house.sensor)) === 6);
    expect(await count('SELECT lost_records AS count FROM fleet_sensor WHERE sensor = $1', [house.sensor])).toBe(15);
    await house.sender.stop();
    await house.store.close();
  });

  test('a house speaks for itself alone; a code lets in once; one that is shut out is cut off', async () => {
    await joinHouse('honest', 'smith');
    await joinHouse('thief', 'jones');
    const known = async (name: string) => {
      const store = await openSqliteStore({ directory: folderOf(name), log });
      const membership = (await readMembership(store, folderOf(name)))!;
      await store.close();
      return membership;
    };
    const [honest, thief] = [await known('honest'), await known('thief')];
    const seed = new TextEncoder().encode(thief.seed);
    const nats = await connect({
      servers: [server],
      authenticator: nkeyAuthenticator(seed),
      inboxPrefix: inboxOf(thief.sensor),
      reconnect: false,
    });
    const forged = encodeBatch(
      {
        lane: 'alert',
        from: 1,
        to: 1,
        attempt: 1,
        records: [{ first: 1, seq: 1, ts: 1, body: '{"kind":"forget","mac":"x"}' }],
      },
      honest.epoch,
    );
    const stream = jetstream(nats, { timeout: 3_000 });
    await expect(stream.publish(laneSubject(honest.sensor, 'alert'), forged)).rejects.toThrow();
    await expect(nats.request('$JS.API.STREAM.LIST', '', { timeout: 3_000 })).rejects.toThrow();
    const heard: unknown[] = [];
    nats.subscribe(cursorSubject(honest.sensor), { callback: (error) => void heard.push(error) });
    await eventually(async () => heard[0] instanceof Error);

    // Nonsense under its own name is kept aside with the reason, and stops nobody.
    await stream.publish(laneSubject(thief.sensor, 'alert'), Buffer.from('nonsense'));
    await eventually(async () => count('SELECT count(*) FROM fleet_rejected WHERE sensor = $1', [thief.sensor]));

    const used = await code('smith');
    await guardian(['join', server, '--code', used, '--data', folderOf('first')]);
    for (const wrong of [used, 'SMITH-AAAAA-AAAAA-AAAAA-AAAAA', 'nonsense']) {
      await expect(guardian(['join', server, '--code', wrong, '--data', folderOf('second')])).rejects.toThrow(
        /did not let this house join/,
      );
    }

    const closed = nats.closed();
    await guardian(['fleet', 'revoke', thief.sensor], { DATABASE_URL: postgres.url });
    await closed;
    await expect(
      connect({ servers: [server], authenticator: nkeyAuthenticator(seed), reconnect: false }),
    ).rejects.toThrow(/authorization/i);
  });

  test('no tenant reads or writes a row of another, in any table, as the hub’s own role', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows: tables } = await admin.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant'",
    );
    const { rows: all } = await admin.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'fleet_migration%'",
    );
    expect(tables.map(({ name }) => name).sort()).toEqual(all.map(({ name }) => name).sort());
    expect(tables.length).toBeGreaterThanOrEqual(7);
    for (const { name } of tables) {
      await client.query("SELECT set_config('guardian.tenant', '', false)");
      expect((await client.query(`SELECT 1 FROM ${name}`)).rowCount).toBe(0);
      await client.query("SELECT set_config('guardian.tenant', 'jones', false)");
      expect((await client.query(`SELECT 1 FROM ${name} WHERE tenant <> 'jones'`)).rowCount).toBe(0);
      expect((await client.query(`DELETE FROM ${name} WHERE tenant = 'smith'`)).rowCount).toBe(0);
    }
    await expect(client.query("INSERT INTO fleet_tenant VALUES ('smith2', 'x')")).rejects.toThrow(/row-level security/);
    expect(await count("SELECT count(*) FROM fleet_sensor WHERE tenant = 'smith'", [])).toBeGreaterThan(0);
    await client.end();
    await expect(guardian(['fleet', 'sites'], { DATABASE_URL: postgres.superuser })).rejects.toThrow(/superuser/);
  });
});
