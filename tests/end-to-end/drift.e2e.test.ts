// What becomes of images that nobody needs, of things in Docker that belong to no playground, and of containers that somebody took away
// or replaced: with a real Docker Engine.
import { readFile, rename } from 'node:fs/promises';
import type { Playground } from '@playhouse/contract/playground';
import { expect, test } from 'vitest';
import { installationId } from './support/host-objects.ts';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { serviceOf } from './support/service-of.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { wellDockerfile } from './support/site.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround(
  (prepared) => void ({ ground, client } = prepared),
  ['followEverySeconds: 1', 'orphanedVolumesHours: 0'],
);

const shop = (repository: string) => `
services:
  web:
    build: .
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "true"
  side: { image: 'box:1', command: 'sleep 100000', stop_grace_period: 1s }
`;

const lines = (text: string) => text.split('\n').filter(Boolean);
const builtImages = async () =>
  lines(await ground.docker('images', '--quiet', '--filter', 'reference=playhouse.internal/*'));
/** Waits for the sweep at the start of an engine, or the one that comes a minute later: the first may have found no Docker yet. */
const swept = async (what: string, condition: () => Promise<boolean>) =>
  await until(what, condition, undefined, 90_000);
/** `between`: what is done while no engine is there, which could begin to mend the half of it. */
const restartEngine = async (between: () => Promise<unknown> = async () => {}) => {
  await ground.installation.engine?.kill();
  await between();
  await ground.installation.startEngine();
};

test('an image goes with the last playground that has it; one that was replaced is collected', async () => {
  const repository = await ground.repository('shared', { Dockerfile: wellDockerfile, 'index.html': 'one\n' });
  await ground.define('shared', shop(repository));
  const first = await ground.start('shared');
  const second = await ground.start('shared', { services: { web: { subdomain: 'second' } } });
  expect(await builtImages()).toHaveLength(1);
  await ground.installation.destroy(first.id);
  expect(await builtImages()).toHaveLength(1);
  expect((await ground.visit('https://second.localhost/')).body).toBe('one\n');

  await ground.commit('shared', { 'index.html': 'two\n' });
  const parameters = { playground: second.id };
  const { operation } = await client('playground.rollout', { parameters, body: {} });
  expect((await ground.installation.ended(operation.id)).status).toBe('succeeded');
  expect((await ground.visit('https://second.localhost/')).body).toBe('two\n');
  await restartEngine();
  await swept('the image that was replaced to be collected', async () => (await builtImages()).length === 1);
  expect((await ground.visit('https://second.localhost/')).body).toBe('two\n');
  await ground.installation.destroy(second.id);
  expect(await builtImages()).toEqual([]);
}, 240_000);

