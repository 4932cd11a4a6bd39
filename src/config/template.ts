/** The template that `guardian config --init` writes and docs/config.md shows, made from the schema. */
import { listSettings } from './schema.ts';

/** A guardian.yaml in which every setting stands commented out with its default. */
export function renderTemplate(): string {
  const lines = [
    '# Home IoT Guardian settings. Remove a "#" to change a value.',
    '# A flag or a GUARDIAN_… variable wins over this file.',
  ];
  let section = '';
  for (const { path, description, default: value } of listSettings()) {
    const [first, key] = path.split('.');
    if (first !== section) {
      lines.push('', key === undefined ? '' : `${first}:`);
      section = first;
    }
    // JSON is YAML, and keeps every value on its line.
    const indent = key === undefined ? '' : '  ';
    lines.push(`${indent}# ${description}`, `${indent}#${key ?? first}: ${JSON.stringify(value)}`);
  }
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

/** docs/config.md. */
export function renderReference(): string {
  const rows = listSettings().map(
    ({ path, env, default: value, description }) =>
      `| \`${path}\` | \`${env}\` | \`${JSON.stringify(value)}\` | ${description} |`,
  );
  return [
    '# Settings',
    '',
    'Flag > environment > `.env` > `guardian.yaml` > default. `guardian config` shows the effective values and where each',
    'comes from; `guardian config --init` writes a commented file. This page is generated (`npm run check` compares it).',
    '',
    '| setting | environment | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
