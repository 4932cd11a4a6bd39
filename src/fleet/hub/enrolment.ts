/**
 * Who may speak to the hub. A code lets one house in, once, within an hour; the house makes its key itself and sends the
 * public half. What the broker is told of each house lets it publish under its own name and hear what is for it alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { type JoinAnswer, joinRequestSchema } from '../wire/join.ts';
import { askSubject, cursorSubject, inboxOf, JOIN_USER, joinInbox, joinSubject, laneSubject } from '../wire/subject.ts';
import { EVERY_TENANT, type HubDatabase } from './database.ts';
import { newSensorName, TENANT, tenantOf } from './sensor-name.ts';

const CODE_S = 3600;
/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_LETTERS = 20;

const digestOf = (code: string): string => createHash('sha256').update(code.toUpperCase()).digest('hex');

export interface Site {
  tenant: string;
  sensor: string;
  site: string;
  version: string | null;
  joined: number;
  revoked: number | null;
  last_seen: number | null;
  clock_offset: number | null;
  cloned: number | null;
  lost_records: number;
  newer_schema: number | null;
  open_alerts: number;
}

export function createEnrolment(database: HubDatabase) {
  return {
    /** A code for one house of that tenant; it is kept as a digest. */
    async makeCode(tenant: string, site: string, now: number): Promise<string> {
      if (!TENANT.test(tenant)) throw new AppError('bad_tenant', { tenant });
      const letters = Array.from(randomBytes(CODE_LETTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
      const code = `${tenant.toUpperCase()}-${letters.match(/.{5}/g)!.join('-')}`;
      await database.as(tenant, async (transaction) => {
        await transaction
          .insertInto('fleet_tenant')
          .values({ tenant, name: tenant })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await transaction
          .insertInto('fleet_join_code')
          .values({ digest: digestOf(code), tenant, site, expires: now + CODE_S, used: null })
          .execute();
      });
      return code;
    },

    async join(request: unknown, now: number): Promise<JoinAnswer> {
      const parsed = joinRequestSchema.safeParse(request);
      if (!parsed.success) return { refused: 'what it sent is not a request to join' };
      const { code, key } = parsed.data;
      const tenant = code.slice(0, code.indexOf('-')).toLowerCase();
      if (!TENANT.test(tenant)) return { refused: 'the code is not one of this hub' };
      return database.as(tenant, async (transaction) => {
        const row = await transaction
          .updateTable('fleet_join_code')
          .set({ used: now })
          .where('digest', '=', digestOf(code))
          .where('used', 'is', null)
          .where('expires', '>', now)
          .returning('site')
          .executeTakeFirst();
        // Whether it is wrong, used or too old is nobody's to learn by trying.
        if (!row) return { refused: 'the code is wrong, too old, or was used already' };
        const sensor = newSensorName(tenant);
        const none = { revoked: null, last_seen: null, version: null, clock_offset: null };
        await transaction
          .insertInto('fleet_sensor')
          .values({
            ...{ tenant, sensor, site: row.site, public_key: key, joined: now, ...none },
            ...{ run: null, earlier_run: null, cloned: null, newer_schema: null },
          })
          .execute();
        return { sensor, site: row.site };
      });
    },

    /** From now on its batches are refused; its connection ends when the broker has read its users again. */
    async revoke(sensor: string, now: number): Promise<void> {
      const tenant = tenantOf(sensor);
      const { numUpdatedRows } = await database.as(tenant, (transaction) =>
        transaction
          .updateTable('fleet_sensor')
          .set({ revoked: now })
          .where('tenant', '=', tenant)
          .where('sensor', '=', sensor)
          .where('revoked', 'is', null)
          .executeTakeFirst(),
      );
      if (numUpdatedRows === 0n) throw new AppError('sensor_not_found', { sensor });
    },

    /** One tenant's houses, or everybody's. */
    sites: (tenant: string = EVERY_TENANT): Promise<Site[]> =>
      database.as(tenant, (transaction) =>
        transaction
          .selectFrom('fleet_sensor')
          .select(['tenant', 'sensor', 'site', 'version', 'joined', 'revoked', 'last_seen', 'clock_offset', 'cloned'])
          .select(['lost_records', 'newer_schema'])
          .select((select) =>
            select
              .selectFrom('fleet_alert')
              .whereRef('fleet_alert.tenant', '=', 'fleet_sensor.tenant')
              .whereRef('fleet_alert.sensor', '=', 'fleet_sensor.sensor')
              .where('status', '=', 'open')
              .select((count) => count.fn.countAll<number>().as('count'))
              .as('open_alerts'),
          )
          .orderBy('tenant')
          .orderBy('site')
          .execute(),
      ) as Promise<Site[]>,

    /** The users of nats-server, as its configuration file includes them. */
    async brokerUsers(hubKey: string): Promise<string> {
      const houses = await database.as(EVERY_TENANT, (transaction) =>
        transaction
          .selectFrom('fleet_sensor')
          .select(['sensor', 'public_key'])
          .where('revoked', 'is', null)
          .orderBy('sensor')
          .execute(),
      );
      const users = [
        `{ nkey: ${hubKey} }`,
        userOf(
          `user: ${JSON.stringify(JOIN_USER)}, password: ${JSON.stringify(JOIN_USER)}`,
          [joinSubject],
          [`${joinInbox}.>`],
        ),
        ...houses.map(({ sensor, public_key }) =>
          userOf(
            `nkey: ${public_key}`,
            [laneSubject(sensor, 'alert'), laneSubject(sensor, 'bulk'), askSubject(sensor)],
            [`${inboxOf(sensor)}.>`, cursorSubject(sensor)],
          ),
        ),
      ];
      return `# Written by "guardian hub"; read it into nats-server with: include users.conf\nauthorization {\n  users: [\n${users
        .map((user) => `    ${user}`)
        .join('\n')}\n  ]\n}\n`;
    },
  };
}
export type Enrolment = ReturnType<typeof createEnrolment>;

/** Allow lists alone: what is not named is forbidden. */
const userOf = (who: string, publish: string[], subscribe: string[]): string =>
  `{ ${who}, permissions: { publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ${JSON.stringify(subscribe)} } } }`;
