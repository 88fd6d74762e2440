import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerWithShop, startWithShop } from '../testing/start-with-shop.ts';

let { server, engine, ann, running } = {} as ServerWithShop;
beforeEach(async () => ({ server, engine, ann, running } = await startWithShop()));
afterEach(() => server.close());

test('of a playspec whose volumes outlive its playgrounds there is one; the volumes are its owner’s to see and remove', async () => {
  const text = `x-playgrounds: { metadata: { persist_volumes: true } }\nservices: { db: { image: x } }\n`;
  const body = { name: 'ledger', manifestFile: 'ledger.yaml', manifest: text };
  await ann('playspec.create', { body });
  const first = await ann('playground.start', { body: { playspec: 'ledger' } });
  const { persistentId } = (await engine.nextOf('services.start')).playground;
  expect(persistentId).toMatch(/^[0-9a-f]{12}$/);
  const second = await ann('playground.start', { body: { playspec: 'ledger' } });
  expect(second.error).toMatchObject({ code: 'playspec-stateful' });
  const parameters = { name: 'ledger' };
  expect((await ann('playspec.remove', { parameters })).error?.code).toBe('volumes-in-use');
  expect((await ann('playspec.remove-volumes', { parameters })).error?.code).toBe('volumes-in-use');
  const volumes = [{ key: 'data', name: 'pv-1-2_data', bytes: 5 }];
  engine.answers = ({ kind }) => (kind === 'volume.list' ? { kind, volumes } : null);
  const listed = await ann('playspec.volumes', { parameters });
  expect(listed).toMatchObject({ volumes, playground: first.playground?.name });
  const bob = (await server.as('bob')).call;
  expect((await bob('playspec.volumes', { parameters })).error?.code).toBe('playspec-unknown');

  // Once nobody uses them they go with the playspec.
  const of = { playground: first.playground?.id ?? '' };
  const destroyed = await ann('playground.destroy', { parameters: of });
  await engine.report({ operationId: destroyed.operation?.id ?? '', revision: 9, status: 'succeeded' });
  expect((await ann('playspec.remove', { parameters })).status).toBe(200);
  expect(await engine.nextOf('volume.remove')).toMatchObject({ persistentId });
  await ann('playspec.create', { body });
  await ann('playground.start', { body: { playspec: 'ledger' } });
  const again = await engine.nextOf('services.start');
  expect(again.playground.persistentId).not.toBe(persistentId);
});

test('a saved playground is a Compose playspec whose starts begin with its snapshot, and need no values', async () => {
  const wishes = { web: { subdomain: 'buy', branch: 'fix', newFrom: 'main' } };
  const parameters = await running({ services: wishes });
  const memory = await ann('playspec.save', { parameters, body: { name: 'kept', memory: true } });
  expect(memory.error?.code).toBe('not-of-services');
  const saved = await ann('playspec.save', { parameters, body: { name: 'kept' } });
  expect(saved.playspec).toMatchObject({ kind: 'compose', saved: { state: 'making', memory: false } });
  const early = await ann('playground.start', { body: { playspec: 'kept' } });
  expect(early.error?.code).toBe('playspec-not-ready');
  const snapshotId = saved.operation?.id ?? '';
  expect(await engine.nextOf('playground.snapshot')).toMatchObject({ origin: 'save', savedAs: 'kept@1' });
  await engine.report({ operationId: snapshotId, revision: 1, status: 'succeeded' });
  const started = await ann('playground.start', {
    body: { playspec: 'kept', services: { web: { production: true } } },
  });
  expect(started.status).toBe(202);
  expect((await engine.nextOf('services.start')).playground).toMatchObject({
    from: { snapshotId },
    variables: {},
    services: { web: { branch: 'fix', newFrom: 'main', production: true } },
  });
  expect(started.playground?.services[0]?.branch).toBe('fix');
});
