// Rollouts of Compose playgrounds, with a real Docker Engine, Caddy and Git, under load: what fails leaves all as it was.
import { expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { runOk } from './support/process.ts';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { sickDockerfile, siteCompose, wellDockerfile } from './support/site.ts';
import { underLoad } from './support/under-load.ts';
import { until } from './support/until.ts';

const well = { status: 'succeeded', error: null };
let ground: ServicesGround;
let client: GroundClient;

// Nobody asks branches but rollouts: that one has commits which do not run would be told at any time as the status of what is served.
prepareGround((prepared) => void ({ ground, client } = prepared), ['followEverySeconds: 86400']);

/** Neither well nor sick for longer than it takes to call its rollout off. */
const undecidedDockerfile =
  'FROM box:1\nHEALTHCHECK --interval=1s --start-period=300s CMD ["false"]\nCMD ["sleep", "100000"]\n';
const url = 'https://web-site.localhost/';
let playground: Playground;

async function change(action: 'rollout' | 'hard-restart', body: object = {}) {
  const parameters = { playground: playground.id };
  const { operation } = await client(`playground.${action}`, {
    parameters,
    body: { upgrade: false, variables: {}, environment: {}, services: {}, ...body },
  });
  return await ground.installation.ended(operation.id);
}

const idOf = async (service: string) =>
  (await ground.docker('ps', '--quiet', '--filter', `label=com.docker.compose.service=${service}`)).trim();

const loaded = async (work: () => Promise<void>, perSecond = 100) =>
  await underLoad(ground.installation, url, perSecond, work);

test('a playground with a service that is never to be away starts', async () => {
  const repository = await ground.repository('site', { Dockerfile: wellDockerfile, 'index.html': 'one\n' });
  await ground.define('site', siteCompose(repository));
  playground = await ground.start('site');
  expect(await ground.visit(url)).toEqual({ status: 200, body: 'one\n' });
}, 120_000);

test('a rollout to a new commit loses no request, and what does not change runs on', async () => {
  const [web, worker] = [await idOf('web'), await idOf('worker')];
  await ground.commit('site', { 'index.html': 'two\n' });
  const load = await loaded(async () => {
    expect(await change('rollout')).toMatchObject(well);
  });
  expect(load).toMatchObject({
    failed: 0,
    failures: [],
    bodies: { one: expect.any(Number), two: expect.any(Number) },
  });
  expect(await ground.visit(url)).toEqual({ status: 200, body: 'two\n' });
  expect(await idOf('worker')).toBe(worker);
  expect(await idOf('web')).not.toBe(web);
  const shown = await ground.installation.playground(playground.id);
  expect(shown.status).toBe('running');
}, 120_000);

test('a version that does not get well leaves the old one serving, and nothing of itself', async () => {
  const [web, worker] = [await idOf('web'), await idOf('worker')];
  await ground.commit('site', { Dockerfile: sickDockerfile });
  const load = await loaded(async () => {
    const failed = await change('rollout', {
      environment: { LEVEL: 'debug' },
      services: { web: { branch: 'try', newFrom: 'main' } },
    });
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'services-not-healthy', step: 'Rolling out' },
    });
    expect(failed.error?.message).toContain('answered 404');
  });
  expect(load).toMatchObject({ failed: 0, failures: [], bodies: { two: load.sent } });
  expect(await idOf('web')).toBe(web);
  const history = `${ground.installation.state}/services/${playground.id}/histories/web.git`;
  expect(await runOk(['git', `--git-dir=${history}`, 'symbolic-ref', '--short', 'HEAD'])).toBe('main\n');
  expect(
    await ground.docker(
      'exec',
      worker === (await idOf('worker')) ? worker : await idOf('worker'),
      'sh',
      '-c',
      'echo $LEVEL',
    ),
  ).toBe('info\n');
  expect(await ground.installation.playground(playground.id)).toMatchObject({
    status: 'running',
    error: null,
  });
  await ground.commit('site', { Dockerfile: wellDockerfile, 'index.html': 'three\n' });
}, 120_000);

test('variables of all services and of one are rolled out, and taken away again', async () => {
  const before = await idOf('worker');
  const changed = await change('rollout', {
    environment: { LEVEL: 'debug' },
    services: { worker: { environment: { OWN: 'a $b' } } },
  });
  expect(changed).toMatchObject(well);
  const worker = await idOf('worker');
  expect(worker).not.toBe(before);
  const say = 'echo $LEVEL, $OWN';
  expect(await ground.docker('exec', worker, 'sh', '-c', say)).toBe('debug, a $b\n');
  expect(await change('rollout', { environment: { LEVEL: null } })).toMatchObject(well);
  expect(await ground.docker('exec', await idOf('worker'), 'sh', '-c', say)).toBe('info, a $b\n');
}, 120_000);

