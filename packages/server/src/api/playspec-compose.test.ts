import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestPlayroom } from '../testing/playroom.ts';
import { access, create, lab } from '../testing/playspec-samples.ts';
import { startWithPeople } from '../testing/start-with-people.ts';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let room: TestPlayroom;
let ann: Call;
let bob: Call;
beforeEach(async () => {
  const people = await startWithPeople();
  ({ server, ann, bob } = people);
  room = new TestPlayroom(people.engine);
});
afterEach(() => server.close());

/** A Compose file with further lines of its metadata. */
const file = (metadata = '') => `# My shop
x-playgrounds:
  metadata:
    title: My shop
    category: Web
    categories: [shops]
    markdown: "# Buy"
${metadata}services:
  web:
    image: nginx:1.27 # as in production
    labels: { playgrounds.port: 80 }
`;

const publish = async (call: Call, name: string, manifest?: string, base?: string) =>
  call('playspec.create', {
    body: {
      name,
      manifestFile: 'compose.yaml',
      ...(manifest === undefined ? {} : { manifest }),
      ...(base === undefined ? {} : { base }),
    },
  });

test('a Compose file becomes a playspec without a base, and is kept word for word', async () => {
  const { status, playspec, notes } = await publish(ann, 'shop', file());
  expect([status, notes]).toEqual([201, []]);
  expect(playspec).toMatchObject({
    name: 'shop',
    version: 1,
    kind: 'compose',
    title: 'My shop',
    categories: ['web', 'shops'],
    markdown: '# Buy',
    base: null,
    flexible: false,
    owner: 'ann',
    accessControl: { canList: ['owner'], canRead: ['owner'], canStart: ['owner'] },
  });
  const { manifest } = await ann('playspec.manifest', { parameters: { name: 'shop' } });
  expect(manifest).toBe(file());
  const { playspecs } = await ann('playspec.list', { query: { mine: 'true' } });
  expect(playspecs?.map(({ name, kind }) => [name, kind])).toEqual([['shop', 'compose']]);
});

test('who may use it is what the file says', async () => {
  const everybody = access('anyone').replace('  accessControl', '    accessControl');
  await publish(ann, 'shop', file(everybody));
  expect((await bob('playspec.manifest', { parameters: { name: 'shop' } })).status).toBe(200);
  await publish(ann, 'mine', file());
  expect((await bob('playspec.manifest', { parameters: { name: 'mine' } })).error?.code).toBe(
    'playspec-unknown',
  );
});

test('faults of all layers come at once, and nothing is kept', async () => {
  const wrong = file()
    .replace('playgrounds.port: 80', 'playgrounds.prot: 80')
    .replace('# as', '\n    privileged: true #');
  const { status, error } = await publish(ann, 'shop', wrong);
  expect([status, error?.code]).toEqual([422, 'manifest-invalid']);
  expect(error?.problems?.map(({ code, file: name, line }) => [code, name, line])).toEqual([
    ['compose-denied', 'compose.yaml', 11],
    ['compose-unknown-label', 'compose.yaml', 12],
  ]);
  expect((await ann('playspec.list', { query: { mine: 'true' } })).playspecs).toEqual([]);
});

test('what is let through with a warning is told', async () => {
  const { status, notes } = await publish(
    ann,
    'shop',
    file().replace('# as', '\n    container_name: shop #'),
  );
  expect(status).toBe(201);
  expect(notes?.map(({ code }) => code)).toEqual(['compose-warned']);
});

test('the host policy of the configuration decides', async () => {
  const privileged = file().replace('# as', '\n    privileged: true #');
  await server.close();
  server = await startTestServer({ hostPolicy: { privileged: 'warn' } });
  const carol = (await server.as('carol')).call;
  const { status, notes } = await publish(carol, 'shop', privileged);
  expect([status, notes?.map(({ code }) => code)]).toEqual([201, ['compose-warned']]);
});

