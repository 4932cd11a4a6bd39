#!/usr/bin/env node
// Starts the command line under the right Node, whatever Node started this file.
'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { root, runNode } = require('./runtime.cjs');

// A checkout runs its sources (Node strips the types); an installed package has only dist/ (stripping is refused there).
const source = path.join(root, 'src', 'cli', 'main.ts');
const entry = existsSync(source) ? source : path.join(root, 'dist', 'cli', 'main.js');
const cache = path.join(
  process.env.XDG_CACHE_HOME || path.join(require('node:os').homedir(), '.cache'),
  'home-iot-guardian',
  'compile',
);

// Small semi-spaces trade a little speed of young objects for about 25 MB of idle memory.
runNode(['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', entry, ...process.argv.slice(2)], {
  env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || cache },
});
