import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test } from 'vitest';
import { Ingress } from '../../ingress/ingress.ts';
import { recordingDriver } from '../../ingress/testing/recording-driver.ts';
import { quietVoice } from '../../operations/step.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { loginOf, newAccess } from '../access/access.ts';
import { HealthWatch } from '../health/health-watch.ts';
import type { ServicesContext } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';
import { StandStill } from '../volumes/stand-still.ts';
import { startAnew } from './replace-all.ts';
import { rollOut } from './roll-out.ts';

const id = 'f'.repeat(24);

/** A rollout whose containers are all there, behind a proxy whose authority refuses certificates. */
async function open() {
  const folder = await temporaryDirectory();
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const secrets = sampleSecrets(box, id);
  const record = sampleRecord({ secrets, ...(await newAccess({ box }, id)) });
  const version = { order: { ...record.order, domain: 'example.org' }, parts: {}, secrets };
  await records.save({ ...record, next: { version, former: {} } });
  const certify = async () => {
    throw new PlayhouseError('certificate-refused', { host: 'web-shop.example.org', detail: 'rate limited' });
  };
  const ingress = new Ingress({ ...recordingDriver(() => {}), certify }, () => loginOf({ box }, record, 0));
  const docker = { api: { containers: async () => [sampleContainer()] } };
  const tools = { records, box, ingress, docker: async () => docker } as unknown as ServicesContext['tools'];
  const context: ServicesContext = {
    ...{ tools, id, rollout: true, seen: new Map(), health: new HealthWatch() },
    standStill: new StandStill(() => ''),
    changed: () => {},
  };
  const said: string[] = [];
  const voice = quietVoice((line) => said.push(line), new AbortController().signal);
  return { context, records, voice, said };
}

test('a promotion that cannot be written down is none: what is undone then knows both versions', async () => {
  const { context, records, voice } = await open();
  const { record } = records.files(id);
  await rm(record);
  await mkdir(record);
  await expect(rollOut.run(context, voice)).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(records.find(id)?.next?.version.order.domain).toBe('example.org');
  expect(records.find(id)?.order.domain).not.toBe('example.org');
  expect(rollOut.isPastReturn?.(context)).toBe(false);
});

for (const step of [rollOut, startAnew])
  test(`${step.label}: what is promoted is finished by the next engine, and is no failure when a host has no certificate yet`, async () => {
    const { context, records, voice, said } = await open();
    expect(step.isPastReturn?.(context)).toBe(false);
    // An engine died between the record and the file.
    await records.change(id, { order: { ...sampleRecord().order }, next: null });
    const { compose, nextCompose } = records.files(id);
    await writeFile(nextCompose, 'services: {}');
    expect(step.isPastReturn?.(context)).toBe(true);
    await step.run(context, voice);
    expect(await readFile(compose, 'utf8')).toBe('services: {}');
    expect(existsSync(nextCompose)).toBe(false);
    expect(said.join()).toContain('rate limited');
  });
