import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { storeConformance } from './store.ts';

describe('SQLite', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'guardian-store-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  storeConformance({ open: (clock) => openSqliteStore({ directory, clock, log: createLog({ level: 'silent' }) }) });
});
