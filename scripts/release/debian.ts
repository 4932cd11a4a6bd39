/** The Debian package: the npm package with its Node, units that are off, and two users. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { renderUnits } from '../../src/service/units.ts';
import { type Architecture, unpackNode } from './npm-package.ts';
import { root, run } from './run.ts';

const LIBRARY = '/usr/lib/home-iot-guardian';
/** How bin/guardian.cjs starts Node too. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

export interface DebianOptions {
  /** The npm package. */
  tarball: string;
  architecture: Architecture;
  version: string;
  licences: string;
  out: string;
  epoch: number;
}

/** Gives the file. */
export function buildDebian({ tarball, architecture, version, licences, out, epoch }: DebianOptions): string {
  const scratch = mkdtempSync(path.join(tmpdir(), 'guardian-deb-'));
  try {
    const stage = path.join(scratch, 'stage');
    const at = (...parts: string[]): string => path.join(stage, ...parts);
    for (const folder of ['usr/bin', 'usr/lib/systemd/system', 'usr/share/doc/home-iot-guardian', 'DEBIAN']) {
      mkdirSync(at(folder), { recursive: true });
    }
    mkdirSync(at(LIBRARY), { recursive: true });
    run('tar', ['xzf', tarball, '-C', at(LIBRARY), '--strip-components=1', '--no-same-owner']);
    const node = `/${path.relative(stage, unpackNode(architecture, at(LIBRARY), scratch))}`;
    const bin = at(LIBRARY, 'bin/guardian.cjs');
    // No Node of the system is needed, or taken.
    writeFileSync(bin, readFileSync(bin, 'utf8').replace(/^#!.*/, `#!${node}`));
    chmodSync(bin, 0o755);
    for (const name of ['guardian', 'home-iot-guardian']) {
      symlinkSync('../lib/home-iot-guardian/bin/guardian.cjs', at('usr/bin', name));
    }
    const command = [node, ...NODE_FLAGS, `${LIBRARY}/dist/cli/main.js`];
    const units = renderUnits({ command, tool: { kind: 'tcpdump', path: '/usr/bin/tcpdump' } });
    for (const [name, text] of Object.entries(units)) writeFileSync(at('usr/lib/systemd/system', name), text);
    const documents = at('usr/share/doc/home-iot-guardian');
    writeFileSync(path.join(documents, 'copyright'), readFileSync(licences));
    writeFileSync(
      path.join(documents, 'changelog.gz'),
      gzipSync(readFileSync(path.join(root, 'CHANGELOG.md')), { level: 9 }),
    );
    cpSync(path.join(root, 'packaging/debian'), at('DEBIAN'), { recursive: true });
    writeFileSync(at('DEBIAN/md5sums'), sums(stage));
    const kilobytes = run('du', ['-sk', '--apparent-size', '--exclude=DEBIAN', stage]).split('\t')[0];
    writeFileSync(at('DEBIAN/control'), control({ architecture, version, kilobytes }));
    // What is on a disk has the rights that the umask of whoever builds has left it.
    run('chmod', ['-R', 'u=rwX,go=rX', stage]);
    const file = path.join(out, `home-iot-guardian_${version}_${architecture}.deb`);
    const args = ['--root-owner-group', '-Zxz', '-z2', '--build', stage, file];
    run('dpkg-deb', args, { env: { SOURCE_DATE_EPOCH: String(epoch) } });
    return file;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function control({
  architecture,
  version,
  kilobytes,
}: {
  architecture: string;
  version: string;
  kilobytes: string;
}): string {
  return `Package: home-iot-guardian
Version: ${version}
Architecture: ${architecture}
Maintainer: Home IoT Guardian <home-iot-guardian@localhost>
Section: net
Priority: optional
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libstdc++6, libatomic1, adduser, tcpdump | wireshark-common
Recommends: nmap, arp-scan
Description: network guardian for homes and small sites
 Learns what is normal for each device of a network and says in plain words
 when one starts to behave differently. Nothing leaves the machine.
`;
}

/** MD5 of every file, as dpkg --verify takes them. */
function sums(stage: string): string {
  return readdirSync(stage, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(stage, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('DEBIAN/'))
    .sort()
    .map(
      (name) =>
        `${createHash('md5')
          .update(readFileSync(path.join(stage, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
}
