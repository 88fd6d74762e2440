import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import { expect, test, vi } from 'vitest';
import { Ingress } from '../ingress/ingress.ts';
import type { Route } from '../ingress/ingress-driver.ts';
import { recordingDriver } from '../ingress/testing/recording-driver.ts';
import { OperationReporter } from '../operations/operation-reporter.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { openSecretBox } from '../system/open-secret-box.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { loginOf, newAccess } from './access/access.ts';
import { answerAccess } from './access/services-access.ts';
import type { ServicesTools } from './services-context.ts';
import { ServicesPlaygrounds } from './services-playgrounds.ts';
import { ServicesRecords } from './services-record.ts';
import { rolloutWays } from './services-steps.ts';
import type { ServicesSettings } from './services-work.ts';
import { sampleContainer } from './testing/sample-container.ts';
import { sampleRecord } from './testing/sample-record.ts';
import { sampleSecrets } from './testing/sample-secrets.ts';

const id = 'f'.repeat(24);

/** A playground with one exposed service; on a playroom without Docker, unless there is one. */
async function open({
  docker = null,
  text,
}: { readonly docker?: object | null; readonly text?: string } = {}) {
  const folder = await temporaryDirectory();
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const secrets = sampleSecrets(box, id);
  const { order } = sampleRecord();
  const told: PlaygroundReport[] = [];
  const compose = text === undefined ? order.compose : { text, file: 'job.yaml' };
  await records.save(
    sampleRecord({ order: { ...order, compose }, secrets, ...(await newAccess({ box }, id)) }),
  );
  let routes: readonly Route[] = [];
  const driver = recordingDriver((all) => void (routes = all));
  const ingress = new Ingress(driver, () => {
    const found = records.find(id);
    if (found === null) throw new Error('there is no such playground');
    return loginOf({ box }, found, 0);
  });
  const tools = { records, box, ingress, dockerIfThere: async () => docker } as unknown as ServicesTools;
  const settings = {
    ...{ httpsPort: 443, tell: (report: PlaygroundReport) => told.push(report), nextRevision: () => 1 },
    ...{
      warn: () => {},
      logs: { noticed: async () => {}, during: async (_: string, work: () => unknown) => await work() },
    },
    branches: { folder, buildAhead: false, warn: () => {} },
  } as unknown as ServicesSettings;
  const playgrounds = new ServicesPlaygrounds(tools, settings);
  const maintain = async (message: string) =>
    await answerAccess(tools, playgrounds, {
      ...{ kind: 'services.maintenance', playgroundId: id, service: null, message },
    });
  return {
    playgrounds,
    records,
    ingress,
    maintain,
    told,
    served: () => routes.map(({ id: route }) => route),
  };
}

test('what is changed of a playground that is being destroyed brings none of its addresses back', async () => {
  const { records, ingress, maintain, served } = await open();
  await maintain('Back at two');
  expect(served()).toEqual([`${id}-web`]);
  await records.change(id, { state: 'destroying' });
  await ingress.remove(id);
  await maintain('Gone soon');
  expect(served()).toEqual([]);
  // Nobody could be let in to it any more, and nothing of others could be told to the proxy.
  await records.remove(id);
  await ingress.refresh();
});

test('addresses of what an earlier engine began to destroy are taken away, whether it told the proxy so or not', async () => {
  const { playgrounds, records, ingress, served } = await open();
  await playgrounds.showStates();
  expect(served()).toEqual([`${id}-web`]);
  await records.change(id, { state: 'destroying' });
  ingress.hold();
  await playgrounds.showStates();
  await ingress.release();
  expect(served()).toEqual([]);
});

test('an engine that has just come back says that a playground is under maintenance when its addresses do', async () => {
  const { ingress, maintain, served } = await open();
  ingress.hold();
  const set = vi.spyOn(ingress, 'set');
  const maintained = maintain('Back at two').then(() => served());
  await vi.waitFor(() => expect(set).toHaveResolved());
  expect(await Promise.race([maintained, setTimeout(50, 'waits')])).toBe('waits');
  await ingress.release();
  expect(await maintained).toEqual([`${id}-web`]);
});

/** What is given with an operation. */
function workOf(kind: string) {
  const operationId = 'e'.repeat(24);
  const reporter = new OperationReporter(operationId, [], new RecordingSink(), 0);
  return { kind, id, operationId, reporter, signal: new AbortController().signal };
}

test('what fails for a full disk is told as that, though the disk is too full to note it', async () => {
  const { playgrounds, records, told } = await open();
  const change = records.change.bind(records);
  vi.spyOn(records, 'change').mockImplementation(async (playground, part) => {
    await change(playground, part);
    if (part.state === 'error') throw new Error('ENOSPC');
  });
  const run = async () => await Promise.reject(new PlayhouseError('disk-full', { path: '/x' }));
  const started = playgrounds.start(sampleRecord().order, [{ label: 'x', run }], workOf('playground.start'));
  await expect(started).rejects.toMatchObject({ code: 'disk-full' });
  expect(told.at(-1)).toMatchObject({ state: 'error', error: { code: 'disk-full' } });
});

test('what was known of branches before a rollout is not told with its success', async () => {
  const text = `services:
  web: { build: ., labels: { playgrounds.repo_url: 'file:///nowhere', playgrounds.production: 'true' } }
`;
  const { playgrounds, records, told } = await open({ text });
  await playgrounds.followBranches(id, new AbortController().signal);
  const standing = () => told.at(-1)?.services.map((service) => service.standing);
  expect(standing()).toEqual(['unknown']);
  const work = workOf('playground.rollout');
  const { journal } = records.files(id);
  const done = rolloutWays.rollout.map(({ label }) => `${JSON.stringify({ step: label, mark: 'done' })}\n`);
  await writeFile(journal(work.operationId), done.join(''));
  await playgrounds.rollOut(sampleRecord().order, 'rollout', work);
  expect(standing()).toEqual([null]);
});

test('one whose values cannot be opened any more keeps no engine from beginning', async () => {
  const { playgrounds, records, served } = await open();
  await records.change(id, { secrets: 'SEALED with another key, or damaged' });
  await playgrounds.showStates();
  expect(served()).toEqual([]);
});

test('a look waits for no job whose other services take their time to stop, and has them stopped once', async () => {
  const stopping = Promise.withResolvers<void>();
  let db = sampleContainer({ id: 'db', service: 'db' });
  const asked: string[] = [];
  const containers = async () => [
    sampleContainer({ id: 'tests', service: 'tests', status: 'exited', exitCode: 0 }),
    db,
  ];
  const run = async (words: readonly string[]) => {
    asked.push(words.join(' '));
    await stopping.promise;
  };
  const text = `x-playgrounds: { metadata: { job_mode: true } }
services:
  tests: { image: x, labels: { playgrounds.job_watch: 'true' } }
  db: { image: x }
`;
  const { playgrounds, records } = await open({
    docker: { api: { containers, inOneList: () => ({ containers }) }, run },
    text,
  });
  await playgrounds.lookAtAll();
  await expect.poll(() => asked).toEqual(['stop db']);
  await playgrounds.lookAtAll();
  expect(asked).toHaveLength(1);
  expect(records.find(id)?.state).toBe('running');
  db = { ...db, status: 'exited', exitCode: 137 };
  stopping.resolve();
  await expect.poll(() => records.find(id)?.state).toBe('completed');
});
