/** Kysely on the store thread: everything of Kysely's SQLite, with the connection on the other side of a port. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  type TransactionSettings,
} from 'kysely';
import type { SqliteClient } from './client.ts';

class ThreadAdapter extends SqliteAdapter {
  // Kysely says false to be careful; SQLite does roll back DDL, and a migration must be there whole or not at all.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function createDriver(client: SqliteClient): Driver {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery) {
      const { rows, changes, insertId } = await client.execute(sql, parameters);
      return {
        rows: rows as R[],
        numAffectedRows: changes === null ? undefined : BigInt(changes),
        insertId: insertId === null ? undefined : BigInt(insertId),
      };
    },
    streamQuery() {
      throw new Error('The store thread answers whole results: read long lists page by page.');
    },
  };
  const run = (sql: string) => async (target: DatabaseConnection, _settings?: TransactionSettings) => {
    await target.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    // Kysely lets one caller at a time have the only connection (supportsMultipleConnections is false).
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    // IMMEDIATE: a transaction that will write asks for the right to write first, and never fails for it later.
    beginTransaction: run('begin immediate'),
    commitTransaction: run('commit'),
    rollbackTransaction: run('rollback'),
    destroy: () => client.close(),
  };
}

export function createThreadDialect(client: SqliteClient): Dialect {
  const sqlite = new SqliteDialect({ database: () => Promise.reject(new Error('unused: the driver is ours')) });
  return {
    createAdapter: () => new ThreadAdapter(),
    createDriver: () => createDriver(client),
    createIntrospector: (db) => sqlite.createIntrospector(db),
    createQueryCompiler: () => sqlite.createQueryCompiler(),
  };
}
