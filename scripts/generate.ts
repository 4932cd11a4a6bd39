/** Writes the generated pages of docs/ and tables of web/; with --check compares them and fails where one is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderReference } from '../src/config/template.ts';
import { renderAccess } from './render-access.ts';
import { renderErrors } from './render-errors.ts';
import { renderKinds } from './render-kinds.ts';
import { renderOpenApi } from './render-openapi.ts';
import { renderZeekParity } from './render-zeek-parity.ts';

/** Page and how it is made: one line each. */
const pages: Record<string, () => string | Promise<string>> = {
  'docs/config.md': renderReference,
  'docs/errors.md': renderErrors,
  'docs/api/openapi.json': renderOpenApi,
  'docs/api/access.md': renderAccess,
  'docs/zeek-parity.md': renderZeekParity,
  'web/src/alert/kinds.ts': renderKinds,
};

const check = process.argv.includes('--check');
const root = path.join(import.meta.dirname, '..');
let stale = 0;
for (const [page, render] of Object.entries(pages)) {
  const file = path.join(root, page);
  const text = await render();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    stale++;
    process.stderr.write(`${page} is stale: run "node scripts/node.cjs scripts/generate.ts" and commit it.\n`);
  } else writeFileSync(file, text);
}
process.exitCode = stale > 0 ? 1 : 0;