test('an update makes the next version, keeps who may use it, and stays a Compose file', async () => {
  const everybody = access('anyone').replace('  accessControl', '    accessControl');
  await publish(ann, 'shop', file(everybody));
  const parameters = { name: 'shop' };
  const next = file().replace('1.27', '1.28');
  const updated = await ann('playspec.update', { parameters, body: { manifest: next } });
  expect(updated).toMatchObject({
    status: 200,
    playspec: { version: 2, accessControl: { canRead: ['anyone'] } },
  });
  expect((await ann('playspec.manifest', { parameters, query: { version: 1 } })).manifest).toContain('1.27');
  const again = await ann('playspec.update', { parameters, body: { manifest: next } });
  expect(again.playspec?.version).toBe(2);
  const other = await ann('playspec.update', { parameters, body: { manifest: lab() } });
  expect(other).toMatchObject({ status: 422, error: { code: 'playspec-other-kind' } });
  await create(ann, 'my-lab', lab());
  const reverse = await ann('playspec.update', {
    parameters: { name: 'my-lab' },
    body: { manifest: file() },
  });
  expect(reverse.error?.code).toBe('playspec-other-kind');
});

test('a copy of one is its owner’s alone; nothing is laid over another kind', async () => {
  await publish(ann, 'shop', file(access('anyone').replace('  accessControl', '    accessControl')));
  expect(await publish(bob, 'copy', undefined, 'shop')).toMatchObject({
    status: 201,
    playspec: { kind: 'compose', base: 'shop', owner: 'bob', accessControl: { canRead: ['owner'] } },
  });
  expect(await publish(bob, 'second', file(), 'shop')).toMatchObject({
    status: 201,
    playspec: { base: 'shop' },
  });
  expect((await publish(ann, 'x', file(), 'flexbox')).error?.code).toBe('playspec-other-kind');
  expect((await publish(ann, 'x', lab(), 'shop')).error?.code).toBe('playspec-other-kind');
  expect((await publish(ann, 'x', lab())).error?.code).toBe('playspec-base-missing');
  expect((await publish(ann, 'x')).error?.code).toBe('playspec-base-missing');
  expect((await publish(bob, 'x', file(), 'nope')).error?.code).toBe('playspec-unknown');
});

test('one has no conditions to choose, and cannot be prewarmed', async () => {
  await publish(ann, 'shop', file());
  const { conditions } = await ann('playground.conditions', { body: { playspec: 'shop' } });
  expect(conditions).toEqual([]);
  const prewarm = await ann('playspec.prewarm', { parameters: { name: 'shop' } });
  expect(prewarm.error?.code).toBe('playspec-of-services');
  expect((await ann('playground.list')).playgrounds).toEqual([]);
  const over = await ann('playground.start', { body: { playspec: 'flexbox', manifest: file() } });
  expect(over).toMatchObject({ status: 422, error: { code: 'playspec-other-kind' } });
});

test('a playground of machines is not saved over one', async () => {
  await publish(ann, 'shop', file());
  await create(ann, 'my-lab', lab());
  await ann('playground.start', { body: { playspec: 'my-lab' } });
  await room.start();
  const saved = await ann('playspec.save', {
    parameters: { playground: '1' },
    body: { name: 'shop', update: true },
  });
  expect(saved.error?.code).toBe('playspec-other-kind');
  expect((await ann('playspec.get', { parameters: { name: 'shop' } })).playspec?.version).toBe(1);
});

test('without a token nothing is created', async () => {
  const body = { name: 'shop', manifest: file() };
  expect((await server.visitor('playspec.create', { body })).status).toBe(401);
});

test('a new version says what would be left and what would begin empty, at its place in the file', async () => {
  const stateful = (volume: string, more = '') => `${more}services:
  db: { image: x, volumes: ['${volume}:/data'] }
volumes: { ${volume}: {} }
`;
  const lasting = 'x-playgrounds: { metadata: { persist_volumes: true } }\n';
  expect(await publish(ann, 'ledger', stateful('data', lasting))).toMatchObject({ status: 201 });
  const update = async (manifest: string) => {
    const body = { manifest, manifestFile: 'ledger.yaml' };
    const { status, playspec, notes } = await ann('playspec.update', {
      parameters: { name: 'ledger' },
      body,
    });
    return [status, playspec?.version, notes?.map(({ code, line }) => [code, line])];
  };
  expect(await update(stateful('rows', lasting))).toEqual([200, 2, [['compose-volume-renamed', 4]]]);
  expect(await update(stateful('rows'))).toEqual([200, 3, [['compose-volumes-end', 1]]]);
  expect(await update(stateful('rows'))).toEqual([200, 3, []]);
});
