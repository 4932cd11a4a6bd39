// Installs what is missing and builds what is stale; does nothing, fast, when all is there.
// Lives outside npm's pre-scripts because --ignore-scripts skips those too.
'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { root, requireNode } = require('../bin/runtime.cjs');

const stamps = path.join(root, 'node_modules', '.guardian');
process.env.PATH = path.join(root, 'node_modules', '.bin') + path.delimiter + process.env.PATH;

function fingerprint(paths) {
  const hash = createHash('sha256');
  const visit = (file) => {
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) visit(path.join(file, name));
      return;
    }
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  };
  for (const name of paths) visit(path.join(root, name));
  return hash.digest('hex');
}

/** Runs `build` when one of `inputs` changed since its last success or an output is missing. */
function step(name, { inputs, outputs = [], build }) {
  const stamp = path.join(stamps, name);
  const now = fingerprint(inputs);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
  if (fresh && outputs.every((file) => existsSync(path.join(root, file)))) return;
  process.stderr.write(`${name} …\n`);
  build();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, now);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  process.stderr.write(
    `Set-up stopped: "${command} ${args.join(' ')}" failed${error ? ` (${error.message})` : ''}. Mend what it says above and run "npm run setup" again.\n`,
  );
  process.exit(4);
}

const tool = (...args) => run(requireNode(), [path.join(root, 'scripts', 'node.cjs'), ...args]);

step('Installing packages', {
  inputs: ['package-lock.json'],
  outputs: ['node_modules/fastify'],
  // npm may be told to be strict about engines, to leave out dev or optional packages: all are needed here.
  build: () =>
    run('npm', [
      'ci',
      '--ignore-scripts',
      '--engine-strict=false',
      '--loglevel=error',
      '--include=dev',
      '--include=optional',
    ]),
});
step('Building the kernels', {
  inputs: [
    'src/nn/kernel',
    'src/flow/kernel',
    'src/flow/table/record-layout.ts',
    'src/flow/table/connection-flags.ts',
    'src/flow/table/tcp-constants.ts',
    'scripts/build-kernel.ts',
  ],
  outputs: ['build/kernel/relaxed.wasm', 'build/kernel/flow.wasm'],
  build: () => tool('scripts/build-kernel.ts'),
});
step('Building the dashboard', {
  inputs: ['web', 'src/api/contract.ts', 'package-lock.json'],
  outputs: ['build/web/index.html'],
  build: () => tool('vite', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'),
});
