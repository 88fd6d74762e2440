// An engine that dies at every place of what is done with the volumes of Compose playgrounds: the next one brings it to its end, data
// is what it was, nobody is left standing still, and nothing is left over.
import { expect, test } from 'vitest';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import { type GroundClient, prepareGround } from '../end-to-end/support/prepare-ground.ts';
import type { ServicesGround } from '../end-to-end/support/services-ground.ts';
import { until } from '../end-to-end/support/until.ts';

let ground: ServicesGround;
let client: GroundClient;
let playground: Playground;

const notes = `
services:
  db:
    image: box:1
    command: sleep 100000
    stop_grace_period: 0s
    volumes: [data:/data, spare:/spare]
volumes: { data: {}, spare: {} }
`;

prepareGround(async (prepared) => {
  ({ ground, client } = prepared);
  await ground.define('notes', notes);
  playground = await ground.start('notes');
  await inside(playground, 'echo one > /data/file; echo two > /spare/file');
});

const inside = async ({ name }: Playground, command: string) =>
  (await ground.docker('exec', `${name}-db-1`, 'sh', '-c', command)).trim();
const content = async (of: Playground) => await inside(of, 'cat /data/file /spare/file');
const parameters = () => ({ playground: playground.id });
const ended = async ({ operation }: { readonly operation: Pick<Operation, 'id'> }) =>
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
const dyingAt = async (point: string, begin: () => Promise<{ readonly operation: Operation }>) =>
  await ended(await ground.dyingAt(point, begin));
const stop = async () => await client('playground.stop', { parameters: parameters() });
const restart = async () => await client('playground.restart', { parameters: parameters() });
const rewind = async (snapshotId: string) =>
  await client('playground.rewind', { parameters: parameters(), body: { snapshotId, cold: false } });
const pointsOf = (kind: string, ...labels: string[]) =>
  labels.flatMap((label) => [`${kind}/${label}/begin`, `${kind}/${label}/done`]);

test.each([...pointsOf('playground.stop', 'Stopping containers', 'Keeping volumes'), 'volumes/copied'])(
  'a stop: %s',
  async (point) => {
    await dyingAt(point, stop);
    await ended(await restart());
    expect(await content(playground)).toBe('one\ntwo');
  },
  60_000,
);

test.each([
  ...pointsOf('playground.restart', 'Taking up the snapshot', 'Generating Compose', 'Filling volumes'),
  ...['volumes/filling', 'volumes/filled'],
])(
  'a restart of what is gone: %s',
  async (point) => {
    await ended(await stop());
    await ground.wipe(playground);
    await dyingAt(point, restart);
    expect(await content(playground)).toBe('one\ntwo');
  },
  60_000,
);

test.each([...pointsOf('playground.snapshot', 'Cutting volumes'), 'volumes/paused', 'volumes/copied'])(
  'a snapshot of what runs: %s',
  async (point) => {
    const cut = async () => await client('playground.snapshot', { parameters: parameters(), body: {} });
    await dyingAt(point, cut);
    expect((await ground.docker('ps', '--format', '{{.State}}')).trim()).toBe('running');
    expect(await content(playground)).toBe('one\ntwo');
  },
  60_000,
);

test.each(pointsOf('playground.start', 'Taking up the snapshot', 'Filling volumes'))(
  'the start of a fork: %s',
  async (point) => {
    const forked = await ground.dyingAt(point, async () => {
      return await client('playground.fork', { parameters: parameters(), body: {} });
    });
    for (const operation of forked.operations) await ended({ operation });
    const fork = await ground.installation.playground(forked.playgrounds[0]?.id ?? '');
    expect(await content(fork)).toBe('one\ntwo');
    await ground.installation.destroy(fork.id);
  },
  60_000,
);

test.each(
  pointsOf('playground.rewind', 'Cutting volumes', 'Stopping containers', 'Going back', 'Filling volumes'),
)(
  'a rewind: %s',
  async (point) => {
    const kept = await client('playground.snapshot', { parameters: parameters(), body: {} });
    await ended(kept);
    await inside(playground, 'echo three > /data/file');
    await dyingAt(point, async () => await rewind(kept.operation.id));
    expect(await content(playground)).toBe('one\ntwo');
  },
  60_000,
);

test('volumes that outlive playgrounds begin with what was saved, once; later ones find what the one before left', async () => {
  const persistent = `x-playgrounds: { metadata: { persist_volumes: true } }\n${notes}`;
  await ground.define('ledger', persistent);
  const ledger = await ground.start('ledger');
  await inside(ledger, 'echo one > /data/file; echo two > /spare/file');
  await ended(
    await client('playspec.save', {
      parameters: { playground: ledger.id },
      body: { name: 'ledger-full', memory: false, update: false },
    }),
  );
  const first = await ground.dyingAt('volumes/filled', async () => {
    return await client('playground.start', { body: { playspec: 'ledger-full', authorizedKeys: [] } });
  });
  await ended(first);
  const full = await ground.installation.playground(first.playground.id);
  expect(await content(full)).toBe('one\ntwo');
  await inside(full, 'echo later > /data/file');
  await ground.installation.destroy(full.id);
  const second = await ground.start('ledger-full');
  expect(await content(second)).toBe('later\ntwo');
  expect(await content(ledger)).toBe('one\ntwo');
  for (const { id } of [ledger, second]) await ground.installation.destroy(id);
  for (const name of ['ledger', 'ledger-full']) await client('playspec.remove', { parameters: { name } });
}, 120_000);

test('nothing is left', async () => {
  expect(await ground.installation.destroy(playground.id)).toMatchObject({ status: 'succeeded' });
  await until('nothing to be left', async () => (await ground.leftovers()).length === 0);
  const volumes = async () => (await ground.docker('volume', 'ls', '--quiet')).trim();
  await until('all volumes to be gone', async () => (await volumes()) === '');
}, 60_000);
