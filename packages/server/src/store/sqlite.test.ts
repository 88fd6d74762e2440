import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeSqliteDialect } from './node-sqlite-dialect.ts';
import { describeAccounts } from './accounts.contract.ts';
import { describeMigrations } from './migrations.contract.ts';
import { describePlayspecs } from './playspecs.contract.ts';
import { describeStore } from './store.contract.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playhouse-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const dialect = () => createNodeSqliteDialect(join(folder, 'playhouse.db'));

describeStore('SQLite', dialect);
describePlayspecs('SQLite', dialect);
describeAccounts('SQLite', dialect);
describeMigrations('SQLite', dialect);

test('commits are durable: write-ahead log, full synchronisation', async () => {
  const store = await openStore(dialect());
  const read = async (pragma: string) => (await sql.raw(`PRAGMA ${pragma}`).execute(store.database)).rows;
  expect(await read('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await read('synchronous')).toEqual([{ synchronous: 2 }]);
  await store.close();
  expect(statSync(join(folder, 'playhouse.db')).size).toBeGreaterThan(0);
});

test('a full disk is told as such, and nothing of the transaction stays', async () => {
  const store = await openStore(dialect());
  await sql.raw('PRAGMA max_page_count = 1').execute(store.database);
  const filling = store.transaction(async (transaction) => {
    for (let index = 0; index < 500; index += 1) {
      await transaction
        .insertInto('counters')
        .values({ name: `${index}-${'x'.repeat(2000)}`, value: 1 })
        .execute();
    }
  });
  await expect(filling).rejects.toMatchObject({ code: 'disk-full' });
  expect(await store.database.selectFrom('counters').selectAll().execute()).toEqual([]);
  await store.close();
});
