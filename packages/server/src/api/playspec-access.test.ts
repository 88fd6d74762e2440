import { afterEach, beforeEach, expect, test } from 'vitest';
import { access, create, lab } from '../testing/playspec-samples.ts';
import { startWithPeople } from '../testing/start-with-people.ts';
import type { Call, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ann: Call;
let bob: Call;
beforeEach(async () => {
  ({ server, ann, bob } = await startWithPeople());
});
afterEach(() => server.close());

test('who may list, read and start is what the playspec says; what one may not list is not there', async () => {
  const rules = {
    private: 'owner',
    hers: 'user:bob, owner',
    members: 'authenticated',
    open: 'anyone',
    frozen: 'nobody',
    elsewhere: '"github:bob"',
  };
  for (const [name, who] of Object.entries(rules)) await create(ann, name, lab(access(who)));
  const names = async (call: Call) =>
    (await call('playspec.list')).playspecs?.map(({ name }) => name).filter((name) => name in rules);
  expect(await names(server.visitor)).toEqual(['open']);
  expect(await names(bob)).toEqual(['hers', 'members', 'open']);
  expect(await names(ann)).toEqual(Object.keys(rules).toSorted());
  expect(await names(server.call)).toEqual(Object.keys(rules).toSorted());

  const start = async (call: Call, playspec: string) => {
    const { status, error } = await call('playground.start', { body: { playspec } });
    return error?.code ?? status;
  };
  const read = async (call: Call, name: string) => {
    const { status, error } = await call('playspec.manifest', { parameters: { name } });
    return error?.code ?? status;
  };
  for (const name of ['private', 'frozen', 'elsewhere'])
    expect([await read(bob, name), await start(bob, name)]).toEqual(['playspec-unknown', 'playspec-unknown']);
  for (const name of ['hers', 'members', 'open'])
    expect([await read(bob, name), await start(bob, name)]).toEqual([200, 202]);
  expect([await start(ann, 'private'), await start(ann, 'frozen')]).toEqual([202, 'forbidden']);
  expect([await start(server.call, 'private'), await start(server.call, 'frozen')]).toEqual([
    202,
    'forbidden',
  ]);
  expect([await read(server.visitor, 'open'), await read(server.visitor, 'members')]).toEqual([
    200,
    'playspec-unknown',
  ]);
  expect(await start(server.visitor, 'open')).toBe('token-missing');
  const wrong = await bob('playspec.get', { parameters: { name: 'privat' } });
  expect(wrong.error?.hint).not.toContain('private');
});

test('who may see a playspec and not change it is told so; a base must be readable', async () => {
  await create(
    ann,
    'shown',
    lab('  accessControl: { canList: [anyone], canRead: [owner], canStart: [owner] }\n'),
  );
  const parameters = { name: 'shown' };
  const refusals = [
    await bob('playspec.get', { parameters }),
    await bob('playground.start', { body: { playspec: 'shown' } }),
    await bob('playspec.update', { parameters, body: { manifest: lab() } }),
    await bob('playspec.remove', { parameters }),
    await create(bob, 'his', lab(), 'shown'),
  ];
  for (const { status, error } of refusals) expect([status, error?.code]).toEqual([403, 'forbidden']);
  expect(await server.visitor('playspec.get', { parameters })).toMatchObject({
    status: 401,
    error: { code: 'token-missing' },
  });
  await create(ann, 'private', lab());
  expect(await create(bob, 'his', lab(), 'private')).toMatchObject({ error: { code: 'playspec-unknown' } });
});

test('identities of other platforms are kept, with a note that they match nobody here', async () => {
  const { status, notes, playspec } = await create(ann, 'my-lab', lab(access('owner, "github:ann"')));
  expect([status, playspec?.accessControl.canList]).toEqual([201, ['owner', 'github:ann']]);
  expect(notes?.map(({ code, path }) => [code, path])).toEqual(
    ['canList', 'canRead', 'canStart'].map((right) => [
      'manifest-ignored',
      `playground.accessControl.${right}[1]`,
    ]),
  );
});

test('the playgrounds of a playspec carry no access rule of it', async () => {
  await create(ann, 'my-lab', lab(access('anyone')));
  const { notes } = await bob('playground.start', { body: { playspec: 'my-lab' } });
  expect(notes).toEqual([]);
  const { manifest } = await bob('playground.manifest', { parameters: { playground: '1' } });
  expect(manifest).not.toContain('accessControl');
  expect(await ann('playground.get', { parameters: { playground: '1' } })).toMatchObject({ status: 404 });
});
