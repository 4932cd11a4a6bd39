// `node scripts/node.cjs TOOL|FILE [ARG …]`: runs an npm tool or a file of the project under the product's Node.
'use strict';

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { root, runNode } = require('../bin/runtime.cjs');

const packageOf = {
  tsc: 'typescript',
  biome: '@biomejs/biome',
  depcruise: 'dependency-cruiser',
  asc: 'assemblyscript',
};

/** npm's .bin links run under whatever Node their `#!` finds; the script behind them is what we need. */
function resolveTool(name) {
  if (/\.[cm]?[jt]s$/.test(name)) return path.join(root, name);
  const folder = path.join(root, 'node_modules', packageOf[name] ?? name);
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest)) {
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
  }
  process.stderr.write(`There is no tool "${name}" in node_modules: run "npm run setup" first.\n`);
  process.exit(4);
}

const [tool, ...args] = process.argv.slice(2);
runNode(['--disable-warning=ExperimentalWarning', resolveTool(tool), ...args]);
