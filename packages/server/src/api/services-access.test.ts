import type { Answer, Question } from '@playhouse/contract/link/question';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ann: Call;
let parameters: { playground: string };
const asked: Question[] = [];

function answer(question: Question): Answer | null {
  asked.push(question);
  const { kind } = question;
  if (kind === 'services.password')
    return { kind, user: 'playground', password: `renewed ${question.renew}` };
  if (kind === 'services.bypass')
    return { kind, header: 'x-playhouse-bypass', token: `renewed ${question.renew}` };
  if (kind === 'services.maintenance') return { kind, services: [{ name: 'web', text: 'Soon' }] };
  return null;
}

beforeEach(async () => {
  server = await startTestServer();
  asked.length = 0;
  (await server.connectEngine()).answers = answer;
  ann = (await server.as('ann')).call;
  const manifest = 'services: { web: { image: nginx, labels: { playgrounds.port: 80 } } }\n';
  await ann('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  const { playground } = await ann('playground.start', { body: { playspec: 'shop' } });
  parameters = { playground: playground?.id ?? '' };
});
afterEach(() => server.close());

test('password and bypass token are shown, and renewed when that is asked for', async () => {
  expect(await ann('playground.password', { parameters })).toMatchObject({ password: 'renewed false' });
  expect(await ann('playground.password-renew', { parameters })).toMatchObject({ password: 'renewed true' });
  expect(await ann('playground.bypass', { parameters })).toMatchObject({ token: 'renewed false' });
  expect(await ann('playground.bypass-renew', { parameters })).toMatchObject({ token: 'renewed true' });
});

test('maintenance is switched on with or without words, of all services or one, and off', async () => {
  const set = async (body: { enabled: boolean; service?: string; message?: string }) =>
    await ann('playground.maintenance', { parameters, body });
  expect(await set({ enabled: true })).toMatchObject({
    status: 200,
    services: [{ name: 'web', text: 'Soon' }],
  });
  await set({ enabled: true, service: 'web', message: 'Soon' });
  await set({ enabled: false, message: 'ignored' });
  const playgroundId = parameters.playground;
  const kind = 'services.maintenance';
  expect(asked).toEqual([
    { kind, playgroundId, service: null, message: '' },
    { kind, playgroundId, service: 'web', message: 'Soon' },
    { kind, playgroundId, service: null, message: null },
  ]);
});

test('none of it is anybody else’s', async () => {
  const bob = (await server.as('bob')).call;
  for (const route of [
    'playground.password',
    'playground.password-renew',
    'playground.bypass-renew',
  ] as const)
    expect((await bob(route, { parameters })).error?.code).toBe('playground-unknown');
  const body = { enabled: true };
  expect((await bob('playground.maintenance', { parameters, body })).error?.code).toBe('playground-unknown');
  expect(asked).toEqual([]);
});

test('machines have none of it', async () => {
  const { playground } = await ann('playground.start', { body: { playspec: 'debian' } });
  const machines = { parameters: { playground: playground?.id ?? '' } };
  expect((await ann('playground.bypass', machines)).error?.code).toBe('not-of-machines');
  const off = { ...machines, body: { enabled: false } };
  expect((await ann('playground.maintenance', off)).error?.code).toBe('not-of-machines');
});
