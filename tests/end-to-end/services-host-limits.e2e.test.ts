// What the host has no more of, with a real Docker Engine on a disk of its own: ports that are taken, and room for images.
import { rm, statfs } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOk } from './support/process.ts';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';

const diskMiB = 1024;
const freeMiB = 24;
let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared), [], {
  hostPolicy: 'host-port=allow',
  ownDiskMiB: diskMiB,
});

const published = `
services:
  web: { image: 'box:1', command: httpd -f -p 80 -h /www, ports: ['18080:80'], stop_grace_period: 1s }
`;

test('a port of the host that another playground has is named, and can be had when that one is gone', async () => {
  await ground.define('published', published);
  const first = await ground.start('published');
  const begun = await client('playground.start', { body: { playspec: 'published', authorizedKeys: [] } });
  const refused = await ground.installation.ended(begun.operation.id);
  expect(refused).toMatchObject({ status: 'failed', error: { code: 'host-port-taken' } });
  expect(refused.error?.message).toContain('18080');
  expect((await ground.installation.playground(first.id)).status).toBe('running');
  await ground.installation.destroy(first.id);
  const { operation } = await client('playground.retry', { parameters: { playground: begun.playground.id } });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  await ground.installation.destroy(begun.playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

test('a disk that fills up in a build is told as such; with room again a retry brings the playground up', async () => {
  const dockerfile = `FROM box:1\nRUN busybox dd if=/dev/zero of=/big bs=1M count=${4 * freeMiB}\nCMD ["sleep", "10000"]\n`;
  const repository = await ground.repository('big', { Dockerfile: dockerfile });
  await ground.define(
    'big',
    `
services:
  big: { build: ., stop_grace_period: 1s, labels: { playgrounds.repo_url: '${repository}', playgrounds.production: 'true' } }
`,
  );
  const { state } = ground.installation;
  const filler = `${state}/home/filler`;
  const { bavail, bsize } = await statfs(state);
  await runOk(['fallocate', '--length', String(bavail * bsize - freeMiB * 1024 ** 2), filler]);
  const begun = await client('playground.start', { body: { playspec: 'big', authorizedKeys: [] } });
  const failed = await ground.installation.ended(begun.operation.id);
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'disk-full', step: 'Building images' },
  });
  expect(failed.error?.message).toContain(`${state}/docker`);
  await rm(filler);
  const { operation } = await client('playground.retry', { parameters: { playground: begun.playground.id } });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  await ground.installation.destroy(begun.playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);
