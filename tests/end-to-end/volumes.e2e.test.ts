// Volumes of Compose playgrounds, with a real Docker Engine: what containers wrote is kept by a stop, comes back from the vault, and
// is what forks, saved playspecs and later playgrounds begin with.
import { expect, test } from 'vitest';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import type { Snapshot } from '@playhouse/contract/snapshot';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround(async (prepared) => {
  ({ ground, client } = prepared);
  await ground.define('notes', notes);
});

const notes = `
services:
  db:
    image: box:1
    command: sh -c 'echo "$$WORD" >> /data/starts; exec sleep 100000'
    environment: { WORD: $$var__WORD }
    stop_grace_period: 0s
    volumes: [data:/data, spare:/spare, /unnamed]
x-playgrounds: { variables: { WORD: { random: true, secret: true } } }
volumes: { data: {}, spare: {} }
`;

const parametersOf = ({ id }: Pick<Playground, 'id'>) => ({ playground: id });
const inside = async ({ name }: Playground, command: string, service = 'db') =>
  (await ground.docker('exec', `${name}-${service}-1`, 'sh', '-c', command)).trim();
const stop = async (playground: Playground) =>
  await ended((await client('playground.stop', { parameters: parametersOf(playground) })).operation);
const restart = async (playground: Playground) =>
  await ended((await client('playground.restart', { parameters: parametersOf(playground) })).operation);
const snapshots = async (playground?: Playground): Promise<Snapshot[]> =>
  (await client('snapshot.list', { query: playground === undefined ? {} : { playground: playground.id } }))
    .snapshots;

/** Waits for an operation that has to succeed. */
async function ended({ id }: Pick<Operation, 'id'>): Promise<Operation> {
  const operation = await ground.installation.ended(id);
  expect(operation).toMatchObject({ status: 'succeeded', error: null });
  return operation;
}

/** Dies in the middle of an operation, which the next engine brings to its end. */
async function dyingAt(
  point: string,
  begin: () => Promise<{ readonly operation: Operation }>,
): Promise<void> {
  await ended(await ground.dyingAt(point, async () => (await begin()).operation));
}

const write = `echo one > /data/file; echo two > /spare/file; touch /data/kept; mkdir /data/folder; chmod 700 /data`;
/** What a file system can have: a link out, a device, another owner, a program with its owner’s rights, a hole, two names of one file. */
const strange = `cd /data; busybox ln -s /etc/passwd link; busybox mknod device c 1 3; busybox chown 70:70 file
  busybox cp /bin/busybox program; chmod 4755 program; busybox truncate -s 64M hole; busybox ln kept twin; busybox mkfifo fifo`;
const list =
  'cd /data; busybox stat -c "%n %a %u %g %h %s %t %Y" file link device program hole kept twin fifo folder';

test('a stop keeps volumes in the vault; they come back when they are gone, and are left alone when they are there', async () => {
  const playground = await ground.start('notes');
  const { id } = playground;
  await inside(playground, write);
  await inside(playground, strange);
  const listing = await inside(playground, list);
  const word = await inside(playground, 'cat /data/starts');
  expect(word).toMatch(/^[0-9a-f]{32}$/);
  await stop(playground);
  const [first] = await snapshots(playground);
  expect(first).toMatchObject({ origin: 'stop', machines: [], checkouts: [], playgroundId: id });
  expect(first?.volumes.map(({ name }) => name)).toEqual(['data', 'spare']);
  expect((await ground.installation.playground(id)).snapshotId).toBe(first?.id);

  // What did not change is not kept twice.
  await restart(playground);
  expect(await inside(playground, 'cat /data/starts')).toBe(`${word}\n${word}`);
  await stop(playground);
  const [second] = await snapshots(playground);
  expect(second).toMatchObject({ parentId: first?.id });
  expect(second?.volumes[1]).toEqual(first?.volumes[1]);
  expect(second?.volumes[0]).not.toEqual(first?.volumes[0]);

  // Nothing of it is left in Docker, nor on the disk: the vault has it.
  await until('the vault', async () => (await snapshots(playground)).every(({ offloadedAt }) => offloadedAt));
  await ground.wipe(playground);
  await ground.removeLayers();
  await restart(playground);
  expect(await inside(playground, 'cat /data/starts /data/file; ls -ld /data')).toMatch(
    new RegExp(`^(?:${word}\\n){3}one\\ndrwx------`),
  );
  expect(await inside(playground, list)).toBe(listing);
  await stop(playground);
  const verified = await ground.installation.cli('vault', 'verify');
  expect([verified.code, verified.stderr]).toEqual([0, expect.any(String)]);
  const drill = await ground.installation.cli('vault', 'drill', second?.id ?? '');
  expect([drill.code, drill.stderr]).toEqual([0, expect.any(String)]);
  const shown = await ground.installation.cli('snapshot', 'show', second?.id ?? '');
  expect(shown.stdout).toContain('volume');
  expect((await ground.installation.destroy(id)).status).toBe('succeeded');
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
  expect(await snapshots()).toEqual([]);
}, 120_000);

