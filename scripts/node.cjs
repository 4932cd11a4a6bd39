// `node scripts/node.cjs TOOL|FILE [ARG …]`: runs an npm tool or a file of the project under the product's Node.
'use strict';

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { root, runNode } = require('../bin/runtime.cjs');

/** npm's .bin links run under whatever Node their `#!` finds; the script behind them is what we need. */
function resolveTool(name) {
  if (/\.[cm]?[jt]s$/.test(name)) return path.join(root, name);
  for (const file of [name, `@biomejs/${name}`]) {
    const manifest = path.join(root, 'node_modules', file, 'package.json');
    if (!existsSync(manifest)) continue;
    const { bin, name: full } = JSON.parse(readFileSync(manifest, 'utf8'));
    const entry = typeof bin === 'string' ? bin : (bin[name] ?? bin[full]);
    return path.join(path.dirname(manifest), entry);
  }
  process.stderr.write(`There is no tool "${name}" in node_modules: run "npm run setup" first.\n`);
  process.exit(4);
}

const [tool, ...args] = process.argv.slice(2);
runNode(['--disable-warning=ExperimentalWarning', resolveTool(tool), ...args]);
