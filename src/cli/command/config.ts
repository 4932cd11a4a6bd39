import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { listSettings, type Settings } from '../../config/schema.ts';
import { renderTemplate } from '../../config/template.ts';
import { AppError } from '../../errors.ts';
import { commandSettings } from '../settings.ts';
import { note, renderTable } from '../terminal.ts';

function valueAt(settings: Settings, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], settings);
}

export const defineConfig = (program: Command): Command =>
  program
    .command('config')
    .description('show the effective settings and where each comes from')
    .option('--init [file]', 'write a commented settings file (default: guardian.yaml)')
    .option('--force', 'replace an existing file')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  guardian config\n  GUARDIAN_SERVER_PORT=8080 guardian config --json\n  guardian config --init',
    )
    .action((options: { init?: string | true; force?: boolean; json?: boolean }, command: Command) => {
      if (options.init) {
        const file = options.init === true ? 'guardian.yaml' : options.init;
        if (existsSync(file) && !options.force) throw new AppError('file_exists', { file });
        try {
          writeFileSync(file, renderTemplate());
        } catch (cause) {
          throw new AppError('output_not_writable', { file, reason: (cause as Error).message }, { cause });
        }
        note(`Wrote ${file}. Every setting stands in it with its default, commented out.`);
        return;
      }
      const { settings, origins } = commandSettings(command);
      const rows = listSettings().map(({ path, env }) => ({
        setting: path,
        value: withoutPassword(valueAt(settings, path)) ?? null,
        origin: origins[path],
        environment: env,
      }));
      process.stdout.write(
        options.json
          ? `${JSON.stringify(rows)}\n`
          : renderTable(
              ['setting', 'value', 'from', 'environment'],
              rows.map((row) => [row.setting, JSON.stringify(row.value), row.origin, row.environment]),
            ),
      );
    });

/** The address of a database may hold one, and what is printed is read by others too. */
const withoutPassword = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/^(\w+:\/\/[^:/?#]*):.*@/, '$1:…@') : value;
