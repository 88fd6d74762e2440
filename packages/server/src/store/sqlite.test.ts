import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servicesOrderSchema } from '@playhouse/contract/link/services-order';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addCommand, findCommand, markCommandAccepted, waitingCommands } from './commands.ts';
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

test('of a command that the engine has taken no value of a variable is left in the file', async () => {
  const store = await openStore(dialect());
  const [id, operationId] = ['a'.repeat(24), 'b'.repeat(24)];
  const playground = servicesOrderSchema.parse({
    ...{ id, number: 1, slug: 'shop', compose: { text: 'services: {}', file: 'a' }, domain: 'localhost' },
    variables: { KEY: 'first-secret' },
    environment: { TOKEN: 'second-secret' },
    services: { web: { environment: { PASS: 'third-secret' } } },
  });
  const command = { kind: 'services.start', operationId, playground, again: false } as const;
  await addCommand(store.database, command, 'now');
  expect((await waitingCommands(store.database, 0))[0]?.command).toEqual(command);
  await markCommandAccepted(store.database, 1, 'now');
  expect(await findCommand(store.database, operationId)).toMatchObject({ playground: { slug: 'shop' } });
  await store.close();
  const bytes = readFileSync(join(folder, 'playhouse.db'), 'latin1');
  expect(bytes).toContain('services.start');
  expect(bytes).not.toContain('-secret');
  expect(readdirSync(folder)).toEqual(['playhouse.db']);
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
