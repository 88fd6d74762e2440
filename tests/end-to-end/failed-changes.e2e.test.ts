// What failed is tried again, or was never to be: retries while a repository cannot be asked, and a new version of a playspec that
// does not come up.
import { rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { serviceOf } from './support/service-of.ts';
import type { ServicesGround } from './support/services-ground.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared));

// Without one, a service that ends right after its start may have been seen to run.
const check = 'healthcheck: { test: [CMD, cat, /ready], interval: 1s, retries: 30 }';
const wait = 'echo yes > /ready; exec sleep 100000';

const live = (repository: string) => `
services:
  web:
    image: 'box:1'
    stop_grace_period: 0s
    ${check}
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.start_command: sh /app/run.sh
`;

test('a retry whose repository cannot be asked fails there, and takes up what mends it once it can; work is not touched', async () => {
  const { installation } = ground;
  const repository = await ground.repository('moody', { 'run.sh': 'exit 3\n', 'note.txt': 'one\n' });
  await ground.define('moody', live(repository));
  const begun = await client('playground.start', { body: { playspec: 'moody', authorizedKeys: [] } });
  const parameters = { playground: begun.playground.id };
  expect(await installation.ended(begun.operation.id)).toMatchObject({
    ...{ status: 'failed', error: { code: 'services-not-healthy', step: 'Starting containers' } },
  });
  const retry = async () => {
    const { operation } = await client('playground.retry', { parameters });
    return await installation.ended(operation.id);
  };
  const folder = `${ground.repositories}/moody`;
  await rename(folder, `${folder}.away`);
  for (let time = 0; time < 2; time += 1) {
    expect(await retry()).toMatchObject({
      ...{ status: 'failed', error: { code: 'repository-unknown', step: 'Cloning repositories' } },
    });
    expect(await installation.playground(begun.playground.id)).toMatchObject({
      ...{ status: 'error', error: { code: 'repository-unknown', step: 'Cloning repositories' } },
    });
  }
  await rename(`${folder}.away`, folder);
  await ground.commit('moody', { 'run.sh': `${wait}\n` });

  // What somebody changed there in the meantime is left as it is, and nothing is taken up beside it.
  const note = `${installation.state}/services/${begun.playground.id}/checkouts/web/note.txt`;
  await writeFile(note, 'mine\n');
  expect(await retry()).toMatchObject({ status: 'failed', error: { code: 'services-not-healthy' } });
  await writeFile(note, 'one\n');
  expect(await retry()).toMatchObject({ status: 'succeeded' });
  const running = await installation.playground(begun.playground.id);
  expect(running).toMatchObject({ status: 'running', error: null });
  expect(serviceOf(running, 'web')?.state).toBe('running');
  expect(await ground.docker('exec', `${running.name}-web-1`, 'cat', '/app/run.sh')).toContain('sleep');
  await installation.destroy(begun.playground.id);
}, 120_000);

test('a hard restart to a version of the playspec that does not come up brings the former one up, with its volumes and number', async () => {
  const { installation } = ground;
  const file = (command: string, more = '') => `
services:
  web: { image: 'box:1', command: sh -c '${command}', stop_grace_period: 0s, volumes: ['data:/data'], ${check} }
${more}volumes: { data: {} }
`;
  const added = `  extra: { image: 'box:1', command: sleep 100000, stop_grace_period: 0s }\n`;
  await ground.define('ledger', file(wait));
  const playground = await ground.start('ledger');
  const parameters = { playground: playground.id };
  const container = `${playground.name}-web-1`;
  await ground.docker('exec', container, 'sh', '-c', 'echo mine > /data/a');
  const hardRestart = async (manifest: string) => {
    await client('playspec.update', { parameters: { name: 'ledger' }, body: { manifest } });
    const { operation } = await client('playground.hard-restart', { parameters, body: { upgrade: true } });
    return await installation.ended(operation.id);
  };
  const names = async () => {
    const own = ['--filter', `label=playhouse.playground=${playground.id}`];
    const found = await ground.docker('ps', '--all', '--format', '{{.Names}}', ...own);
    return found.split('\n').filter(Boolean).toSorted();
  };
  expect(await hardRestart(file('exit 3', added))).toMatchObject({
    ...{ status: 'failed', error: { code: 'services-not-healthy', step: 'Starting containers' } },
  });
  const after = await installation.playground(playground.id);
  expect(after).toMatchObject({ status: 'running', error: null, playspec: { name: 'ledger', version: 1 } });
  expect(after.services.map(({ name, state }) => [name, state])).toEqual([['web', 'running']]);
  expect(await names()).toEqual([container]);
  expect(await ground.docker('exec', container, 'cat', '/data/a')).toBe('mine\n');

  // It is no way back that is taken once: a version that comes up is taken.
  expect(await hardRestart(file(`echo 3; ${wait}`, added))).toMatchObject({ status: 'succeeded' });
  expect((await installation.playground(playground.id)).playspec.version).toBe(3);
  expect(await names()).toEqual([`${playground.name}-extra-1`, container]);
  expect(await ground.docker('exec', container, 'cat', '/data/a')).toBe('mine\n');
  await installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 180_000);