test('a rollout that is cancelled leaves the old version serving', async () => {
  const web = await idOf('web');
  await ground.commit('site', { Dockerfile: undecidedDockerfile });
  const parameters = { playground: playground.id };
  const body = { upgrade: false, variables: {}, environment: {}, services: {} };
  const { operation } = await client('playground.rollout', { parameters, body });
  await until('the new container', async () => (await idOf('web')).includes('\n'));
  await expect(client('playground.rollout', { parameters, body })).rejects.toMatchObject({
    code: 'rollout-under-way',
  });
  await client('operation.cancel', { parameters: { operation: operation.id } });
  expect((await ground.installation.ended(operation.id)).status).toBe('cancelled');
  expect(await idOf('web')).toBe(web);
  expect((await ground.visit(url)).body).toBe('three\n');
  await ground.commit('site', { Dockerfile: wellDockerfile, 'index.html': 'four\n' });
}, 120_000);

test('a hard restart makes all containers anew', async () => {
  const [web, worker] = [await idOf('web'), await idOf('worker')];
  expect(await change('hard-restart')).toMatchObject(well);
  expect(await idOf('web')).not.toBe(web);
  expect(await idOf('worker')).not.toBe(worker);
  expect((await ground.visit(url)).body).toBe('four\n');
}, 120_000);

test('a hard restart that does not get well brings the version before up again, with its variables', async () => {
  const before = await ground.visit(url);
  await ground.commit('site', { Dockerfile: sickDockerfile });
  const failed = await change('hard-restart', { environment: { LEVEL: 'debug' } });
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'services-not-healthy', step: 'Starting containers' },
  });
  expect(await ground.visit(url)).toEqual(before);
  expect(await ground.docker('exec', await idOf('worker'), 'sh', '-c', 'echo $LEVEL')).toBe('info\n');
  expect(await ground.installation.playground(playground.id)).toMatchObject({
    status: 'running',
    error: null,
  });
  await ground.commit('site', { Dockerfile: wellDockerfile, 'index.html': 'five\n' });
}, 120_000);

test('a start that failed for a value is mended by a rollout with another one; what does not mend it leaves it in error', async () => {
  await ground.define(
    'choosy',
    `
services:
  live:
    image: box:1
    command: sleep 100000
    stop_grace_period: 1s
    environment: { OK: "true" }
    healthcheck: { test: [CMD-SHELL, 'test "$$OK" = true'], interval: 1s, retries: 1 }
    volumes: [kept:/kept]
volumes: { kept: {} }
`,
  );
  const [body, environment] = [{ playspec: 'choosy', authorizedKeys: [] }, { OK: 'false' }];
  const begun = await client('playground.start', { body: { ...body, environment } });
  const parameters = { playground: begun.playground.id };
  const { installation } = ground;
  const statusNow = async () => (await installation.playground(begun.playground.id)).status;
  expect((await installation.ended(begun.operation.id)).status).toBe('failed');
  const mend = async (action: 'rollout' | 'hard-restart', level: string) => {
    const changes = { upgrade: false, variables: {}, environment: { OK: level }, services: {} };
    const { operation } = await client(`playground.${action}`, { parameters, body: changes });
    return (await installation.ended(operation.id)).status;
  };
  expect([await mend('hard-restart', 'neither'), await statusNow()]).toEqual(['failed', 'error']);
  expect([await mend('rollout', 'true'), await statusNow()]).toEqual(['succeeded', 'running']);
  const say = 'echo $OK; touch /kept/it';
  expect(await ground.docker('exec', await idOf('live'), 'sh', '-c', say)).toBe('true\n');
  expect([await mend('hard-restart', 'false'), await statusNow()]).toEqual(['failed', 'running']);
  expect(await ground.docker('exec', await idOf('live'), 'sh', '-c', 'echo $OK; ls /kept')).toBe(
    'true\nit\n',
  );
  expect((await installation.destroy(begun.playground.id)).status).toBe('succeeded');
}, 180_000);

test('an engine that dies in a rollout, at any step, finishes it, and no request is lost meanwhile', async () => {
  const { installation } = ground;
  const places = [
    'Building images/begin',
    'Generating Compose/done',
    'Rolling out/begin',
    'Rolling out/done',
  ];
  for (const place of places) {
    await ground.commit('site', { 'index.html': `${place}\n` });
    await installation.engine?.kill();
    await installation.startEngine({ PLAYHOUSE_CRASH_POINT: `playground.rollout/${place}` });
    const load = await loaded(async () => {
      const body = { upgrade: false, variables: {}, environment: {}, services: {} };
      const { operation } = await client('playground.rollout', {
        parameters: { playground: playground.id },
        body,
      });
      await installation.engine?.exited;
      await installation.startEngine();
      expect(await installation.ended(operation.id)).toMatchObject(well);
    }, 20);
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect((await ground.visit(url)).body).toBe(`${place}\n`);
    expect(await idOf('web')).not.toContain('\n');
  }
}, 300_000);

test('it is destroyed without a trace', async () => {
  expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  expect(await ground.leftovers()).toEqual([]);
}, 60_000);
