// Compose playgrounds whose services are chosen by profiles, wait for each other, or take their time to end, with a real Docker Engine.
import { expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';

let ground: ServicesGround;

prepareGround((prepared) => void ({ ground } = prepared));

const prof = `
services:
  db: &box { image: 'box:1', command: sleep 100000, stop_grace_period: 0s }
  extra: { <<: *box, profiles: [extra], volumes: ['more:/more'] }
  other: { <<: *box, profiles: [other] }
volumes: { more: {} }
`;
const sick = `
services:
  db: &box
    image: box:1
    command: sleep 100000
    stop_grace_period: 0s
    healthcheck: { test: [CMD, 'false'], interval: 1s, retries: 1 }
  web: { <<: *box, depends_on: { db: { condition: service_healthy } } }
`;

const inside = async ({ name }: Playground, command: string) =>
  (await ground.docker('exec', `${name}-extra-1`, 'sh', '-c', command)).trim();

test('forks and saved playspecs have the profiles of their playground, and what its volumes had', async () => {
  await ground.define('prof', prof);
  const origin = await ground.start('prof', { profiles: ['extra'] });
  await inside(origin, 'echo kept > /more/file');
  expect((await ground.installation.cli('playspec', 'save', 'full', '--from', origin.id)).code).toBe(0);
  const forked = await ground.installation.cli('playground', 'fork', origin.id, '--quiet');
  expect([forked.code, forked.stderr]).toEqual([0, '']);
  const copies = [
    await ground.installation.playground(forked.stdout.trim()),
    await ground.start('full', { profiles: ['other'] }),
  ];
  const names = copies.map(({ services }) => services.map(({ name }) => name));
  expect(names).toEqual([
    ['db', 'extra'],
    ['db', 'extra', 'other'],
  ]);
  for (const copy of copies) expect(await inside(copy, 'cat /more/file')).toBe('kept');
  for (const { id } of [origin, ...copies]) await ground.installation.destroy(id);
}, 120_000);

test('a start that fails for a dependency says which, and nothing of what came before', async () => {
  await ground.define('sick', sick);
  await expect(ground.start('sick')).rejects.toThrow(
    /^sick: Not all services came up: dependency failed to start: container pg-\d+-sick-db-1 is unhealthy$/,
  );
}, 120_000);

test('a stop by force does not wait for what takes its time to end; what it wrote is kept', async () => {
  const { installation } = ground;
  const command = `sh -c 'echo kept > /data/file; exec sleep 100000'`;
  await ground.define(
    'slow',
    `services: { db: { image: 'box:1', command: "${command}", stop_grace_period: 5m, volumes: ['data:/data'] } }\nvolumes: { data: {} }\n`,
  );
  const { id, name } = await ground.start('slow');
  expect((await installation.cli('playground', 'stop', id, '--force')).code).toBe(0);
  const state = await ground.docker('inspect', '--format', '{{.State.ExitCode}}', `${name}-db-1`);
  expect(state.trim()).toBe('137');
  expect((await installation.cli('playground', 'restart', id)).code).toBe(0);
  expect(await ground.docker('exec', `${name}-db-1`, 'cat', '/data/file')).toBe('kept\n');
  await installation.destroy(id);
}, 120_000);
