// Jobs, and playgrounds that follow their branches, with a real Docker Engine and Git.
import { readFile, writeFile } from 'node:fs/promises';
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
  await writeFile(mine, 'two\n');
  await until('it to go', async () => (await ground.installation.playground(id)).status === 'destroyed');
  expect(await ground.leftovers()).toEqual([]);
}, 180_000);
