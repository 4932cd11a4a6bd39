// Finds the Node that runs the product. CommonJS and old syntax on purpose: any Node that npm starts can read it.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const MINIMUM_MAJOR = 24; // node:sqlite without a flag, type stripping, relaxed SIMD
const root = path.join(__dirname, '..');
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The binary of the pinned per-platform package, wherever npm hoisted it; undefined where there is none. */
function pinnedNode() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    for (let dir = root; ; dir = path.dirname(dir)) {
      const file = path.join(dir, 'node_modules', name, 'bin', binary);
      if (existsSync(file)) return file;
      if (dir === path.dirname(dir)) break;
    }
  }
  return undefined;
}

function majorOf(version) {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
}

/** A binary can be present and not run: Alpine has musl, the package is built for glibc. */
function runs(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return status === 0 && majorOf(stdout) >= MINIMUM_MAJOR;
}

/** The Node to use: this one when it is the pinned one, else the pinned one when it runs, else this one when it is new enough. */
function findNode() {
  const pinned = pinnedNode();
  if (pinned && path.resolve(process.execPath) === path.resolve(pinned)) return process.execPath;
  // A new enough Node that the user chose saves a process start; an equal major is the same engine.
  if (majorOf(process.version) >= 26) return process.execPath;
  if (pinned && runs(pinned)) return pinned;
  if (majorOf(process.version) >= MINIMUM_MAJOR) return process.execPath;
  return undefined;
}

/** Like findNode, but ends the process with a message that says the way out. */
function requireNode() {
  const node = findNode();
  if (node) return node;
  process.stderr.write(
    `Home IoT Guardian needs Node ${MINIMUM_MAJOR} or newer, and this is ${process.version}.\n` +
      `Its own copy for ${platform} is not installed or does not run here.\n` +
      `Run "npm run setup" in ${root}, or install Node ${MINIMUM_MAJOR} or newer.\n`,
  );
  process.exit(4);
}

/** Runs Node with args in the foreground: signals pass through, the exit code comes back. */
function runNode(args, { env = {} } = {}) {
  const node = requireNode();
  const child = spawn(node, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: path.dirname(node) + path.delimiter + process.env.PATH, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Cannot start ${node}: ${error.message}\n`);
    process.exit(4);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code);
  });
}

module.exports = { root, findNode, requireNode, runNode, runs };