test('what says it is of a playground that nobody knows is removed at the start of an engine; what is another’s stays', async () => {
  await ground.define(
    'known',
    `services: { web: { image: 'box:1', command: sleep 100000, volumes: ['data:/data'], stop_grace_period: 1s } }\nvolumes: { data: {} }\n`,
  );
  const known = await ground.start('known');
  const make = async (name: string, installation: string, playground: string | null) => {
    const labels = [
      ...['--label', `playhouse.installation=${installation}`],
      ...(playground === null ? [] : ['--label', `playhouse.playground=${playground}`]),
    ];
    await ground.docker('network', 'create', ...labels, name);
    await ground.docker('volume', 'create', ...labels, name);
    await ground.docker(
      'run',
      '--detach',
      '--network',
      name,
      '--volume',
      `${name}:/x`,
      '--volume',
      '/nameless',
      '--name',
      name,
      ...labels,
      'box:1',
      'sleep',
      '100000',
    );
  };
  const own = (await installationId(ground.installation.state)) ?? '';
  await make('lost', own, 'f'.repeat(24));
  await make('foreign', 'another', 'f'.repeat(24));
  await make('lasting', own, null);
  const names = async () => {
    const all = await Promise.all([
      ground.docker('ps', '--all', '--format', '{{.Names}}'),
      ground.docker('network', 'ls', '--format', '{{.Name}}'),
      ground.docker('volume', 'ls', '--format', '{{.Name}}'),
    ]);
    return all.map((text) =>
      lines(text)
        .filter((name) => ['lost', 'foreign', 'lasting'].includes(name))
        .toSorted(),
    );
  };
  const anonymous = async () =>
    lines(await ground.docker('volume', 'ls', '--quiet')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  expect(await anonymous()).toHaveLength(3);
  await restartEngine();
  await swept(
    'orphans to be removed',
    async () => !(await names()).flat().includes('lost') && (await anonymous()).length < 3,
  );
  expect(await names()).toEqual([
    ['foreign', 'lasting'],
    ['foreign', 'lasting'],
    ['foreign', 'lasting'],
  ]);
  expect(
    lines(await ground.docker('ps', '--quiet', '--filter', `label=playhouse.playground=${known.id}`)),
  ).toHaveLength(1);
  expect(await ground.docker('volume', 'ls', '--format', '{{.Name}}')).toContain(`${known.name}_data`);
  expect(await anonymous()).toHaveLength(2);
  await ground.docker('rm', '--force', '--volumes', 'foreign', 'lasting');
  for (const kind of ['network', 'volume']) await ground.docker(kind, 'rm', 'foreign', 'lasting');
  await ground.installation.destroy(known.id);
}, 120_000);

test('volumes of a playground whose record is lost are kept for a while, its anonymous ones too, and it can be put back', async () => {
  const { installation } = ground;
  await ground.define(
    'forgotten',
    `services: { web: { image: 'box:1', command: sleep 100000, volumes: ['data:/data', '/nameless'], stop_grace_period: 1s } }\nvolumes: { data: {} }\n`,
  );
  const playground = await ground.start('forgotten');
  const container = `${playground.name}-web-1`;
  await ground.docker('exec', container, 'sh', '-c', 'echo mine | tee /data/a > /nameless/a');
  const mounts = '{{range .Mounts}}{{.Name}} {{.Source}}\n{{end}}';
  const written = lines(await ground.docker('inspect', '--format', mounts, container));
  const volumes = written.map((line) => line.split(' ')[0]);
  const record = `${installation.state}/services/${playground.id}`;
  const engineWith = async (hours: string, between: () => Promise<void> = async () => {}) => {
    await installation.engine?.kill();
    await between();
    return await installation.startEngine({ PLAYHOUSE_ENGINE_ORPHANED_VOLUMES_HOURS: hours });
  };
  const there = async () => lines(await ground.docker('volume', 'ls', '--quiet'));
  const engine = await engineWith('24', async () => await rename(record, `${record}.lost`));
  await swept('the container to be removed', async () => {
    return !(await ground.docker('ps', '--all', '--format', '{{.Names}}')).includes(container);
  });
  expect(await there()).toEqual(expect.arrayContaining(volumes));
  for (const line of written) {
    const [name, folder] = line.split(' ');
    expect(engine.output).toMatch(new RegExp(`volume ${name} is of .* in 24 h. .* out of ${folder};`));
    expect(await readFile(`${folder}/a`, 'utf8')).toBe('mine\n');
  }

  // Known again, it is healed with the volume that it had.
  await engineWith('0', async () => await rename(`${record}.lost`, record));
  await healed(playground);
  expect(await ground.docker('exec', container, 'cat', '/data/a')).toBe('mine\n');
  expect(await there()).toEqual(expect.arrayContaining(volumes));
  await installation.destroy(playground.id);
  await engineWith('0');
  await swept('the anonymous volume to be removed', async () => {
    const left = await there();
    return volumes.every((volume) => !left.includes(volume ?? ''));
  });
}, 180_000);

async function healed(playground: Playground): Promise<void> {
  await until('the playground to be healed', async () => {
    const { operations } = await client('operation.list', { query: { playground: playground.id } });
    const heals = operations.filter(
      ({ kind, status }) => kind === 'playground.heal' && status === 'succeeded',
    );
    return heals.length === 1;
  });
}

test('a container that is missing is told and comes back, as it was pinned and not with what is new', async () => {
  const repository = await ground.repository('drifting', {
    Dockerfile: wellDockerfile,
    'index.html': 'pinned\n',
  });
  await ground.define('drifting', shop(repository));
  const playground = await ground.start('drifting');
  await ground.commit('drifting', { 'index.html': 'new\n' });
  const side = (await ground.docker('inspect', '--format', '{{.Id}}', `${playground.name}-side-1`)).trim();
  await ground.docker('rm', '--force', `${playground.name}-web-1`);
  await until('the drift to be told', async () => {
    return serviceOf(await ground.installation.playground(playground.id), 'web')?.drift === 'missing';
  });
  await healed(playground);
  expect((await ground.visit('https://web-drifting.localhost/')).body).toBe('pinned\n');
  expect((await ground.docker('inspect', '--format', '{{.Id}}', `${playground.name}-side-1`)).trim()).toBe(
    side,
  );
  await until('no drift to be told any more', async () => {
    return serviceOf(await ground.installation.playground(playground.id), 'web')?.drift === null;
  });
  expect((await ground.installation.playground(playground.id)).status).toMatch(/running|has_changes/);
  await ground.installation.destroy(playground.id);
}, 120_000);

test('volumes that somebody removed come back with what was last kept of them, and the heal says so', async () => {
  const { installation } = ground;
  await ground.define(
    'wiped',
    `services: { web: { image: 'box:1', command: sleep 100000, volumes: ['data:/data'], stop_grace_period: 0s } }\nvolumes: { data: {} }\n`,
  );
  const playground = await ground.start('wiped');
  const parameters = { playground: playground.id };
  const container = `${playground.name}-web-1`;
  await ground.docker('exec', container, 'sh', '-c', 'echo mine > /data/precious');
  const subnet = async () =>
    await ground.docker(
      'network',
      'inspect',
      '--format',
      '{{(index .IPAM.Config 0).Subnet}}',
      `${playground.name}_default`,
    );
  const chosen = await subnet();
  expect(await readFile(`${installation.state}/services/${playground.id}/services.json`, 'utf8')).toContain(
    `"subnets":{"default":"${chosen.trim()}"}`,
  );
  for (const route of ['playground.stop', 'playground.restart'] as const) {
    const { operation } = await client(route, { parameters });
    expect((await installation.ended(operation.id)).status).toBe('succeeded');
  }
  await restartEngine(async () => await ground.wipe(playground));
  await healed(playground);
  expect(await ground.docker('exec', container, 'cat', '/data/precious')).toBe('mine\n');
  expect(await subnet()).toBe(chosen);
  const { operations } = await client('operation.list', { query: { playground: playground.id } });
  const heal = operations.find(({ kind }) => kind === 'playground.heal');
  const { lines: said } = await client('operation.logs', {
    parameters: { operation: heal?.id ?? '' },
    query: { after: 0 },
  });
  expect(said.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/data: it was gone, and is as it was in snapshot \w+ of 20/),
  );
  await installation.destroy(playground.id);
}, 120_000);

