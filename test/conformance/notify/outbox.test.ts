import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { createLog } from '../../../src/log.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { outboxConformance } from './outbox-suite.ts';

describe('SQLite', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'guardian-outbox-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  outboxConformance({
    async open() {
      const store = await openSqliteStore({ directory, log: createLog({ level: 'silent' }) });
      return { outbox: store.outbox, close: () => store.close() };
    },
  });
});
