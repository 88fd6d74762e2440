// Whose addresses are, and what is told of those that cannot be.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ann: Call;
beforeEach(async () => {
  server = await startTestServer();
  await server.connectEngine();
  ann = (await server.as('ann')).call;
});
afterEach(() => server.close());

/** A start of a playspec in which `db` has no address, with a subdomain that was wished. */
async function wish(service: string, subdomain: string) {
  const manifest =
    'services: { web: { image: nginx, labels: { playgrounds.port: 80 } }, db: { image: postgres } }\n';
  await ann('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  return await ann('playground.start', {
    body: { playspec: 'shop', services: { [service]: { subdomain } } },
  });
}

test('a host is one user’s, whatever the paths: of two rules of a host one would get what is meant for the other', async () => {
  const at = (rule: string) =>
    `services: { web: { image: nginx, labels: { playgrounds.port: 80, playgrounds.path_rule: ${rule} } } }\n`;
  const bob = (await server.as('bob')).call;
  const own = [ann, bob].map((call, index) => async (rule: string, subdomain = 'shop') => {
    const name = `at${index}${rule.replaceAll('/', '-')}${subdomain.replaceAll(/\W/g, 'apex')}`;
    await call('playspec.create', { body: { name, manifestFile: 'x.yaml', manifest: at(rule) } });
    return await call('playground.start', { body: { playspec: name, services: { web: { subdomain } } } });
  });
  const [anns, bobs] = own as [(typeof own)[0], (typeof own)[0]];
  const first = await anns('/');
  expect(first.status).toBe(202);
  expect((await anns('/api')).status).toBe(202);
  const { error } = await bobs('/login');
  expect(error?.code).toBe('host-name-taken');
  expect(error?.message).not.toContain(first.playground?.name ?? '');
  expect((await anns('/', '@')).status).toBe(202);
  expect((await bobs('/x', '@')).error?.code).toBe('host-name-taken');
  expect((await bobs('/', 'shop-2')).status).toBe(202);
});

test('names that come out alike, and two services that are wished to the same place, are told', async () => {
  const text = (service: string) =>
    `services: { ${service}: { image: nginx, labels: { playgrounds.port: 80 } }, other: { image: nginx, labels: { playgrounds.port: 80 } } }\n`;
  const begin = async (service: string, title: string, services = {}) => {
    await ann('playspec.create', {
      body: { name: `s-${service}`, manifestFile: 'x.yaml', manifest: text(service) },
    });
    return await ann('playground.start', { body: { playspec: `s-${service}`, title, services } });
  };
  expect((await begin('a-b', 'c')).status).toBe(202);
  expect((await begin('a', 'b-c')).error?.message).toContain('a-b-c.localhost');
  const both = { d: { subdomain: 'same' }, other: { subdomain: 'same' } };
  expect((await begin('d', 'e', both)).error).toMatchObject({ code: 'host-name-taken' });
});

test.each(['Shop', 'bücher', 'a.b', 'a_b', '-a', '', 'x'.repeat(64), '*', 'a/b'])(
  'the subdomain %j is refused before anything is made, and not made into another one',
  async (subdomain) => {
    expect((await wish('web', subdomain)).error?.code).toBe('subdomain-unfit');
    expect((await ann('playground.list')).playgrounds).toEqual([]);
  },
);

test('a subdomain for a service without an address is told', async () => {
  const { error } = await wish('db', 'db');
  expect([error?.code, error?.message]).toEqual([
    'subdomain-unfit',
    expect.stringContaining('playgrounds.port'),
  ]);
});
