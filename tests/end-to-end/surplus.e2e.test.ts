// What there is of a playground in Docker beside what was rolled out: containers too many, and what a version made that failed.
import { expect, test } from 'vitest';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { serviceOf } from './support/service-of.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared), ['followEverySeconds: 1']);

const lines = (text: string) => text.split('\n').filter(Boolean);
const sleeper = `image: 'box:1', command: sleep 100000, stop_grace_period: 0s`;

test('containers too many are told and go, and what was rolled out and what somebody runs once stay', async () => {
  await ground.define('crowd', `services: { side: { ${sleeper} }, none: { ${sleeper}, scale: 0 } }\n`);
  const playground = await ground.start('crowd');
  const container = `${playground.name}-side-1`;
  const labels = JSON.parse(
    await ground.docker('inspect', '--format', '{{json .Config.Labels}}', container),
  ) as Record<string, string>;
  const add = async (name: string, more: object) => {
    const words = Object.entries({ ...labels, ...more }).flatMap(([label, value]) => [
      '--label',
      `${label}=${value}`,
    ]);
    await ground.docker('run', '--detach', '--name', name, ...words, 'box:1', 'sleep', '100000');
  };
  const there = async () => {
    const own = ['--filter', `label=playhouse.playground=${playground.id}`];
    return lines(await ground.docker('ps', '--all', '--format', '{{.Names}}', ...own)).toSorted();
  };
  const side = await ground.docker('inspect', '--format', '{{.Id}}', container);
  // All are there at the same look: what does not stay healed is healed again only after a while.
  await ground.installation.engine?.kill();
  await add('once', { 'com.docker.compose.oneoff': 'True', 'com.docker.compose.container-number': '3' });
  await add('twin', { 'com.docker.compose.container-number': '2' });
  await add('stray', { 'com.docker.compose.service': 'stray' });
  await ground.installation.startEngine();
  let told = playground;
  await until('what is too many to be told', async () => {
    told = await ground.installation.playground(playground.id);
    return told.services.filter(({ drift }) => drift === 'surplus').length === 2;
  });
  expect(serviceOf(told, 'stray')).toMatchObject({ image: 'box:1', state: 'running', url: null });
  await until('them to be gone', async () => (await there()).length === 2);
  expect(await there()).toEqual(['once', container].toSorted());
  expect(await ground.docker('inspect', '--format', '{{.Id}}', container)).toBe(side);
  await until('no drift to be told any more', async () => {
    const { services } = await ground.installation.playground(playground.id);
    return services.map(({ name, drift }) => `${name} ${drift}`).join() === 'side null,none null';
  });
  await ground.installation.destroy(playground.id);
}, 120_000);

test('networks of a version that failed go at once, its volumes stay and are told; those of a version before likewise', async () => {
  const { installation } = ground;
  const web = (command: string, more: string) => `
services:
  web: { image: 'box:1', command: '${command}', stop_grace_period: 0s, ${more} }
`;
  const first = `${web('sleep 100000', "networks: [old], volumes: ['one:/a']")}networks: { old: {} }\nvolumes: { one: {} }\n`;
  const next = (command: string) =>
    `${web(command, "networks: [new], volumes: ['two:/b']")}networks: { new: {} }\nvolumes: { two: {} }\n`;
  await ground.define('moved', first);
  const playground = await ground.start('moved');
  const parameters = { playground: playground.id };
  const rollOut = async (manifest: string) => {
    await client('playspec.update', { parameters: { name: 'moved' }, body: { manifest } });
    const { operation } = await client('playground.rollout', { parameters, body: { upgrade: true } });
    return (await installation.ended(operation.id)).status;
  };
  const networks = async () => {
    const own = ['--filter', `label=playhouse.playground=${playground.id}`];
    return lines(await ground.docker('network', 'ls', '--format', '{{.Name}}', ...own)).toSorted();
  };
  const volumes = async () => {
    const { services } = await client('playground.debug', { parameters });
    return [services?.volumes, services?.unusedVolumes].map((names) =>
      names?.map((name) => name.replace(`${playground.name}_`, '')),
    );
  };
  expect(await networks()).toEqual([`${playground.name}_old`]);
  expect(await volumes()).toEqual([['one'], []]);
  expect(await rollOut(next('exit 3'))).toBe('failed');
  expect(await networks()).toEqual([`${playground.name}_old`]);
  expect(await volumes()).toEqual([['one', 'two'], ['two']]);
  expect((await installation.playground(playground.id)).status).toBe('running');
  expect(await rollOut(next('sleep 100000'))).toBe('succeeded');
  expect(await networks()).toEqual([`${playground.name}_new`]);
  expect(await volumes()).toEqual([['one', 'two'], ['one']]);
  await installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 180_000);
