import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerWithShop, shop, startWithShop, variables } from '../testing/start-with-shop.ts';

let { server, engine, ann, start, running } = {} as ServerWithShop;
beforeEach(async () => ({ server, engine, ann, start, running } = await startWithShop()));
afterEach(() => server.close());

test.each([{ branch: 'a..b' }, { branch: 'x'.repeat(300) }, { branch: 'new', newFrom: 'a b' }])(
  'a branch that Git does not take is refused before anything is made: %j',
  async (web) => {
    expect((await start({ services: { web } })).status).toBe(400);
    expect((await ann('playground.list')).playgrounds).toEqual([]);
  },
);

test('a start has the engine bring up what the file says, with what was wished', async () => {
  const { status, playground, operation } = await start({ services: { web: { subdomain: 'buy' } } });
  expect(status).toBe(202);
  expect(playground).toMatchObject({ kind: 'compose', status: 'pending', machines: [] });
  expect(playground?.services.map(({ name, state }) => [name, state])).toEqual([
    ['web', 'pending'],
    ['db', 'pending'],
  ]);
  expect(operation?.kind).toBe('playground.start');
  const { command } = await engine.next('command');
  expect(command).toMatchObject({
    kind: 'services.start',
    again: false,
    playground: {
      id: playground?.id,
      compose: { text: shop, file: 'playspec shop' },
      variables,
      services: { web: { subdomain: 'buy' } },
      domain: 'localhost',
    },
  });
});

test('everything that can be refused is refused before anything is made', async () => {
  expect((await start({ variables: {} })).error?.code).toBe('manifest-invalid');
  expect((await start({ services: { nothing: {} } })).error?.code).toBe('service-unknown');
  expect((await ann('playground.list')).playgrounds).toEqual([]);
});

test('no two playgrounds get the same address, until the first is destroyed', async () => {
  const first = await start();
  expect((await start()).error).toMatchObject({ code: 'host-name-taken' });
  expect((await start({ services: { web: { subdomain: 'other' } } })).status).toBe(202);
  await ann('playground.destroy', { parameters: { playground: first.playground?.id ?? '' } });
  await engine.reportPlayground({
    playgroundId: first.playground?.id ?? '',
    revision: 9,
    state: 'destroyed',
  });
  await engine.report({
    operationId:
      (await ann('playground.get', { parameters: { playground: first.playground?.id ?? '' } })).playground
        ?.operationId ?? '',
    revision: 9,
    status: 'succeeded',
  });
  expect((await start()).status).toBe(202);
});

test('what the engine tells of services is shown; values of variables are kept nowhere here', async () => {
  const { playground } = await start();
  const service = sampleService({ name: 'web', url: 'https://web-shop.localhost/', visibility: 'internal' });
  await engine.reportPlayground({
    playgroundId: playground?.id ?? '',
    revision: 5,
    state: 'running',
    services: [service],
  });
  const parameters = { playground: playground?.id ?? '' };
  const shown = await ann('playground.get', { parameters });
  expect(shown.playground?.services).toEqual([service]);
  expect(JSON.stringify(shown)).not.toContain('hello');
});

test('what only machines can do says so, and machines have no password', async () => {
  const { playground } = await start();
  const parameters = { playground: playground?.id ?? '' };
  expect((await ann('playground.suspend', { parameters })).error?.code).toBe('not-of-services');
  const diff = { body: { from: playground?.id ?? '', to: playground?.id ?? '' } };
  const compared = await ann('playground.diff', diff);
  expect(compared.error).toMatchObject({
    code: 'diff-of-services',
    hint: expect.stringContaining(`playhouse playground debug ${playground?.name}`) as string,
  });
  expect((await ann('playspec.prewarm', { parameters: { name: 'shop' } })).error?.code).toBe(
    'playspec-of-services',
  );
  const machines = await ann('playground.start', { body: { playspec: 'debian' } });
  const other = { playground: machines.playground?.id ?? '' };
  expect((await ann('playground.password', { parameters: other })).error?.code).toBe('not-of-machines');
});

test('forks are made of one cut, under names and at addresses that nobody has; nothing that was chosen is taken away', async () => {
  const parameters = await running({ services: { web: { subdomain: 'buy', production: true } } });
  const { operation, playgrounds } = await ann('playground.fork', { parameters, body: { count: 2 } });
  expect(operation?.kind).toBe('playground.snapshot');
  expect(playgrounds?.map(({ slug, kind, forkedFrom }) => [slug, kind, forkedFrom?.snapshotId])).toEqual([
    ['shop', 'compose', operation?.id],
    ['shop-2', 'compose', operation?.id],
  ]);
  expect(await engine.nextOf('playground.snapshot')).toMatchObject({
    ...{ operationId: operation?.id, playgroundId: parameters.playground, origin: 'fork', memory: false },
  });
  const command = await engine.nextOf('services.start');
  expect(command).toMatchObject({
    again: false,
    playground: { slug: 'shop', from: { snapshotId: operation?.id }, variables: {} },
  });
  expect('playground' in command && command.playground.services).toEqual({ web: { production: true } });
  const titled = await ann('playground.fork', { parameters, body: { title: 'My Shop' } });
  expect(titled.playgrounds?.map(({ slug }) => slug)).toEqual(['my-shop']);
});

