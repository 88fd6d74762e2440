// Kysely on Node's own SQLite. All that is particular to SQLite is in this file: how it is opened and its pragmas.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { SqliteDialect } from 'kysely';
import type { StoreDialect } from './store.ts';

/** SQLITE_FULL: https://www.sqlite.org/rescode.html#full */
const diskFull = 13;

/** `user_version` of a database that was scrubbed. */
const scrubbedVersion = 1;

/**
 * A dialect for the database file (`:memory:` for one that lives in memory). Every commit is on disk before it is
 * reported: what the API answered with 202 survives a power cut.
 */
export function createNodeSqliteDialect(file: string): StoreDialect {
  const database = new DatabaseSync(file);
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'busy_timeout = 5000',
    'foreign_keys = ON',
    // What is erased may have been a secret.
    'secure_delete = ON',
  ]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  const dialect = new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const statement = database.prepare(sql);
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => explain(file, () => statement.all(...(parameters as SQLInputValue[]))),
          run: (parameters) => {
            // After SQLITE_FULL and its like, SQLite has rolled back by itself; a second time would hide the error.
            if (sql === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
            return explain(file, () => statement.run(...(parameters as SQLInputValue[])));
          },
          iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
        };
      },
    },
  });
  return Object.assign(dialect, { scrub: () => explain(file, () => scrub(database)) });
}

/**
 * Once in the life of a database: pages that earlier versions freed are let go, and the write-ahead log is emptied. Later ones
 * free nothing without erasing it, and write no secret in plain text.
 */
function scrub(database: DatabaseSync): void {
  const { user_version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (user_version >= scrubbedVersion) return;
  database.exec('VACUUM');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.exec(`PRAGMA user_version = ${scrubbedVersion}`);
}

function explain<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if ((cause as { errcode?: number }).errcode !== diskFull) throw cause;
    throw new PlayhouseError('disk-full', { path: file }, { cause });
  }
}
