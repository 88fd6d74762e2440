// How many Compose playgrounds there may be, which is told before anything is made.
import { afterEach, expect, test } from 'vitest';
import { type ServerWithShop, startWithShop } from '../testing/start-with-shop.ts';
import { usualServicesLimits } from '../placement/check-services-room.ts';

let room: ServerWithShop | undefined;
afterEach(async () => {
  await room?.server.close();
  room = undefined;
});

const limited = async (limits: Parameters<typeof startWithShop>[1]) => {
  room = await startWithShop(undefined, limits);
  return room;
};
const everything = async ({ server, engine }: ServerWithShop) => ({
  playgrounds: (await server.call('playground.list', { query: { all: 'true' } })).playgrounds,
  operations: (await server.call('operation.list')).operations,
  commands: engine.rest,
});

test('an account may have a thousand, a playroom a hundred', () => {
  expect(usualServicesLimits).toEqual({ perAccount: 1000, perPlayroom: 100 });
});

test.each([
  ['an account', { perAccount: 1 }, 'An account'],
  ['a playroom', { perPlayroom: 1 }, 'A playroom'],
])(
  'one more than %s may have is refused before anything is made, be it started or forked',
  async (_, limits, whose) => {
    const made = await limited({ servicesLimits: limits });
    const { start, stopped, ann } = made;
    const parameters = await stopped();
    const before = await everything(made);
    const refused = {
      status: 409,
      error: {
        code: 'services-limit',
        message: `${whose} may have 1 Compose playgrounds, and 1 are there already.`,
      },
    };
    expect(await start({ title: 'Other' })).toMatchObject(refused);
    expect(await ann('playground.fork', { parameters, body: {} })).toMatchObject(refused);
    expect(await everything(made)).toEqual(before);
  },
);

test('what others have counts for the playroom and not for the account', async () => {
  const { start, server } = await limited({ servicesLimits: { perAccount: 1, perPlayroom: 2 } });
  const startOf = async (user: string) => {
    const { call } = await server.as(user);
    const manifest = 'services: { web: { image: nginx } }\n';
    await call('playspec.create', { body: { name: user, manifestFile: 'x.yaml', manifest } });
    return await call('playground.start', { body: { playspec: user } });
  };
  expect((await start()).status).toBe(202);
  expect((await startOf('bob')).status).toBe(202);
  expect((await startOf('carl')).error?.message).toContain('A playroom may have 2');
});

test('forks ask for room all together, and none is made when there is not enough for all', async () => {
  const made = await limited({ servicesLimits: { perPlayroom: 3 } });
  const { stopped, ann } = made;
  const parameters = await stopped();
  const before = await everything(made);
  const { error } = await ann('playground.fork', { parameters, body: { count: 3 } });
  expect(error?.message).toBe('A playroom may have 3 Compose playgrounds, and 1 are there already.');
  expect(await everything(made)).toEqual(before);
  expect((await ann('playground.fork', { parameters, body: { count: 2 } })).status).toBe(202);
});

test('the limit of Compose playgrounds is told before that of all, by forks as by starts', async () => {
  const { start, stopped, ann } = await limited({ playgroundLimit: 1, servicesLimits: { perPlayroom: 2 } });
  const parameters = await stopped();
  expect((await start({ title: 'Second' })).status).toBe(202);
  expect((await start({ title: 'Other' })).error?.code).toBe('services-limit');
  expect((await ann('playground.fork', { parameters, body: {} })).error?.code).toBe('services-limit');
});

test('what is destroyed makes room', async () => {
  const { start, running, ann, engine } = await limited({ servicesLimits: { perAccount: 1 } });
  const parameters = await running();
  const { operation } = await ann('playground.destroy', { parameters });
  expect((await start({ title: 'Other' })).error?.code).toBe('services-limit');
  await engine.report({ operationId: operation?.id ?? '', revision: 9, status: 'succeeded' });
  expect((await start({ title: 'Other' })).status).toBe(202);
});
