// Jobs, and playgrounds that follow their branches, with a real Docker Engine and Git.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared), ['followEverySeconds: 1']);

const job = (code: number) => `
x-playgrounds: { metadata: { job_mode: true } }
services:
  db: { image: 'box:1', command: 'sleep 100000', stop_grace_period: 1s }
  tests:
    image: box:1
    command: sh -c 'echo testing; sleep 1; exit ${code}'
    labels: { playgrounds.job_watch: "true" }
`;
const parametersOf = ({ id }: Playground) => ({ playground: id });

test('a job is over when what it waits for has ended, with its result; the rest is ended, and it goes with its time', async () => {
  for (const [code, result] of [
    [0, 'succeeded'],
    [3, 'failed'],
  ] as const) {
    await ground.define(`job-${code}`, job(code));
    const started = await ground.start(`job-${code}`);
    expect(started.lifetimeSeconds).toBe(3600);
    const waited = await ground.installation.cli('playground', 'wait', started.id);
    expect([waited.code, waited.stdout]).toEqual([code === 0 ? 0 : 2, `${started.name} has ${result}.\n`]);
    const over = await ground.installation.playground(started.id);
    expect(over).toMatchObject({ status: 'completed', result });
    expect(over.services.map(({ name, state, exitCode }) => [name, state, exitCode !== null])).toEqual([
      ['db', 'stopped', true],
      ['tests', code === 0 ? 'done' : 'failed', true],
    ]);
    expect(over.expiresAt).not.toBeNull();
    const parameters = parametersOf(over);
    for (const again of [
      () => client('playground.restart', { parameters }),
      () => client('playground.lifetime', { parameters, body: { lifetimeSeconds: 60, extend: true } }),
    ])
      await expect(again()).rejects.toMatchObject({ code: /playground-state|job-fixed/ });
    expect((await ground.installation.destroy(over.id)).status).toBe('succeeded');
  }
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

/** Starts a job of these services and waits for its end: what it came to, and each service with its state and exit code. */
async function outcome(name: string, services: string) {
  await ground.define(name, `x-playgrounds: { metadata: { job_mode: true } }\nservices:\n${services}`);
  const { id } = await ground.start(name);
  await until(
    `the end of ${name}`,
    async () => (await ground.installation.playground(id)).status === 'completed',
  );
  return { id, ...(await told(id)) };
}

async function told(id: string) {
  const { status, result, services } = await ground.installation.playground(id);
  return {
    status,
    result,
    services: services.map(({ name, state, exitCode }) => [name, state, exitCode]),
    details: services.flatMap(({ endDetail }) => endDetail ?? []),
  };
}

/** A service of a job, of one line. */
const runs = (name: string, script: string, more = '') =>
  `  ${name}: { image: 'box:1', command: "sh -c '${script}'", stop_grace_period: 1s${more} }\n`;
const watched = ", labels: { playgrounds.job_watch: 'true' }";
const after = (name: string) => `, depends_on: { ${name}: { condition: service_completed_successfully } }`;

test('the result of a job stays when its containers are removed, and one that loses a container fails and says so', async () => {
  const good = await outcome('kept', runs('tests', 'exit 0', watched));
  expect(good).toMatchObject({ result: 'succeeded', services: [['tests', 'done', 0]] });
  await ground.docker('container', 'prune', '--force');
  await ground.installation.engine?.kill();
  await ground.installation.startEngine();
  // A job that is seen to its end after that shows that the engine has looked at all.
  await ground.define(
    'lost',
    `x-playgrounds: { metadata: { job_mode: true } }\nservices:\n${runs('tests', 'sleep 1000', watched)}`,
  );
  const lost = await ground.start('lost');
  await ground.docker('rm', '--force', `${lost.name}-tests-1`);
  await until('its end', async () => (await told(lost.id)).status === 'completed');
  expect(await told(lost.id)).toMatchObject({
    result: 'failed',
    services: [['tests', 'failed', null]],
    details: [expect.stringContaining('removed')],
  });
  expect(await told(good.id)).toMatchObject({ result: 'succeeded', services: [['tests', 'done', 0]] });
  const waited = await ground.installation.cli('playground', 'wait', good.id);
  expect(waited).toMatchObject({ code: 0 });
  const shown = await ground.installation.cli('playground', 'show', lost.id);
  expect(shown.stdout).toContain('tests: its container was removed');
  for (const id of [good.id, lost.id]) await ground.installation.destroy(id);
}, 120_000);

test('a job whose services fail in a chain is over and failed; what does not need them runs, and others are not judged', async () => {
  const chain = await outcome(
    'chain',
    runs('migrate', 'exit 3', watched) +
      runs('tests', 'exit 0', watched + after('migrate')) +
      runs('lint', 'sleep 2; exit 0', watched),
  );
  expect(chain).toMatchObject({
    result: 'failed',
    services: [
      ['migrate', 'failed', 3],
      ['tests', 'failed', null],
      ['lint', 'done', 0],
    ],
    details: ['did not run: migrate ended with 3'],
  });
  const init = await outcome(
    'init',
    runs('init', 'exit 4') + runs('tests', 'exit 0', watched + after('init')),
  );
  expect(init).toMatchObject({ result: 'failed', details: ['did not run: init ended with 4'] });
  expect(init.services).toContainEqual(['init', 'failed', 4]);
  const side = await outcome(
    'side',
    runs('side', 'exit 5') + runs('beside', 'exit 0', after('side')) + runs('tests', 'sleep 1', watched),
  );
  expect(side).toMatchObject({ result: 'succeeded', details: [] });
  expect(side.services).toContainEqual(['side', 'failed', 5]);
  for (const { id } of [chain, init, side]) await ground.installation.destroy(id);
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

const dockerfile = 'FROM box:1\nCOPY index.html /www/index.html\n';
const site = (repository: string) => `
services:
  live:
    build: .
    command: httpd -f -p 80 -h /src
    stop_grace_period: 1s
    labels: &source
      playgrounds.repo_url: ${repository}
      playgrounds.source_mount: /src
  pinned:
    build: .
    command: httpd -f -p 80 -h /www
    stop_grace_period: 1s
    labels: { <<: *source, playgrounds.production: "true" }
`;

test('new commits come to what is mounted, wait for a rollout where an image is pinned, and never overwrite work', async () => {
  const repository = await ground.repository('site', { Dockerfile: dockerfile, 'index.html': 'one\n' });
  await ground.define('site', site(repository));
  const { id, name } = await ground.start('site');
  const services = async () => (await ground.installation.playground(id)).services;
  const inside = async (service: string) =>
    await ground.docker('exec', `${name}-${service}-1`, 'wget', '-q', '-O', '-', 'http://127.0.0.1/');
  await until('the branches to be asked', async () =>
    (await services()).every(({ standing }) => standing === 'current'),
  );

  await ground.commit('site', { 'index.html': 'two\n' });
  await until('the new commit', async () => (await inside('live')) === 'two\n');
  await until('the status', async () => (await ground.installation.playground(id)).status === 'has_changes');
  expect((await services()).map(({ standing }) => standing)).toEqual(['current', 'behind']);
  expect(await inside('pinned')).toBe('one\n');

  const body = { upgrade: false, variables: {}, environment: {}, services: {} };
  const { operation } = await client('playground.rollout', { parameters: { playground: id }, body });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  expect(await inside('pinned')).toBe('two\n');
  await until('the status', async () => (await ground.installation.playground(id)).status === 'running');

  const mine = `${ground.installation.state}/services/${id}/checkouts/live/index.html`;
  await writeFile(mine, 'my work\n');
  await ground.commit('site', { 'index.html': 'three\n' });
  await until(
    'it to be known',
    async () => (await services())[0]?.dirty === true && (await services())[0]?.standing === 'behind',
  );
  expect(await readFile(mine, 'utf8')).toBe('my work\n');

  // Its time is over, and its work is not lost.
  const parameters = { playground: id };
  await client('playground.lifetime', {
    parameters,
    body: { lifetimeSeconds: 1, extend: false, onExpiry: 'destroy' },
  });
  await until(
    'its end',
    async () => Date.parse((await ground.installation.playground(id)).expiresAt ?? '') < Date.now() - 4000,
  );
  expect((await ground.installation.playground(id)).status).toBe('has_changes');
  await until('whose work it is kept for', async () => (await services())[0]?.kept === 'changes');
  expect((await ground.installation.cli('playground', 'show', id)).stdout).toContain(
    'now, but it is kept: service live has changes that were not committed',
  );

  // Neither another engine nor another rollout loses it, and nothing of that is an operation.
  await ground.installation.engine?.kill();
  await ground.installation.startEngine();
  await setTimeout(4000);
  const rolledOut = await client('playground.rollout', { parameters, body });
  await ground.installation.ended(rolledOut.operation.id);
  await setTimeout(4000);
  expect(await readFile(mine, 'utf8')).toBe('my work\n');
  // A rollout forgets what was known of branches, until they are asked again.
  await until('the status', async () => (await ground.installation.playground(id)).status === 'has_changes');
  const { operations } = await client('operation.list', { query: {} });
  expect(
    operations.filter(({ kind, subject }) => subject.id === id && kind === 'playground.destroy'),
  ).toEqual([]);
  await writeFile(mine, 'two\n');
  await until('it to go', async () => (await ground.installation.playground(id)).status === 'destroyed');
  expect(await ground.leftovers()).toEqual([]);
}, 180_000);

test('a job that is over is kept with what it wrote into its checkout', async () => {
  const repository = await ground.repository('results', { 'index.html': 'one\n' });
  await ground.define(
    'results',
    `
x-playgrounds: { metadata: { job_mode: true } }
services:
  tests:
    image: box:1
    command: sh -c 'echo passed > /src/report'
    labels: { playgrounds.job_watch: "true", playgrounds.repo_url: ${repository}, playgrounds.source_mount: /src }
`,
  );
  const { playground: started } = await client('playground.start', {
    body: { playspec: 'results', lifetimeSeconds: 20, onExpiry: 'stop' },
  });
  const { id } = started;
  const isKept = async () => {
    const { status, services } = await ground.installation.playground(id);
    return status === 'completed' && services[0]?.kept === 'changes';
  };
  await until('it to be kept', isKept, undefined, 120_000);
  const report = `${ground.installation.state}/services/${id}/checkouts/tests/report`;
  expect(await readFile(report, 'utf8')).toBe('passed\n');
  await rm(report);
  await until('it to go', async () => (await ground.installation.playground(id)).status === 'destroyed');
}, 180_000);