test('an engine that dies while volumes are kept or filled loses nothing', async () => {
  const playground = await ground.start('notes');
  const parameters = parametersOf(playground);
  await inside(playground, write);
  await dyingAt('volumes/copied', async () => await client('playground.stop', { parameters }));
  await ground.wipe(playground);
  // The first of two has its data by then, the other is not there.
  await dyingAt('volumes/filled', async () => await client('playground.restart', { parameters }));
  expect(await inside(playground, 'cat /data/file; ls /data')).toBe('one\nfile\nfolder\nkept\nstarts');
  expect(await inside(playground, 'cat /spare/file')).toBe('two');
  await ground.installation.destroy(playground.id);
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
}, 240_000);

const site = (repository: string) => `
services:
  web:
    image: box:1
    command: sh -c 'echo "$$TOKEN" > /data/token; exec httpd -f -p 80 -h /src'
    stop_grace_period: 0s
    volumes: [data:/data]
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.source_mount: /src
      playgrounds.port: 80
      playgrounds.visibility: external
volumes: { data: {} }
`;

test('forks begin with the volumes, the secrets and the unfinished work of a running playground, and live on their own', async () => {
  const repository = await ground.repository('site', {
    'index.html': 'first\n',
    '.env.example': 'TOKEN=$$secret(16)\n',
  });
  await ground.define('site', site(repository));
  const origin = await ground.start('site');
  await inside(origin, 'echo work > /src/index.html; echo 1 > /data/count', 'web');
  const token = await inside(origin, 'cat /data/token', 'web');
  expect(token).toMatch(/^[0-9a-f]{16}$/);

  const forked = await ground.installation.cli('playground', 'fork', origin.id, '--count', '2', '--quiet');
  expect([forked.code, forked.stderr]).toEqual([0, '']);
  const ids = forked.stdout.trim().split('\n');
  const playgrounds = await Promise.all(ids.map(async (id) => await ground.installation.playground(id)));
  expect(playgrounds.map(({ status, slug }) => [status, slug])).toEqual([
    ['running', 'site-2'],
    ['running', 'site-3'],
  ]);
  for (const fork of playgrounds) {
    expect(await inside(fork, 'cat /data/count /data/token', 'web')).toBe(`1\n${token}`);
    expect(await ground.visit(`https://web-${fork.slug}.localhost/`)).toEqual({
      status: 200,
      body: 'work\n',
    });
    await inside(fork, `echo ${fork.number} > /data/count; echo other > /src/index.html`, 'web');
  }
  expect(await inside(origin, 'cat /data/count', 'web')).toBe('1');
  expect((await ground.visit('https://web-site.localhost/')).body).toBe('work\n');
  const passwords = await Promise.all(
    [origin, ...playgrounds].map(
      async (playground) =>
        (await client('playground.password', { parameters: parametersOf(playground) })).password,
    ),
  );
  expect(new Set(passwords).size).toBe(3);
  const tree = await ground.installation.cli('playground', 'tree', origin.id);
  for (const { name } of playgrounds) expect(tree.stdout).toContain(name);

  // One that has stopped is forked from what it left; one that dies in the middle of a cut leaves nobody standing still.
  await stop(origin);
  const later = await fork(origin);
  expect(await inside(later, 'cat /data/count', 'web')).toBe('1');
  const [second] = playgrounds;
  if (second === undefined) throw new Error('there is no fork');
  await dyingAt('volumes/paused', async () => {
    return await client('playground.fork', { parameters: parametersOf(second), body: {} });
  });
  const states = await ground.docker('ps', '--format', '{{.State}}');
  expect(new Set(states.trim().split('\n'))).toEqual(new Set(['running']));
  const { playgrounds: all } = await client('playground.list', { query: {} });
  for (const each of all.toSorted((one, other) => one.number - other.number)) {
    await ended({ id: each.operationId });
    await ground.installation.destroy(each.id);
  }
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
}, 120_000);

async function fork(origin: Playground): Promise<Playground> {
  const { operations } = await client('playground.fork', { parameters: parametersOf(origin), body: {} });
  for (const operation of operations) await ended(operation);
  return await ground.installation.playground(operations[0]?.subject.id ?? '');
}

