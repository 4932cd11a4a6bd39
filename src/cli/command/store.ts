/** `guardian store copy`: a house moves from a file to PostgreSQL, or back. */
import type { Command } from 'commander';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { isQuiet } from '../settings.ts';
import { note, renderTable } from '../terminal.ts';

const isUrl = (text: string): boolean => /^postgres(ql)?:/.test(text);

async function open(place: string, log: Log): Promise<Store> {
  if (isUrl(place)) return (await import('../../store/postgres/open.ts')).openPostgresStore({ url: place, log });
  return (await import('../../store/sqlite/open.ts')).openSqliteStore({ directory: place, log });
}

export function defineStore(program: Command): Command {
  const store = program
    .command('store')
    .description('the database behind the server')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian store copy /var/lib/guardian postgres://guardian@db.example.org/guardian\n  guardian store copy postgres://guardian@db.example.org/guardian ./copy',
    );
  store
    .command('copy <from> <to>')
    .description('copy everything into an empty database, and compare; no server may run on either')
    .exitOverride()
    .addHelpText('after', '\nEach is a data folder, or an address: postgres://user:password@host/name.')
    .action(async (from: string, to: string, _flags: unknown, command: Command) => {
      const [{ copyStore }, { createLog }] = await Promise.all([import('../../store/copy.ts'), import('../../log.ts')]);
      const log = createLog({ level: 'warn', plain: true });
      await using parts = new AsyncDisposableStack();
      const source = await open(from, log);
      parts.defer(() => source.close());
      const target = await open(to, log);
      parts.defer(() => target.close());
      const tables = await copyStore(source, target);
      const rows = tables.map(({ name, rows, digest }) => [name, rows, digest.slice(0, 16)]);
      process.stdout.write(renderTable(['table', 'rows', 'digest'], rows));
      note(
        'Both sides are the same. Keys, uploads and the history of connections stay in the data folder.',
        isQuiet(command),
      );
    });
  return store;
}
