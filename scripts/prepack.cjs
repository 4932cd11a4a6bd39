// Before `npm pack`: everything built anew, and package.json as it is published, until postpack.cjs puts ours back.
'use strict';

const { spawnSync } = require('node:child_process');
const { copyFileSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { root } = require('../bin/runtime.cjs');

for (const script of ['setup.cjs', 'build.cjs']) {
  // What npm prints on standard output is the name of the package alone.
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', script)], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 4);
}
const file = path.join(root, 'package.json');
const { devDependencies, scripts, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
// The tested versions travel in the package. npm takes no lock file of a package that others install, and it would warn of
// every library that asks for a newer Node than the one that runs npm: the product brings its own.
manifest.bundleDependencies = Object.keys(manifest.dependencies);
copyFileSync(file, path.join(root, 'node_modules', '.guardian', 'package.json'));
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
