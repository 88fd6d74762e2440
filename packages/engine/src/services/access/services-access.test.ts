import { setTimeout } from 'node:timers/promises';
import { SecretBox } from '@playhouse/contract/secret-box';
import { beforeEach, expect, test, vi } from 'vitest';
import { Ingress } from '../../ingress/ingress.ts';
import type { Route } from '../../ingress/ingress-driver.ts';
import { recordingDriver } from '../../ingress/testing/recording-driver.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { routesOf, serviceTarget } from '../routes.ts';
import { compiledOf } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';
import { loginOf, newAccess } from './access.ts';
import { answerAccess } from './services-access.ts';

const id = 'f'.repeat(24);
const text = `services:
  web: { image: x, labels: { playgrounds.port: 80 } }
  api: { image: x, labels: { playgrounds.port: 80 } }
  db: { image: x }
`;
let ground: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  ground = await open();
});

async function open() {
  const records = new ServicesRecords(`${await temporaryDirectory()}/services`);
  await records.load();
  const box = new SecretBox(new Uint8Array(32).fill(7));
  const secrets = sampleSecrets(box, id);
  const { order } = sampleRecord();
  const compose = { text, file: 'shop.yaml' };
  await records.save(
    sampleRecord({ order: { ...order, compose }, secrets, ...(await newAccess({ box }, id)) }),
  );
  let routes: readonly Route[] = [];
  const driver = recordingDriver((all) => void (routes = all));
  const find = () => records.find(id) ?? sampleRecord();
  const tools = { records, box, ingress: new Ingress(driver, () => loginOf({ box }, find(), 0)) };
  const told: string[] = [];
  const look = async () => {
    const leads = (service: Parameters<typeof serviceTarget>[0]) =>
      serviceTarget(service, [sampleContainer(), sampleContainer({ service: 'api' })]);
    await tools.ingress.set(id, routesOf(find(), compiledOf(tools, find()).plan, leads));
  };
  await look();
  const answer = async (question: Parameters<typeof answerAccess>[2]) =>
    await answerAccess(tools, { look, report: (each) => told.push(each) }, question);
  const maintain = async (service: string | null, message: string | null) =>
    await answer({ kind: 'services.maintenance', playgroundId: id, service, message });
  const shown = () => routes.map(({ target }) => (target.kind === 'page' ? target.text : target.kind));
  const { ingress } = tools;
  return { answer, maintain, shown, told, ingress, logins: () => routes.map(({ login }) => login) };
}

test('another password holds at once, at every address', async () => {
  const { answer, logins } = ground;
  const kind = 'services.password';
  const before = await answer({ kind, playgroundId: id, renew: false });
  const [old] = logins();
  const after = await answer({ kind, playgroundId: id, renew: true });
  expect(after).not.toEqual(before);
  expect(await answer({ kind, playgroundId: id, renew: false })).toEqual(after);
  for (const login of logins()) expect(login?.passwordHash).not.toBe(old?.passwordHash);
});

test('an engine that has just come back says that another password holds when it does', async () => {
  const { answer, ingress, logins } = ground;
  const [old] = logins();
  ingress.hold();
  const refreshed = vi.spyOn(ingress, 'refresh');
  const answered = answer({ kind: 'services.password', playgroundId: id, renew: true }).then(() => logins());
  await vi.waitFor(() => expect(refreshed).toHaveResolved());
  expect(await Promise.race([answered, setTimeout(50, 'waits')])).toBe('waits');
  await ingress.release();
  for (const login of await answered) expect(login?.passwordHash).not.toBe(old?.passwordHash);
});

test('so does another bypass token', async () => {
  const { answer, logins } = ground;
  const kind = 'services.bypass';
  const { token } = (await answer({ kind, playgroundId: id, renew: true })) as { token: string };
  for (const login of logins()) expect(login?.bypass).toBe(token);
});

test('a password and a token that are renewed at the same moment are both others', async () => {
  const { answer, logins } = ground;
  const [old] = logins();
  await Promise.all([
    answer({ kind: 'services.password', playgroundId: id, renew: true }),
    answer({ kind: 'services.bypass', playgroundId: id, renew: true }),
  ]);
  for (const login of logins()) {
    expect(login?.password).not.toBe(old?.password);
    expect(login?.bypass).not.toBe(old?.bypass);
  }
});

test('maintenance of all, of one, and of all but one', async () => {
  const { maintain, shown, told } = ground;
  expect(await maintain(null, 'Back at two')).toMatchObject({ services: [{ name: 'web' }, { name: 'api' }] });
  expect(shown()).toEqual(['Back at two', 'Back at two']);
  await maintain('api', null);
  expect(shown()).toEqual(['Back at two', 'upstreams']);
  await maintain('api', 'Soon');
  expect(shown()).toEqual(['Back at two', 'Soon']);
  await maintain(null, null);
  expect(shown()).toEqual(['upstreams', 'upstreams']);
  expect(told).toHaveLength(4);
});

test('only what has an address can be under maintenance, and only a playground that is there', async () => {
  const { maintain, answer } = ground;
  await expect(maintain('db', '')).rejects.toMatchObject({ code: 'service-not-exposed' });
  const unknown = answer({ kind: 'services.password', playgroundId: 'e'.repeat(24), renew: true });
  await expect(unknown).rejects.toMatchObject({ code: 'playground-unknown' });
});
