/** `npm run -s bench -- NAME [FILES…] [--only ROW,…] [--json]`: one table, or one JSON object. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Row } from './bench.ts';

/** One line each; loaded when asked for. */
const benchmarks: Record<string, () => Promise<{ default: Benchmark }>> = {
  nn: () => import('./nn/main.ts'),
  flows: () => import('./flows/main.ts'),
  detection: () => import('./detection.ts'),
  live: () => import('./live.ts'),
  accounts: () => import('./accounts.ts'),
  store: () => import('./store/main.ts'),
};

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' } },
  allowPositionals: true,
});
const [name, ...files] = positionals;
const only = options.only?.split(',');
const isWanted = (row: string): boolean => only === undefined || only.includes(row);
const chosen =
  name === 'all' ? Object.values(benchmarks) : Object.hasOwn(benchmarks, name ?? '') ? [benchmarks[name]] : [];
if (chosen.length === 0) {
  process.stderr.write(`Choose a benchmark: ${Object.keys(benchmarks).join(', ')} or all.\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const load of chosen) {
  const { default: run } = await load();
  rows.push(...(await run(files, (text) => process.stderr.write(`${text}\n`), isWanted)));
}

const [{ model }] = cpus();
const machine = { cpu: model, cores: cpus().length, node: process.version };
if (options.json) process.stdout.write(`${JSON.stringify({ name, machine, rows })}\n`);
else process.stdout.write(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n\n${table(rows)}`);

function table(all: Row[]): string {
  const number = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const cells = all.map((row) => [
    row.name,
    `${number(row.value)} ${row.unit}`,
    row.peer ?? '–',
    row.peer_value === null ? '–' : number(row.peer_value),
    row.ratio === null ? '–' : `${row.ratio.toFixed(2)} x`,
  ]);
  const lines = [['benchmark', 'ours', 'peer', 'its value', 'ratio'], ...cells];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return `${lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