test('an engine that dies while it heals finishes it', async () => {
  const { installation } = ground;
  const repository = await ground.repository('dying', {
    Dockerfile: wellDockerfile,
    'index.html': 'pinned\n',
  });
  await ground.define('dying', shop(repository));
  for (const place of ['Building images/done', 'Rolling out/begin']) {
    const playground = await ground.start('dying');
    await installation.engine?.kill();
    await installation.startEngine({ PLAYHOUSE_CRASH_POINT: `playground.heal/${place}` });
    await ground.docker('rm', '--force', `${playground.name}-web-1`);
    await installation.engine?.exited;
    await installation.startEngine();
    await healed(playground);
    expect((await ground.visit('https://web-dying.localhost/')).body).toBe('pinned\n');
    await installation.destroy(playground.id);
  }
  expect(await builtImages()).toEqual([]);
}, 180_000);

test('a container of another image is replaced by the one that was rolled out', async () => {
  await ground.define(
    'swapped',
    `services: { side: { image: 'box:1', command: sleep 100000, stop_grace_period: 1s } }\n`,
  );
  const playground = await ground.start('swapped');
  await ground.docker('tag', 'box:1', 'box:other');
  const container = `${playground.name}-side-1`;
  const labels = JSON.parse(
    await ground.docker('inspect', '--format', '{{json .Config.Labels}}', container),
  ) as Record<string, string>;
  const words = Object.entries({ ...labels, 'com.docker.compose.config-hash': 'another' }).flatMap(
    ([label, value]) => ['--label', `${label}=${value}`],
  );
  await restartEngine(async () => {
    await ground.docker('rm', '--force', container);
    await ground.docker('run', '--detach', '--name', container, ...words, 'box:other', 'sleep', '100000');
  });
  await healed(playground);
  expect((await ground.docker('inspect', '--format', '{{.Config.Image}}', container)).trim()).toBe('box:1');
  await ground.installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);