test('volumes of a playspec outlive its playgrounds: one has them at a time, and they go when they are removed', async () => {
  await ground.define(
    'ledger',
    notes.replace('variables:', 'metadata: { persist_volumes: true }, variables:'),
  );
  const first = await ground.start('ledger');
  await inside(first, write);
  const second = client('playground.start', { body: { playspec: 'ledger', authorizedKeys: [] } });
  await expect(second).rejects.toMatchObject({ code: 'playspec-stateful' });
  const body = { upgrade: false, variables: {}, environment: {}, services: {} };
  const parameters = parametersOf(first);
  await ended((await client('playground.hard-restart', { parameters, body })).operation);
  expect(await inside(first, 'cat /data/file')).toBe('one');
  // A fork has volumes of its own, which end with it.
  const copy = await fork(first);
  expect(await inside(copy, 'cat /data/file; echo copy > /data/file')).toBe('one');
  await ground.installation.destroy(copy.id);
  await ended((await client('playground.destroy', { parameters })).operation);
  await until('nothing but volumes to be left', async () => (await ground.leftovers()).length === 0);

  const next = await ground.start('ledger');
  expect(await inside(next, 'cat /data/file')).toBe('one');
  // What is in them was made with the values of the first.
  expect(new Set((await inside(next, 'cat /data/starts')).split('\n')).size).toBe(1);
  // Gone from Docker while it was stopped, they come back from what was kept.
  await stop(next);
  await ground.wipe(next);
  const lasting = (await ground.docker('volume', 'ls', '--quiet', '--filter', 'label=playhouse.playspec'))
    .trim()
    .split('\n');
  expect(lasting.map((name) => name.replace(/^pv-[0-9a-f]{12}-[0-9a-f]{4}_/, ''))).toEqual(['data', 'spare']);
  await ground.docker('volume', 'rm', ...lasting);
  await restart(next);
  expect(await inside(next, 'cat /data/file')).toBe('one');

  const listed = await ground.installation.cli('playspec', 'volumes', 'ledger');
  expect(listed.stdout).toContain(next.name);
  const refused = await ground.installation.cli('playspec', 'volumes', 'ledger', '--remove', '--force');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('uses the volumes')]);
  await ground.installation.destroy(next.id);
  await client('playspec.remove', { parameters: { name: 'ledger' } });
  await until(
    'no volume to be left',
    async () => (await ground.docker('volume', 'ls', '--quiet')).trim() === '',
  );
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

test('a playspec that was saved has starts begin with those volumes, as often as one likes', async () => {
  const origin = await ground.start('notes');
  await inside(origin, write);
  const word = await inside(origin, 'cat /data/starts');
  const saved = await ground.installation.cli('playspec', 'save', 'notes-full', '--from', origin.id);
  expect([saved.code, saved.stdout]).toEqual([0, expect.stringContaining('begin with its volumes')]);
  await inside(origin, 'echo later > /data/file');
  await ground.installation.destroy(origin.id);
  const copies = [
    await ground.start('notes-full'),
    await ground.start('notes-full', { title: 'Another one' }),
  ];
  for (const copy of copies)
    expect(await inside(copy, 'cat /data/file /data/starts')).toBe(`one\n${word}\n${word}`);
  const removed = await ground.installation.cli('playspec', 'remove', 'notes-full', '--force');
  expect([removed.code, removed.stderr]).toEqual([0, '']);
  for (const { id } of copies) await ground.installation.destroy(id);
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
}, 120_000);

test('a rewind gives volumes what they had, keeps what they have now, and can be rewound', async () => {
  const playground = await ground.start('notes');
  const parameters = parametersOf(playground);
  const content = async () => await inside(playground, 'cat /data/file');
  const rewind = async (snapshotId: string) =>
    await client('playground.rewind', { parameters, body: { snapshotId, cold: false } });
  await inside(playground, write);
  const { operation: kept } = await client('playground.snapshot', { parameters, body: {} });
  await ended(kept);
  await inside(playground, 'echo later > /data/file; echo new > /data/new');
  let before = '';
  await dyingAt('playground.rewind/Going back/done', async () => {
    const begun = await rewind(kept.id);
    before = begun.operation.id;
    return begun;
  });
  expect(await content()).toBe('one');
  expect(await inside(playground, 'ls /data')).not.toContain('new');
  await ended((await rewind(before)).operation);
  expect(await content()).toBe('later');
  const suspended = client('playground.suspend', { parameters });
  await expect(suspended).rejects.toMatchObject({ code: 'not-of-services' });
  await ground.installation.destroy(playground.id);
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
}, 120_000);
