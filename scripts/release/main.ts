/**
 * `npm run release [-- --out DIR] [--key FILE] [--arch amd64,arm64]`: everything that is published, with checksums. The same
 * commit gives the same bytes. With an Ed25519 key (openssl genpkey -algorithm ed25519) the bill of materials and the
 * checksums are signed.
 */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { billOfMaterials, licenceList } from './bill.ts';
import { buildDebian } from './debian.ts';
import { type Architecture, packNpm } from './npm-package.ts';
import { releaseEpoch, root } from './run.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: path.join(root, 'release') },
    key: { type: 'string' },
    arch: { type: 'string', default: 'amd64,arm64' },
    // Another version of the same, to try an upgrade with.
    version: { type: 'string' },
  },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const out = path.resolve(values.out);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const epoch = releaseEpoch();
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const version = values.version ?? manifest.version;

say('npm package …');
const tarball = packNpm(out);
const bill = path.join(out, `home-iot-guardian-${version}.cdx.json`);
writeFileSync(bill, billOfMaterials(epoch));
const licences = path.join(out, 'LICENCES.txt');
writeFileSync(licences, licenceList());
for (const architecture of values.arch.split(',') as Architecture[]) {
  say(`Debian package for ${architecture} …`);
  buildDebian({ tarball, architecture, version, licences, out, epoch });
}
const hash = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(path.join(out, name)))
    .digest('hex');
const sums = path.join(out, 'SHA256SUMS');
writeFileSync(
  sums,
  readdirSync(out)
    .sort()
    .map((name) => `${hash(name)}  ${name}\n`)
    .join(''),
);
if (values.key === undefined) say('Not signed: give a key with --key.');
else {
  const key = createPrivateKey(readFileSync(values.key));
  for (const file of [bill, sums]) writeFileSync(`${file}.sig`, sign(null, readFileSync(file), key));
}
process.stdout.write(readFileSync(sums));
