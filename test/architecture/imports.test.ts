/** The import table of ARCHITECTURE.md holds, and the check that says so can fail. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(tmpdir(), 'guardian-boundaries-'));
afterAll(() => rmSync(copy, { recursive: true }));

interface Report {
  summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number };
  modules: { source: string; dependencies: { resolved: string }[] }[];
}

interface Rule {
  name: string;
  from: { path?: string };
  to: { pathNot?: string | string[] };
}

const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: Rule[] };

function cruise(directory: string): Report {
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
  return JSON.parse(stdout) as Report;
}

describe('imports between folders', () => {
  it('follow the table, and the table has no row that nothing uses', { timeout: 120_000 }, () => {
    const { summary, modules } = cruise(root);
    const { violations, totalCruised } = summary;
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    // TypeScript 7 makes dependency-cruiser see nothing and call it clean.
    expect(totalCruised).toBeGreaterThan(50);
    const dead = forbidden.flatMap(({ name, from, to }) => {
      if (!name.endsWith('-imports') || !Array.isArray(to.pathNot)) return [];
      const own = modules.filter(({ source }) => new RegExp(from.path!).test(source) && !source.includes('.test.'));
      const targets = own.flatMap(({ dependencies }) => dependencies.map(({ resolved }) => resolved));
      const unused = to.pathNot.filter((allowed) => !targets.some((target) => new RegExp(allowed).test(target)));
      return unused.map((allowed) => `${name}: ${allowed}`);
    });
    expect(dead).toEqual([]);
  });

  it('are refused when they break it', { timeout: 120_000 }, () => {
    for (const name of ['src', 'web', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    const plant = (file: string, text: string) => writeFileSync(path.join(copy, file), text);
    plant('src/nn/planted.ts', `import '../feature/scaler.ts';\nimport 'node:fs';\n`);
    plant('src/api/planted.ts', `import '../source/source.ts';\n`);
    plant('src/feature/planted.ts', `import type {} from '../alert/severity.ts';\n`);
    plant('web/planted.ts', `import '../src/errors.ts';\n`);
    plant('src/store/planted.ts', `import type {} from './planted-too.ts';\n`);
    plant('src/store/planted-too.ts', `import type {} from './planted.ts';\n`);
    const rules = cruise(copy)
      .summary.violations.filter(({ from }) => from.includes('planted'))
      .map(({ rule }) => rule.name);
    const expected = [
      'api-imports',
      'feature-imports',
      'nn-imports',
      'nn-is-pure',
      'no-cycles',
      'web-sees-the-contract-only',
    ];
    expect([...new Set(rules)].sort()).toEqual(expected);
  });
});
