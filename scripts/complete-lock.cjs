// Completes package-lock.json after an `npm install` from a registry that lacks some platform packages: npm then leaves
// them out of the lock file, and `npm ci` refuses it anywhere. Adds them as what they are: optional, for other platforms;
// and asks the registry for the checksum of each, so that `npm ci` takes nothing else there either.
'use strict';

const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const file = path.join(__dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['linux', 'darwin', 'win32', 'freebsd', 'android', 'openharmony'];
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64'];

const added = [];
for (const [where, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const places = [`${where}/node_modules/${name}`, `node_modules/${name}`];
    if (where === '' || places.some((place) => lock.packages[place])) continue;
    const words = name.split(/[/-]/);
    const os = systems.filter((system) => words.includes(system));
    const cpu = processors.filter((processor) => words.includes(processor));
    if (os.length === 0) continue;
    const entry = { version, cpu, optional: true, os };
    if (dev) entry.dev = true;
    if (words.includes('musl')) entry.libc = ['musl'];
    lock.packages[`node_modules/${name}`] = entry;
    added.push(name);
  }
}
/** The checksum that the registry gives, or null where it does not have the package. */
function integrityOf(name, version) {
  try {
    const said = execFileSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], { encoding: 'utf8' });
    return /^sha512-\S+$/.test(said.trim()) ? said.trim() : null;
  } catch {
    return null;
  }
}

const unknown = [];
for (const [where, entry] of Object.entries(lock.packages)) {
  if (where === '' || entry.link || entry.integrity) continue;
  const name = where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const integrity = integrityOf(name, entry.version);
  if (integrity === null) unknown.push(name);
  else entry.integrity = integrity;
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(
  added.length > 0 ? `Added ${added.length}: ${added.join(', ')}\n` : 'The lock file is complete.\n',
);
if (unknown.length > 0) process.stderr.write(`Without a checksum: ${unknown.join(', ')}\n`);
