import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { quietVoice } from '../../operations/step.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { ServicesContext } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { generateCompose } from './generate-compose.ts';

test('a heal keeps the final file as it is, whatever the checkout has by now', async () => {
  const records = new ServicesRecords(await temporaryDirectory());
  const record = sampleRecord();
  const { id } = record.order;
  const { order, parts, secrets } = record;
  await records.save({ ...record, next: { version: { order, parts, secrets }, former: {} } });
  const { compose, nextCompose } = records.files(id);
  await writeFile(compose, 'services: { web: { image: pinned } }\n');
  // Nothing else is looked at, nor is Docker.
  const context = { tools: { records }, id, rollout: true, healing: true } as unknown as ServicesContext;
  await generateCompose.run(
    context,
    quietVoice(() => {}, new AbortController().signal),
  );
  expect(await readFile(nextCompose, 'utf8')).toBe('services: { web: { image: pinned } }\n');
});
