import { expect, test } from 'vitest';
import { Ingress } from '../ingress/ingress.ts';
import type { Login, Route } from '../ingress/ingress-driver.ts';
import { recordingDriver } from '../ingress/testing/recording-driver.ts';
import { openSecretBox } from '../system/open-secret-box.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import type { ContainerState, DockerApi } from './docker/docker-api.ts';
import { observe } from './observe.ts';
import { sampleContainer } from './testing/sample-container.ts';
import { sampleRecord } from './testing/sample-record.ts';
import type { ServicesContext } from './services-context.ts';
import { sealSecrets } from './services-secrets.ts';
import { HealthWatch } from './health/health-watch.ts';
import { ServicesRecords } from './services-record.ts';
import { StandStill } from './volumes/stand-still.ts';

const id = 'f'.repeat(24);
const web = sampleContainer();

const noLogin = (playground: string): Login => ({
  ...{ playground, user: 'playground', password: '', passwordHash: 'HASH', sessions: [], bypass: 'TOKEN' },
});

/** A running playground with one exposed service; what its addresses lead to is kept. */
async function open() {
  const folder = await temporaryDirectory();
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const secrets = sealSecrets({ box }, id, {
    ...{ password: 'p', given: {}, templates: {}, variables: {} },
    environment: { global: {}, services: {} },
  });
  await records.save(sampleRecord({ secrets }));
  let routes: readonly Route[] = [];
  const driver = recordingDriver((all) => void (routes = all));
  const told: string[] = [];
  const tools = {
    records,
    box,
    ingress: new Ingress(driver, noLogin),
  } as unknown as ServicesContext['tools'];
  const context: ServicesContext = {
    ...{ tools, id, rollout: false, seen: new Map(), health: new HealthWatch() },
    standStill: new StandStill(() => ''),
    changed: () => told.push('changed'),
  };
  const api = (containers: () => Promise<readonly ContainerState[]>) =>
    ({ containers }) as unknown as DockerApi;
  return { records, context, api, told, targets: () => routes.map(({ target }) => target) };
}

test('addresses lead to the containers, and follow them when they move', async () => {
  const { context, api, told, targets } = await open();
  await observe(
    context,
    api(async () => [web]),
  );
  expect(targets()).toEqual([{ kind: 'upstreams', addresses: ['10.201.0.2:80'] }]);
  await observe(
    context,
    api(async () => [{ ...web, addresses: ['10.201.0.9'] }]),
  );
  expect(targets()).toEqual([{ kind: 'upstreams', addresses: ['10.201.0.9:80'] }]);
  await observe(
    context,
    api(async () => [{ ...web, addresses: ['10.201.0.9'] }]),
  );
  expect(told).toEqual(['changed', 'changed']);
});

test('an operation that begins while it looks decides what the addresses show', async () => {
  const { records, context, api, targets } = await open();
  const looked = Promise.withResolvers<readonly ContainerState[]>();
  const looking = observe(
    context,
    api(async () => await looked.promise),
  );
  await records.change(id, { state: 'stopping' });
  await observe(
    context,
    api(async () => [web]),
    'stopping',
  );
  looked.resolve([web]);
  await looking;
  expect(targets()).toMatchObject([{ kind: 'page', title: 'pg-7-shop is being stopped' }]);
});

test('one that was destroyed while it looked gets no address back', async () => {
  const { records, context, api, targets } = await open();
  const looked = Promise.withResolvers<readonly ContainerState[]>();
  const looking = observe(
    context,
    api(async () => await looked.promise),
  );
  await records.remove(id);
  looked.resolve([web]);
  await looking;
  expect(targets()).toEqual([]);
});
