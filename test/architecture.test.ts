/** The import table of ARCHITECTURE.md holds, and the check that says so can fail. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const copy = mkdtempSync(path.join(tmpdir(), 'guardian-boundaries-'));
afterAll(() => rmSync(copy, { recursive: true }));

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
}

function cruise(directory: string): Report['summary'] {
  const args = [
    path.join(root, 'scripts/node.cjs'),
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'src',
    'web',
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as Report).summary;
}

describe('imports between folders', () => {
  it('follow the table', () => {
    const { violations, totalCruised } = cruise(root);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    // TypeScript 7 makes dependency-cruiser see nothing and call it clean.
    expect(totalCruised).toBeGreaterThan(50);
  });

  it('are refused when they break it', () => {
    for (const name of ['src', 'web', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    const plant = (file: string, text: string) => writeFileSync(path.join(copy, file), text);
    plant('src/nn/planted.ts', `import '../feature/scaler.ts';\nimport 'node:fs';\n`);
    plant('src/api/planted.ts', `import '../source/source.ts';\n`);
    plant('src/feature/planted.ts', `import type {} from '../alert/severity.ts';\n`);
    plant('web/planted.ts', `import '../src/errors.ts';\n`);
    const rules = cruise(copy)
      .violations.filter(({ from }) => from.includes('planted'))
      .map(({ rule }) => rule.name);
    const expected = ['api-imports', 'feature-imports', 'nn-imports', 'nn-is-pure', 'web-sees-the-contract-only'];
    expect([...new Set(rules)].sort()).toEqual(expected);
  });
});
