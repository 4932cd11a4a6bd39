/** `guardian hub`: one view of many houses. What they send lies in PostgreSQL; a broker carries it there. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../clock.ts';
import { DATABASE_OPTION, databaseUrl } from '../database-url.ts';
import { readTextFile } from '../read-text-file.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

interface HubFlags {
  nats: string;
  ca?: string;
  database?: string;
  data?: string;
  megabytes: string;
}

interface PrepareFlags {
  data?: string;
  listen: string;
  certificate?: string;
  key?: string;
}

const folderOf = (command: Command, data: string | undefined): string =>
  path.join(commandSettings(command, { data }).settings.data, 'hub');

async function prepare(_: PrepareFlags, command: Command): Promise<void> {
  // Options that "hub" has as well are taken by it.
  const { data, listen, certificate, key } = command.optsWithGlobals<PrepareFlags>();
  const { brokerConfiguration, brokerVersion, hubFiles } = await import('../../fleet/hub/prepare.ts');
  const files = await hubFiles(folderOf(command, data));
  for (const file of [certificate, key]) if (file !== undefined) await readTextFile(file);
  const tls = certificate && key ? { certificate: path.resolve(certificate), key: path.resolve(key) } : undefined;
  if (!existsSync(files.configuration)) {
    const version = await brokerVersion();
    await writeFile(files.configuration, brokerConfiguration(files, { listen, tls, version }), { mode: 0o640 });
  }
  if (!existsSync(files.users)) {
    await writeFile(files.users, `authorization {\n  users: [ { nkey: ${files.publicKey} } ]\n}\n`, { mode: 0o640 });
  }
  process.stdout.write(`nats-server -c ${files.configuration}\n`);
  note('Start the broker with that line, then "guardian hub --database postgres://…".', isQuiet(command));
}

async function run(flags: HubFlags, command: Command): Promise<void> {
  const [{ hubFiles }, { openHubDatabase }, { createEnrolment }, { keepBrokerUsers }, { startHub }, { createLog }] =
    await Promise.all([
      import('../../fleet/hub/prepare.ts'),
      import('../../fleet/hub/database.ts'),
      import('../../fleet/hub/enrolment.ts'),
      import('../../fleet/hub/broker-users.ts'),
      import('../../fleet/hub/hub.ts'),
      import('../../log.ts'),
    ]);
  const log = createLog({ plain: process.stderr.isTTY });
  const ca = flags.ca === undefined ? undefined : await readTextFile(flags.ca);
  const files = await hubFiles(folderOf(command, flags.data));
  await using parts = new AsyncDisposableStack();
  const database = await openHubDatabase(databaseUrl(flags.database));
  parts.defer(() => database.close());
  const enrolment = createEnrolment(database);
  const users = keepBrokerUsers({
    ...{ enrolment, log, hubKey: files.publicKey, pidFile: files.pidFile },
    // A broker that somebody else keeps has users of its own.
    file: existsSync(files.users) ? files.users : '',
  });
  parts.defer(() => users.stop());
  await users.refresh();
  const hub = await startHub({
    ...{ servers: [flags.nats], ca, seed: files.seed, database, enrolment, log, clock: systemClock },
    onJoin: () => users.refresh(),
    mostBytes: Number(flags.megabytes) * 1024 * 1024,
  });
  parts.defer(() => hub.close());
  note(`The hub takes what comes to ${flags.nats}.`, isQuiet(command));
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });
  log.debug({ signal }, 'The hub ends');
}

export const defineHub = (program: Command): Command => {
  const hub = program
    .command('hub')
    .description('one view of many houses: takes what they send into PostgreSQL')
    .option('--nats <url>', 'the broker', 'nats://127.0.0.1:4222')
    .option('--ca <file>', 'authority of the broker’s certificate')
    .option(...DATABASE_OPTION)
    .option('--data <dir>', 'data folder; the hub’s files are in its folder "hub"')
    .option('--megabytes <number>', 'what may wait in the broker for each of the two lanes', '1024')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian hub prepare\n  guardian hub --database postgres://guardian:secret@127.0.0.1/guardian\n  guardian fleet code --site "Summer house" --database postgres://guardian:secret@127.0.0.1/guardian',
    )
    .action(run);
  hub
    .command('prepare')
    .description('write the files with which the broker starts, and print the line that starts it')
    .option('--data <dir>', 'data folder')
    .option('--listen <address>', 'where the broker listens', '127.0.0.1:4222')
    .option('--certificate <file>', 'the broker’s certificate, so that houses elsewhere can reach it')
    .option('--key <file>', 'its key')
    .action(prepare);
  return hub;
};
