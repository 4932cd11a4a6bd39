/** `guardian join`, `guardian leave`: this house tells a hub what happens; everything goes on working without it. */
import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { readTextFile } from '../read-text-file.ts';
import { commandSettings, isQuiet } from '../settings.ts';
import { note } from '../terminal.ts';

interface JoinFlags {
  code: string;
  ca?: string;
  data?: string;
}

/** Beside a running server: it takes up the change within seconds. */
async function withStore(command: Command, work: (store: Store, directory: string) => Promise<void>): Promise<void> {
  const [{ openSqliteStore }, { createLog }] = await Promise.all([
    import('../../store/sqlite/open.ts'),
    import('../../log.ts'),
  ]);
  const { settings } = commandSettings(command, { data: command.opts<JoinFlags>().data });
  const store = await openSqliteStore({
    directory: settings.data,
    log: createLog({ level: 'warn', plain: true }),
    shared: true,
  });
  try {
    await work(store, settings.data);
  } finally {
    await store.close();
  }
}

async function join(server: string, { code, ca }: JoinFlags, command: Command): Promise<void> {
  const authority = ca === undefined ? undefined : await readTextFile(ca);
  await withStore(command, async (store, directory) => {
    const [{ joinHub }, { readMembership, writeMembership }] = await Promise.all([
      import('../../fleet/sensor/join.ts'),
      import('../../fleet/sensor/membership.ts'),
    ]);
    const known = await readMembership(store, directory);
    if (known) throw new AppError('already_joined', { server: known.servers[0] });
    const membership = await joinHub({ server, ca: authority, code });
    await writeMembership(store, directory, membership);
    note(
      `This house is "${membership.site}" (${membership.sensor}) at ${server} from now on. Alerts, devices and gaps are told to it; what is watched and decided stays here.`,
      isQuiet(command),
    );
  });
}

async function leave(_: JoinFlags, command: Command): Promise<void> {
  await withStore(command, async (store, directory) => {
    const { endMembership, readMembership } = await import('../../fleet/sensor/membership.ts');
    const known = await readMembership(store, directory);
    if (!known) throw new AppError('not_joined', {});
    await endMembership(store, directory);
    note(`This house tells ${known.servers[0]} nothing any more; its key is gone.`, isQuiet(command));
  });
}

export const defineJoin = (program: Command): Command =>
  program
    .command('join')
    .description('tell a hub what happens here; works on by itself when the hub is away')
    .argument('<server>', 'the hub’s broker, as nats://HOST:4222')
    .requiredOption('--code <code>', 'from "guardian fleet code", on the hub')
    .option('--ca <file>', 'authority of the broker’s certificate; only a broker on this machine goes without')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian join nats://hub.example.org:4222 --ca hub-ca.pem --code HOME-ABCDE-FGHJK-MNPQR-STVWX',
    )
    .action(join);

export const defineLeave = (program: Command): Command =>
  program
    .command('leave')
    .description('tell the hub nothing any more')
    .option('--data <dir>', 'data folder (default: home-iot-guardian in the XDG data directory)')
    .addHelpText('after', '\nExamples:\n  guardian leave')
    .action(leave);