test('the domain itself stays with the origin of a fork', async () => {
  const labels = '{ playgrounds.port: 80, playgrounds.subdomain: "@" }';
  const manifest = `services: { web: { image: nginx, labels: ${labels} } }\n`;
  await ann('playspec.create', { body: { name: 'apex', manifestFile: 'apex.yaml', manifest } });
  const { playground, operation } = await ann('playground.start', { body: { playspec: 'apex' } });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
  await engine.nextOf('services.start');
  const parameters = { playground: playground?.id ?? '' };
  const forked = await ann('playground.fork', { parameters, body: { title: 'A'.repeat(60), count: 2 } });
  expect(forked.status).toBe(202);
  for (const slug of ['a'.repeat(40), `${'a'.repeat(36)}-2`])
    expect((await engine.nextOf('services.start')).playground.services).toEqual({
      web: { subdomain: `web-${slug}` },
    });
});

test('what is being rolled out is forked when that is over', async () => {
  const parameters = await running();
  await ann('playground.rollout', { parameters, body: {} });
  const { error } = await ann('playground.fork', { parameters, body: {} });
  expect(error?.code).toBe('rollout-under-way');
});

test('a rollout has the engine bring about what is wished, and keeps values nowhere', async () => {
  const parameters = await running();
  const wish = { web: { branch: 'fix', environment: { LEVEL: 'debug' } } };
  const body = { services: wish, environment: { MODE: 'secretive' } };
  const { status, operation } = await ann('playground.rollout', { parameters, body });
  expect([status, operation?.kind]).toEqual([202, 'playground.rollout']);
  const command = await engine.nextOf('services.rollout');
  expect(command).toMatchObject({
    hard: false,
    playground: { id: parameters.playground, services: wish, environment: body.environment },
  });
  const again = await ann('playground.rollout', { parameters, body: {} });
  expect(again.error?.code).toBe('rollout-under-way');
  await engine.report({ operationId: operation?.id ?? '', revision: 2, status: 'succeeded' });
  await ann('playground.hard-restart', { parameters, body: {} });
  const next = await engine.nextOf('services.rollout');
  expect(next).toMatchObject({
    hard: true,
    playground: { services: { web: { branch: 'fix' } }, environment: {} },
  });
  expect(JSON.stringify(next)).not.toMatch(/debug|secretive/);
});

test('what a rollout that failed had wished is forgotten, with the newer version of the playspec', async () => {
  const parameters = await running();
  const newer = shop.replace('postgres', 'postgres:18');
  await ann('playspec.update', {
    parameters: { name: 'shop' },
    body: { manifest: newer, manifestFile: 'shop.yaml' },
  });
  const body = { upgrade: true, services: { web: { subdomain: 'buy' } } };
  const { operation, playground } = await ann('playground.rollout', { parameters, body });
  expect(playground?.playspec.version).toBe(2);
  expect(await engine.nextOf('services.rollout')).toMatchObject({ playground: { compose: { text: newer } } });
  await engine.report({ operationId: operation?.id ?? '', revision: 2, status: 'failed' });
  const shown = await ann('playground.get', { parameters });
  expect(shown.playground).toMatchObject({ status: 'running', playspec: { version: 1 } });
  await ann('playground.rollout', { parameters, body: {} });
  expect(await engine.nextOf('services.rollout')).toMatchObject({
    playground: { compose: { text: shop }, services: {} },
  });
});

test('what is in error is mended by a rollout with other values, all of it made anew', async () => {
  const { playground, operation: failed } = await start();
  const parameters = { playground: playground?.id ?? '' };
  await engine.report({ operationId: failed?.id ?? '', revision: 1, status: 'failed' });
  const body = { environment: { OK: 'true' } };
  const { status, operation, playground: mending } = await ann('playground.rollout', { parameters, body });
  expect([status, operation?.kind, mending?.status]).toEqual([202, 'playground.rollout', 'pending']);
  expect(await engine.nextOf('services.rollout')).toMatchObject({
    ...{ hard: false, mend: true, playground: body },
  });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
  expect((await ann('playground.get', { parameters })).playground?.status).toBe('running');
});

test('a rollout is refused where it makes no sense', async () => {
  const parameters = await running();
  const rollout = async (body: object, where = parameters) =>
    (await ann('playground.rollout', { parameters: where, body })).error?.code;
  await ann('playground.start', {
    body: { playspec: 'shop', variables, services: { web: { subdomain: 'other' } } },
  });
  expect(await rollout({ services: { web: { subdomain: 'other' } } })).toBe('host-name-taken');
  expect(await rollout({ services: { nothing: {} } })).toBe('service-unknown');
  expect(await rollout({ environment: { 'NOT-A-NAME': 'x' } })).toBe('request-invalid');
  await ann('playground.stop', { parameters });
  expect(await rollout({})).toBe('playground-state');
  const machines = await ann('playground.start', { body: { playspec: 'debian' } });
  expect(await rollout({}, { playground: machines.playground?.id ?? '' })).toBe('not-of-machines');
});
