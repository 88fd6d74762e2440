// The store: everything the server must not forget. SQLite on one host; another dialect joins by a factory here and by
// running store.contract.ts. Nobody outside this folder writes SQL, and no SQL in it is particular to one database.
import { type Dialect, Kysely } from 'kysely';
import { migrate } from './migrate.ts';
import { openBox } from './open-box.ts';
import type { Database, Tables } from './schema.ts';
import type { StoreKey } from './store-key.ts';

export interface Store {
  /** For reading. What belongs together is written in `transaction`. */
  readonly database: Database;
  /** Runs `work` in one transaction: all of it is on disk when this resolves, or none of it. */
  readonly transaction: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** A dialect that may know how to clean the files of its database. */
export interface StoreDialect extends Dialect {
  /** Leaves nothing in them of what was overwritten or removed so far. Cheap when it was done before. */
  readonly scrub?: () => void;
}

/**
 * Opens the store on a dialect, brings its tables to this version and seals what is not sealed yet.
 * @throws PlayhouseError store-key-lost, file-unreadable, disk-full
 */
export async function openStore(dialect: StoreDialect, key: StoreKey): Promise<Store> {
  const tables = new Kysely<Tables>({ dialect });
  try {
    await migrate(tables);
    const box = await openBox(tables, key);
    dialect.scrub?.();
    return {
      database: Object.assign(tables, { box }),
      transaction: (work) =>
        tables.transaction().execute((transaction) => work(Object.assign(transaction, { box }))),
      close: () => tables.destroy(),
    };
  } catch (error) {
    await tables.destroy();
    throw error;
  }
}
