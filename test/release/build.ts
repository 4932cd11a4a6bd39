/** Before the release tests: everything that is published, made once. GUARDIAN_RELEASE names a folder that was made before. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../cli/guardian.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of what `npm run release` makes. */
    release: string;
    /** Key that it is signed with. */
    releaseKey: string;
  }
}

export default function setup(project: TestProject): () => void {
  const scratch = mkdtempSync(path.join(tmpdir(), 'guardian-release-'));
  const key = path.join(scratch, 'key.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key]);
  const made = process.env.GUARDIAN_RELEASE;
  const release = made ?? path.join(scratch, 'release');
  if (made === undefined) buildRelease(release, ['--key', key]);
  project.provide('release', release);
  project.provide('releaseKey', key);
  return () => rmSync(scratch, { recursive: true, force: true });
}

export function buildRelease(out: string, args: readonly string[] = []): void {
  const command = ['scripts/node.cjs', 'scripts/release/main.ts', '--out', out, ...args];
  execFileSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
