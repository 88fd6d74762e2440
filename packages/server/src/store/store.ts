// The store: everything the server must not forget. SQLite on one host; another dialect joins by a factory here and by
// running store.contract.ts. Nobody outside this folder writes SQL, and no SQL in it is particular to one database.
import { type Dialect, Kysely } from 'kysely';
import { migrate } from './migrate.ts';
import type { Database, Tables } from './schema.ts';

export interface Store {
  /** For reading. What belongs together is written in `transaction`. */
  readonly database: Database;
  /** Runs `work` in one transaction: all of it is on disk when this resolves, or none of it. */
  readonly transaction: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** Opens the store on a dialect and brings its tables to this version. */
export async function openStore(dialect: Dialect): Promise<Store> {
  const database = new Kysely<Tables>({ dialect });
  try {
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return {
    database,
    transaction: (work) => database.transaction().execute(work),
    close: () => database.destroy(),
  };
}
