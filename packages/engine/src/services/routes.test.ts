import { planServices } from '@playhouse/contract/compose/plan/plan-services';
import { expect, test } from 'vitest';
import type { ContainerState } from './docker/docker-api.ts';
import { sampleContainer } from './testing/sample-container.ts';
import { hostOf, routesOf, serviceTarget, statePage } from './routes.ts';
import type { ServicesRecord } from './services-record.ts';

const { plan } = planServices({
  services: {
    web: { image: 'x', labels: { 'playgrounds.port': '3000', 'playgrounds.visibility': 'external' } },
    admin: { image: 'x', labels: { 'playgrounds.port': '80', 'playgrounds.subdomain': '@' } },
    db: { image: 'y' },
  },
});
const [web, admin, db] = plan.services as [
  (typeof plan.services)[0],
  (typeof plan.services)[0],
  (typeof plan.services)[0],
];
const record = (services: ServicesRecord['order']['services'] = {}) =>
  ({
    order: { id: 'f'.repeat(24), number: 7, slug: 'shop', domain: 'play.example.org', services },
    maintenance: { all: null, services: {} },
  }) as unknown as ServicesRecord;

test('a service is at its subdomain and the slug, at the domain itself for @, or where it was wished', () => {
  expect(hostOf(record(), web)).toBe('web-shop.play.example.org');
  expect(hostOf(record(), admin)).toBe('play.example.org');
  expect(hostOf(record({ web: { subdomain: 'store' } }), web)).toBe('store.play.example.org');
  expect(hostOf(record(), db)).toBeNull();
});

test('only exposed services have routes, and internal ones ask for the password', () => {
  const page = statePage('stopped', 'pg-7-shop');
  const routes = routesOf(record(), plan, () => page);
  expect(routes.map(({ host, internal }) => [host, internal])).toEqual([
    ['web-shop.play.example.org', false],
    ['play.example.org', true],
  ]);
});

test('requests go to all containers that can answer', () => {
  const containers = [
    sampleContainer({ addresses: ['10.201.0.9', '10.201.0.40'] }),
    sampleContainer({ addresses: ['10.201.0.2'], health: 'healthy' }),
    sampleContainer({ addresses: ['10.201.0.3'], health: 'unhealthy' }),
    sampleContainer({ addresses: ['10.201.0.4'], service: 'db' }),
  ];
  expect(serviceTarget(web, containers)).toEqual({
    kind: 'upstreams',
    addresses: ['10.201.0.2:3000', '10.201.0.9:3000'],
  });
});

test('a service that cannot answer says why', () => {
  const text = (containers: ContainerState[]) => {
    const target = serviceTarget(web, containers);
    return target.kind === 'page'
      ? `${target.status} ${target.title} ${target.text} ${target.said ?? ''}`
      : target.addresses.join();
  };
  expect(text([sampleContainer({ health: 'unhealthy', healthOutput: 'connection refused' })])).toContain(
    'connection refused',
  );
  expect(text([sampleContainer({ status: 'exited', exitCode: 3 })])).toContain('exit code was 3');
  expect(text([])).toContain('web is starting');
});

test('under maintenance a service says so, whatever state it is in; one may be while others are not', () => {
  const leads = () => ({ kind: 'upstreams', addresses: ['10.201.0.2:80'] }) as const;
  const shown = (maintenance: ServicesRecord['maintenance']) =>
    routesOf({ ...record(), maintenance }, plan, leads).map(({ target }) =>
      target.kind === 'page' ? [target.status, target.title, target.text, target.again] : target.kind,
    );
  const title = 'pg-7-shop is under maintenance';
  expect(shown({ all: null, services: {} })).toEqual(['upstreams', 'upstreams']);
  expect(shown({ all: null, services: { admin: 'Back at two' } })).toEqual([
    'upstreams',
    [503, title, 'Back at two', 60],
  ]);
  const usual = [503, title, expect.stringContaining('back soon') as string, 60];
  expect(shown({ all: '', services: {} })).toEqual([usual, usual]);
});
