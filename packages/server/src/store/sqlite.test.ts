import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addCommand, findCommand, markCommandAccepted, waitingCommands } from './commands.ts';
import { createNodeSqliteDialect } from './node-sqlite-dialect.ts';
import { makeUnsealedVersion, unsealed } from './earlier-versions.ts';
import { findPlayground } from './playgrounds.ts';
import { storeKeyFile } from './store-key.ts';
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
const keyFile = () => join(folder, 'store.key');
const open = async () => await openStore(dialect(), storeKeyFile(keyFile()));

describeStore('SQLite', open);
describePlayspecs('SQLite', open);
describeAccounts('SQLite', open);
describeMigrations('SQLite', dialect, open);

/** Names of the files of a folder that have a text in them. */
function filesWith(text: string, where = folder): string[] {
  const files = readdirSync(where).filter((name) => statSync(join(where, name)).isFile());
  return files.filter((name) => readFileSync(join(where, name), 'latin1').includes(text));
}

test('commits are durable: write-ahead log, full synchronisation', async () => {
  const store = await open();
  const read = async (pragma: string) => (await sql.raw(`PRAGMA ${pragma}`).execute(store.database)).rows;
  expect(await read('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await read('synchronous')).toEqual([{ synchronous: 2 }]);
  await store.close();
  expect(statSync(join(folder, 'playhouse.db')).size).toBeGreaterThan(0);
});

test('no value is in a file in plain text, neither while a command waits nor when the engine has taken it', async () => {
  const store = await open();
  const { database } = store;
  const { command } = unsealed;
  const { operationId } = command;
  await addCommand(database, command, 'now');
  expect((await waitingCommands(database, 0))[0]?.command).toEqual(command);
  expect(filesWith(operationId)).not.toEqual([]);
  expect(filesWith('-secret')).toEqual([]);
  await markCommandAccepted(database, 1, 'now');
  expect(filesWith('-secret')).toEqual([]);
  // Not even the key finds it now.
  const kept = await findCommand(database, operationId);
  expect(kept).toMatchObject({ kind: 'services.start', playground: { slug: 'lab' } });
  expect(JSON.stringify(kept)).not.toContain('-secret');
  await store.close();
  expect(readdirSync(folder).toSorted()).toEqual(['playhouse.db', 'store.key']);
  expect(filesWith('-secret')).toEqual([]);
});

test('what a killed server of an earlier version left in plain text is in no file once the store is open', async () => {
  const living = await makeUnsealedVersion(dialect());
  // Nor what it had removed, when it did not erase that yet.
  const operation = { operation_id: 'c', sequence: 3, created_at: 'now', command: 'x-secret'.repeat(2000) };
  await living.insertInto('commands').values(operation).execute();
  for (const pragma of ['secure_delete = OFF', 'wal_checkpoint(TRUNCATE)'])
    await sql.raw(`PRAGMA ${pragma}`).execute(living);
  await living.deleteFrom('commands').where('sequence', '=', 3).execute();
  expect(filesWith('x-secret')).toContain('playhouse.db');
  const left = mkdtempSync(join(tmpdir(), 'playhouse-store-left-'));
  cpSync(folder, left, { recursive: true });
  await living.destroy();
  const store = await openStore(
    createNodeSqliteDialect(join(left, 'playhouse.db')),
    storeKeyFile(join(left, 'store.key')),
  );
  expect(filesWith('-secret', left)).toEqual([]);
  expect((await findPlayground(store.database, '7'))?.stack).toEqual(unsealed.stack);
  await store.close();
  rmSync(left, { recursive: true });
});

test('the key is made once, for the server’s user alone', async () => {
  await (await open()).close();
  const key = readFileSync(keyFile());
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  chmodSync(keyFile(), 0o644);
  await (await open()).close();
  expect(readFileSync(keyFile())).toEqual(key);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
});

test.each([
  ['is missing', () => rmSync(keyFile())],
  ['is missing or damaged', () => writeFileSync(keyFile(), 'short')],
  ['not the one', () => writeFileSync(keyFile(), Buffer.alloc(32))],
])('a key that %s is told of, and nothing is made in its place', async (detail, lose) => {
  await (await open()).close();
  const key = readFileSync(keyFile());
  lose();
  const before = readdirSync(folder);
  for (let turn = 0; turn < 2; turn += 1) {
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'store-key-lost', message: expect.stringContaining(detail) });
    expect((refused as Error).message).toContain(keyFile());
  }
  expect(readdirSync(folder)).toEqual(before);
  writeFileSync(keyFile(), key);
  await (await open()).close();
});

test('what is sealed for one row does not open in another', async () => {
  const store = await open();
  const { database } = store;
  for (const letter of ['a', 'b'])
    await addCommand(database, { kind: 'operation.cancel', operationId: letter.repeat(24) }, 'now');
  const rows = await database.selectFrom('commands').select('command').orderBy('sequence').execute();
  const { command = '' } = rows[0] ?? {};
  await database.updateTable('commands').set({ command }).where('sequence', '=', 2).execute();
  await expect(findCommand(database, 'b'.repeat(24))).rejects.toThrow('authenticate');
  await store.close();
});

test('a full disk is told as such, and nothing of the transaction stays', async () => {
  const store = await open();
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
