// Arguments of builds that were ordered may be tokens: they are in the record sealed, as whatever else was given.
import { readFile } from 'node:fs/promises';
import { SecretBox } from '@playhouse/contract/secret-box';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { registerNext, registerServices } from './register-services.ts';
import { maskOf } from './secrets/playground-secrets.ts';
import { sealOldArguments } from './seal-old-arguments.ts';
import type { ServicesTools } from './services-context.ts';
import { ServicesRecords, type ServicesRecord } from './services-record.ts';
import { buildWishes, sealSecrets } from './services-secrets.ts';
import { sampleRecord } from './testing/sample-record.ts';

const box = new SecretBox(new Uint8Array(32));
const { order } = sampleRecord();
const { id } = order;
const build = { target: 'app', args: { NPM_TOKEN: 'argument-secret', MODE: 'plain-mode' } };
const ordered = { ...order, services: { web: { production: true, build } } };
const ahead = { web: { commit: 'c', order: 'o', image: 'own/web:1', detail: null } };

async function open(record?: ServicesRecord) {
  const records = new ServicesRecords(await temporaryDirectory());
  await records.load();
  if (record) await records.save(record);
  const tools = { box, records } as unknown as ServicesTools;
  const written = async () => await readFile(records.files(id).record, 'utf8');
  const kept = () => records.find(id) ?? sampleRecord();
  return { tools, records, written, kept };
}

/** As an engine left it that kept arguments in the order. */
const former = () => {
  const values = { password: 'p', given: {}, templates: {}, variables: {} };
  const secrets = sealSecrets({ box }, id, { ...values, environment: { global: {}, services: {} } });
  const version = { order: ordered, parts: {}, secrets };
  return sampleRecord({ ...version, next: { version, former: {} } });
};

test('arguments that come with an order are in no file, and builds get them', async () => {
  const { tools, written, kept } = await open();
  await registerServices(tools, ordered);
  expect(await written()).not.toMatch(/argument-secret|plain-mode/);
  expect(buildWishes(tools, kept())).toEqual({ web: build });
  await registerNext(tools, ordered);
  expect(await written()).not.toMatch(/argument-secret|plain-mode/);
});

test('they are taken out of what is shown by their names, and others are not', async () => {
  const { tools } = await open();
  await registerServices(tools, ordered);
  expect(maskOf(tools, id).text('argument-secret in plain-mode')).not.toContain('argument-secret');
  expect(maskOf(tools, id).text('argument-secret in plain-mode')).toContain('plain-mode');
});

test('another order has its own, and what was built ahead for others does not stand', async () => {
  const { tools, records, kept } = await open();
  await registerServices(tools, ordered);
  await records.change(id, { nextImages: ahead });
  await registerServices(tools, ordered);
  expect(kept().nextImages).toEqual(ahead);
  const other = { production: true, build: { target: 'app' } };
  await registerServices(tools, { ...order, services: { web: other } });
  expect(buildWishes(tools, kept())).toEqual({ web: { target: 'app' } });
  expect(kept().nextImages).toEqual({});
});

test('a record that has them in plain is read, builds as before, and is sealed by the engine that finds it', async () => {
  const { tools, written, kept } = await open(former());
  expect(buildWishes(tools, kept())).toEqual({ web: build });
  expect(await sealOldArguments(tools)).toEqual([]);
  expect(await written()).not.toMatch(/argument-secret|plain-mode/);
  expect(buildWishes(tools, kept())).toEqual({ web: build });
  expect(buildWishes(tools, kept().next?.version ?? kept())).toEqual({ web: build });
});

test('one whose secrets cannot be opened is left alone and told', async () => {
  const { tools, kept } = await open(sampleRecord({ order: ordered }));
  expect(await sealOldArguments(tools)).toEqual([id]);
  expect(kept().order).toEqual(ordered);
});
