import { writeFile } from 'node:fs/promises';
import { SecretBox } from '@playhouse/contract/secret-box';
import { writeCompose } from '@playhouse/contract/compose/render/write-compose';
import { expect, test } from 'vitest';
import { removeTree } from '../../system/durable-file.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { ServicesTools } from '../services-context.ts';
import { ServicesRecords, type ServicesRecord } from '../services-record.ts';
import { sealSecrets } from '../services-secrets.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { DriftWatch } from './drift-watch.ts';

const box = new SecretBox(new Uint8Array(32));
const { id } = sampleRecord().order;
const nothing = { password: '', given: {}, templates: {}, variables: {} };
const secrets = sealSecrets({ box }, id, { ...nothing, environment: { global: {}, services: {} } });
const web = sampleContainer();
const stray = sampleContainer({ id: 's', service: 'stray' });

async function open(more: Partial<ServicesRecord> = {}) {
  const records = new ServicesRecords(await temporaryDirectory());
  await records.load();
  await records.save(sampleRecord({ secrets, ...more }));
  const { compose } = records.files(id);
  await writeFile(compose, writeCompose({ services: { web: { image: 'x' } } }));
  const watch = new DriftWatch({ box, records } as unknown as ServicesTools);
  return { watch, compose };
}

test('a container too many is told when two looks in a row have found it, and once', async () => {
  const { watch } = await open();
  expect([watch.look(id, [web, stray]), ...watch.of(id)]).toEqual([false]);
  expect([watch.look(id, [web, stray]), ...watch.of(id)]).toEqual([true, ['stray', 'surplus']]);
  expect(watch.look(id, [web, stray])).toBe(false);
  expect([watch.look(id, [web]), ...watch.of(id)]).toEqual([true]);
});

test('nothing is too many, or missing, where nobody can tell what there is to be', async () => {
  const { watch, compose } = await open();
  await removeTree(compose);
  for (let look = 0; look < 2; look += 1) expect(watch.look(id, [web, stray])).toBe(false);
  const starting = await open({ state: 'starting' });
  for (let look = 0; look < 2; look += 1) expect(starting.watch.look(id, [stray])).toBe(false);
});
