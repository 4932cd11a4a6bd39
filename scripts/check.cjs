// `npm run check [-- --no-test]`: everything that a change must pass, the same here and in CI. Runs all, then says what failed.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { root, requireNode } = require('../bin/runtime.cjs');

const withTests = !process.argv.includes('--no-test');
const setup = spawnSync(process.execPath, [path.join(root, 'scripts/setup.cjs')], { stdio: 'inherit' });
if (setup.status !== 0) process.exit(setup.status ?? 4);

const steps = [
  ['format and lint', 'biome', 'ci', '.'],
  ['types', 'tsc', '-p', '.'],
  ['types of the dashboard', 'tsc', '-p', 'web'],
  ['import table', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'web'],
  ['dead code', 'knip'],
  ['generated files', 'scripts/generate.ts', '--check'],
  ...(withTests
    ? [['tests', 'vitest', 'run', '--project', 'unit', '--project', 'computing', '--project', 'waiting']]
    : []),
];
const failed = steps.filter(([name, ...command]) => {
  process.stderr.write(`\n== ${name}\n`);
  const args = [path.join(root, 'scripts/node.cjs'), ...command];
  return spawnSync(requireNode(), args, { cwd: root, stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`\nFailed: ${failed.map(([name]) => name).join(', ')}.\n`);
  process.exit(1);
}
process.stderr.write('\nAll checks passed.\n');
