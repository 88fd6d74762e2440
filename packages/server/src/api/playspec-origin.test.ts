// Compose playspecs that are taken from a repository; the engine is one that says what it was asked.
import type { Question } from '@playhouse/contract/link/question';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
let ann: Call;
let asked: Question[];
/** What the repository has. */
let text: string;
let commit: string;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
  ann = (await server.as('ann')).call;
  [asked, commit] = [[], 'c'.repeat(40)];
  text = 'services:\n  web: { build: ., volumes: [../x.conf:/x] }\n  db: { image: x }\n';
  engine.answers = (question) => {
    asked.push(question);
    if (question.kind !== 'compose.read') return null;
    const { repository, branch = null, path = 'compose.yaml' } = question.place;
    return { kind: question.kind, text, origin: { repository, branch, commit, path } };
  };
});
afterEach(() => server.close());

const repository = 'https://git.example.org/ann/shop.git';
const place = { repository, branch: 'dev', path: 'deploy/compose.yaml' };
const parameters = { name: 'shop' };
const create = async (more: object = {}) =>
  await ann('playspec.create', { body: { name: 'shop', repository: place, ...more } });
const update = async (body: object) => await ann('playspec.update', { parameters, body });

test('a playspec of a repository remembers where it is from, and its playgrounds are made from there', async () => {
  const { status, playspec, notes } = await create();
  expect([status, notes]).toEqual([201, []]);
  const origin = { repository, branch: 'dev', commit, path: 'deploy/compose.yaml' };
  expect(playspec).toMatchObject({ kind: 'compose', owner: 'ann', origin });
  expect((await ann('playspec.get', { parameters })).playspec?.origin).toEqual(origin);
  expect(asked).toEqual([{ kind: 'compose.read', owner: expect.stringMatching(/^[0-9a-f]{24}$/), place }]);
  const { playground } = await ann('playground.start', { body: { playspec: 'shop' } });
  expect(playground?.services.map(({ kind }) => kind)).toEqual(['dynamic', 'static']);
  expect((await engine.next('command')).command).toMatchObject({
    playground: { compose: { text, file: 'deploy/compose.yaml', origin } },
  });
});

test('faults are told at their places in the file of the repository, and nothing is kept', async () => {
  text = 'services:\n  web:\n    image: x\n    volumes: [../../etc:/x]\n';
  const { status, error } = await create();
  expect([status, error?.code]).toEqual([422, 'manifest-invalid']);
  expect(error?.message).toContain('deploy/compose.yaml');
  expect(error?.problems?.map(({ code, file, line, column }) => [code, file, line, column])).toEqual([
    ['compose-denied', 'deploy/compose.yaml', 4, 15],
  ]);
  expect((await ann('playspec.list', { query: { mine: 'true' } })).playspecs).toEqual([]);
});

test('it is taken again from the same place: the same commit is no change', async () => {
  await create();
  expect((await update({ fromRepository: true })).playspec?.version).toBe(1);
  expect((await update({ repository: place })).playspec?.version).toBe(1);
  expect(asked.at(-1)).toMatchObject({ place });
  commit = 'd'.repeat(40);
  const newer = await update({ fromRepository: true });
  expect(newer.playspec).toMatchObject({ version: 2, origin: { commit, branch: 'dev' } });
  const other = { repository, path: 'compose.yaml' };
  text = text.replace('../x', './x');
  expect((await update({ repository: other })).playspec).toMatchObject({
    version: 3,
    origin: { ...other, branch: null },
  });
  expect((await update({ fromRepository: true })).playspec?.version).toBe(3);
  expect(asked.at(-1)).toMatchObject({ place: other });
  expect(asked.at(-1)).not.toHaveProperty('place.branch');
});

test('a text that follows is from nowhere', async () => {
  await create();
  const refused = await update({ manifest: text });
  // What it builds has no repository any more.
  expect(refused.error?.problems?.map(({ code }) => code)).toContain('compose-repository-missing');
  const { playspec } = await update({ manifest: 'services: { web: { image: x } }\n' });
  expect(playspec).toMatchObject({ version: 2, origin: null });
  expect((await update({ fromRepository: true })).error).toMatchObject({ code: 'playspec-no-origin' });
});

test('a copy, and what is saved of a playground, are from the same place', async () => {
  await create();
  const copy = await ann('playspec.create', { body: { name: 'copy', base: 'shop' } });
  expect(copy.playspec?.origin).toMatchObject({ repository, commit });
  const { playground } = await ann('playground.start', { body: { playspec: 'copy' } });
  const id = playground?.id ?? '';
  const { command, sequence } = await engine.next('command');
  engine.send({ type: 'accepted', sequence });
  const operationId = 'operationId' in command ? command.operationId : '';
  await engine.report({ operationId, revision: 1, status: 'succeeded' });
  await engine.reportPlayground({ playgroundId: id, revision: 2, state: 'running', services: [] });
  const saved = await ann('playspec.save', { parameters: { playground: id }, body: { name: 'saved' } });
  expect(saved.playspec?.origin).toMatchObject({ repository, commit });
});

test('what the repository says is told, and what is no Compose file is refused', async () => {
  text = 'kind: playground\n';
  expect((await create()).error).toMatchObject({
    code: 'compose-file-absent',
    message: expect.stringContaining('`deploy/compose.yaml` has no `services`'),
  });
  engine.answers = null;
  const begun = create();
  const { id } = await engine.next('question');
  const error = { code: 'branch-unknown', message: 'It has no such branch.', hint: 'Choose another.' };
  engine.send({ type: 'refusal', id, error });
  expect((await begun).error).toMatchObject({ code: 'branch-unknown' });
});

test('what a playspec is made of is said in one way', async () => {
  expect((await create({ manifest: text })).error?.code).toBe('playspec-sources');
  await create();
  expect((await update({})).error?.code).toBe('playspec-sources');
  expect((await update({ manifest: text, fromRepository: true })).error?.code).toBe('playspec-sources');
  for (const wrong of [
    { repository: 'https://ann:hush@git.example.org/a' },
    { repository: 'ext::sh -c id' },
    { repository, path: '../compose.yaml' },
    { repository, branch: '--upload-pack=x' },
  ])
    expect((await update({ repository: wrong })).status).toBe(400);
});

test('without an engine there is nobody who could read it', async () => {
  await server.close();
  server = await startTestServer();
  ann = (await server.as('ann')).call;
  expect((await create()).error?.code).toBe('engine-down');
});
