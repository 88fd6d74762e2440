import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerWithShop, startWithShop } from '../testing/start-with-shop.ts';

let { server, engine, ann, stopped, running } = {} as ServerWithShop;
beforeEach(async () => ({ server, engine, ann, stopped, running } = await startWithShop(shop)));
afterEach(() => server.close());

const shop = `
services:
  web: { image: nginx, labels: { playgrounds.port: 80 } }
  mail: { image: mail, profiles: [extra], labels: { playgrounds.port: 81 }, volumes: [more:/more] }
  debug: { image: debug, profiles: [debug] }
volumes: { more: {} }
`;

test('a fork has the profiles of its origin, and addresses of their services', async () => {
  const parameters = await stopped({ profiles: ['extra'] });
  const forked = await ann('playground.fork', { parameters, body: {} });
  expect(forked.status).toBe(202);
  const { playground: order } = await engine.nextOf('services.start');
  expect(order.profiles).toEqual(['extra']);
  // Taken: the next playground of that name cannot have the address of a service of the profile.
  const subdomain = `mail-${order.slug}`;
  const other = await ann('playground.start', {
    body: { playspec: 'shop', title: 'Other', profiles: ['extra'], services: { mail: { subdomain } } },
  });
  expect(other.error?.code).toBe('host-name-taken');
});

test('a fork takes no address for services that do not run in its origin', async () => {
  const parameters = await stopped();
  await ann('playground.fork', { parameters, body: {} });
  const { playground: order } = await engine.nextOf('services.start');
  expect(order.profiles).toEqual([]);
  const subdomain = `mail-${order.slug}`;
  const other = await ann('playground.start', {
    body: { playspec: 'shop', title: 'Other', profiles: ['extra'], services: { mail: { subdomain } } },
  });
  expect(other.status).toBe(202);
});

test('starts of a saved playspec have the profiles that it was saved with, and those that are added', async () => {
  const parameters = await stopped({ profiles: ['extra'], services: { mail: { production: true } } });
  const saved = await ann('playspec.save', { parameters, body: { name: 'kept' } });
  await engine.report({ operationId: saved.operation?.id ?? '', revision: 3, status: 'succeeded' });
  const names = async (body: object) => {
    const { playground } = await ann('playground.start', { body: { playspec: 'kept', ...body } });
    return playground?.services.map(({ name }) => name);
  };
  expect(await names({ title: 'One' })).toEqual(['web', 'mail']);
  const first = await engine.nextOf('services.start');
  expect(first.playground).toMatchObject({ profiles: ['extra'], services: { mail: { production: true } } });
  expect(await names({ title: 'Two', profiles: ['debug', 'extra'] })).toEqual(['web', 'mail', 'debug']);
  expect((await engine.nextOf('services.start')).playground.profiles).toEqual(['extra', 'debug']);
});

test('a preview of a saved playspec is of what a start of it would be', async () => {
  const parameters = await stopped({ profiles: ['extra'], services: { mail: { production: true } } });
  const saved = await ann('playspec.save', { parameters, body: { name: 'kept' } });
  await engine.report({ operationId: saved.operation?.id ?? '', revision: 3, status: 'succeeded' });
  const asked: unknown[] = [];
  engine.answers = (request) => {
    if (request.kind !== 'services.preview') return null;
    asked.push(request.order);
    return { kind: 'services.preview', preview: { values: [], services: [] } };
  };
  const services = { mail: { environment: { LEVEL: 'debug' } } };
  await ann('playground.preview', { body: { playspec: 'kept', services } });
  expect(asked).toMatchObject([
    { profiles: ['extra'], services: { mail: { production: true, environment: { LEVEL: 'debug' } } } },
  ]);
});

const needing = `
services:
  web: { image: nginx, depends_on: [mail] }
  mail: { image: mail, profiles: [extra] }
`;

test('what runs and needs a service of a profile that is not chosen is refused before anything is made', async () => {
  await ann('playspec.create', {
    body: { name: 'needing', manifestFile: 'needing.yaml', manifest: needing },
  });
  const refused = await ann('playground.start', { body: { playspec: 'needing' } });
  expect(refused.error).toMatchObject({
    code: 'manifest-invalid',
    problems: [{ code: 'compose-need-unchosen', line: 3, column: 37 }],
  });
  expect((await ann('playground.list')).playgrounds).toEqual([]);
  const chosen = await ann('playground.start', { body: { playspec: 'needing', profiles: ['extra'] } });
  expect(chosen.status).toBe(202);
});

test('a version that needs a service of a profile that was not chosen is refused, and the playground is as it was', async () => {
  const parameters = await running();
  await ann('playspec.update', {
    parameters: { name: 'shop' },
    body: { manifestFile: 'shop.yaml', manifest: needing },
  });
  const refused = await ann('playground.rollout', { parameters, body: { upgrade: true } });
  expect(refused.error).toMatchObject({
    code: 'manifest-invalid',
    problems: [{ code: 'compose-need-unchosen', line: 3, column: 37 }],
  });
  const { playground } = await ann('playground.get', { parameters });
  expect(playground).toMatchObject({ status: 'running', playspec: { version: 1 } });
});
