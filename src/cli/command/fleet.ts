/** `guardian fleet …`: the houses of a hub, on the machine of the hub. */
import type { Command } from 'commander';
import type { HubDatabase } from '../../fleet/hub/database.ts';
import type { Enrolment } from '../../fleet/hub/enrolment.ts';
import { DATABASE_OPTION, databaseUrl } from '../database-url.ts';
import { isQuiet } from '../settings.ts';
import { note, renderTable } from '../terminal.ts';

interface FleetFlags {
  database?: string;
  tenant: string;
  site: string;
  json?: boolean;
}

async function withHub<T>(
  { database: url }: FleetFlags,
  work: (enrolment: Enrolment, database: HubDatabase) => Promise<T>,
): Promise<T> {
  const [{ openHubDatabase }, { createEnrolment }] = await Promise.all([
    import('../../fleet/hub/database.ts'),
    import('../../fleet/hub/enrolment.ts'),
  ]);
  const database = await openHubDatabase(databaseUrl(url));
  try {
    return await work(createEnrolment(database), database);
  } finally {
    await database.close();
  }
}

async function code(flags: FleetFlags, command: Command): Promise<void> {
  await withHub(flags, async (enrolment) => {
    process.stdout.write(`${await enrolment.makeCode(flags.tenant, flags.site, Date.now() / 1000)}\n`);
    note(
      `It lets one house in, within an hour; there: guardian join nats://HOST:4222 --ca FILE --code CODE`,
      isQuiet(command),
    );
  });
}

const ago = (seconds: number): string =>
  seconds < 120
    ? 'now'
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min ago`
      : `${Math.round(seconds / 3600)} h ago`;
/** A house that says nothing for so long is late: it tells of devices every hour, and of alerts at once. */
const CLOCK_S = 5;

async function sites(flags: FleetFlags): Promise<void> {
  await withHub(flags, async (enrolment) => {
    const all = await enrolment.sites(flags.tenant === '' ? undefined : flags.tenant);
    if (flags.json) {
      process.stdout.write(`${JSON.stringify(all)}\n`);
      return;
    }
    const now = Date.now() / 1000;
    const rows = all.map((site) => {
      const troubles = [
        site.revoked === null ? '' : 'shut out',
        site.cloned === null ? '' : 'two machines speak as this one',
        site.newer_schema === null ? '' : 'newer than this hub',
        site.lost_records > 0 ? `${site.lost_records} records were lost` : '',
        Math.abs(site.clock_offset ?? 0) > CLOCK_S ? `clock off by ${Math.round(site.clock_offset!)} s` : '',
      ];
      return [
        ...[site.tenant, site.site, site.sensor, site.version ?? ''],
        site.last_seen === null ? 'never' : ago(now - site.last_seen),
        Number(site.open_alerts),
        troubles.filter((text) => text !== '').join(', '),
      ];
    });
    process.stdout.write(
      renderTable(['tenant', 'site', 'house', 'version', 'heard', 'open alerts', 'to look at'], rows),
    );
  });
}

async function alerts(flags: FleetFlags): Promise<void> {
  await withHub(flags, async (_, database) => {
    const { listAlerts } = await import('../../fleet/hub/alerts.ts');
    for (const alert of await listAlerts(database, flags.tenant)) {
      if (flags.json) process.stdout.write(`${JSON.stringify(alert)}\n`);
      else {
        const time = new Date(alert.updated * 1000).toISOString().replace('.000Z', 'Z');
        process.stdout.write(`${time}  ${alert.severity.padEnd(8)}  ${alert.site}: ${alert.sentence}\n`);
      }
    }
  });
}

async function revoke(sensor: string, flags: FleetFlags, command: Command): Promise<void> {
  await withHub(flags, async (enrolment) => {
    await enrolment.revoke(sensor, Date.now() / 1000);
    note(`${sensor} is shut out; a hub that runs ends its connection within seconds.`, isQuiet(command));
  });
}

export const defineFleet = (program: Command): Command => {
  const fleet = program
    .command('fleet')
    .description('the houses of a hub: let one in, see them all, shut one out')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian fleet code --site "Summer house"\n  guardian fleet sites\n  guardian fleet alerts --json\n  guardian fleet revoke home-0123456789abcdef',
    );
  const define = (usage: string, description: string): Command =>
    fleet
      .command(usage)
      .description(description)
      .option(...DATABASE_OPTION)
      .exitOverride();
  define('code', 'a code with which one house joins, once, within an hour')
    .option('--tenant <name>', 'whose house it is; one tenant never sees another’s', 'home')
    .option('--site <name>', 'what it is called', 'Home')
    .action(code);
  define('sites', 'every house: heard when, what is open, what to look at')
    .option('--tenant <name>', 'only those of this tenant', '')
    .option('--json', 'as JSON')
    .action(sites);
  define('alerts', 'open alerts of all houses of a tenant, newest first')
    .option('--tenant <name>', 'whose', 'home')
    .option('--json', 'one JSON object a line')
    .action(alerts);
  define('revoke <house>', 'shut a house out: its key is void from now on').action(revoke);
  return fleet;
};
