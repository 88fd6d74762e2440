// Images of new commits, which are built before a rollout asks for them: with a real Docker Engine, Git and Caddy.
import { readdir } from 'node:fs/promises';
import type { Playground } from '@playhouse/contract/playground';
import type { Service } from '@playhouse/contract/service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOk } from './support/process.ts';
import { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let client: Awaited<ReturnType<ServicesGround['installation']['client']>>;

beforeAll(async () => {
  ground = await ServicesGround.prepare(['followEverySeconds: 1']);
  client = await ground.installation.client();
}, 200_000);
afterAll(async () => await ground[Symbol.asyncDispose](), 120_000);

const serve = 'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';
/** What is generated for a playground is part of what its image is built with. */
const dockerfile = `FROM box:1\nARG SALT\nRUN echo $SALT > /www/salt\nCOPY index.html /www/index.html\n${serve}`;
const slowDockerfile = `FROM box:1\nRUN echo begun && sleep 60\nCOPY index.html /www/index.html\n${serve}`;
const sickDockerfile = 'FROM box:1\nRUN echo the roof is on fire && false\n';

const compose = (repository: string) => `
services:
  web:
    build: { context: ., args: [SALT] }
    stop_grace_period: 1s
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "true"
`;

async function begin(name: string, files: Readonly<Record<string, string>> = {}): Promise<Playground> {
  const one = { Dockerfile: dockerfile, 'index.html': 'one\n', '.env.example': 'SALT=a\n' };
  await ground.define(name, compose(await ground.repository(name, { ...one, ...files })));
  return await ground.start(name);
}

const newest = async (name: string) =>
  (await runOk(['git', '-C', `${ground.repositories}/${name}`, 'rev-parse', 'HEAD'])).trim();

async function nextImage({ id }: Playground): Promise<Service['nextImage']> {
  const { services } = await ground.installation.playground(id);
  return services.find(({ name }) => name === 'web')?.nextImage ?? null;
}

async function becomes(playground: Playground, name: string, state: string): Promise<Service['nextImage']> {
  const commit = await newest(name);
  await until(`the image of the new commit to be ${state}`, async () => {
    const found = await nextImage(playground);
    return found?.commit === commit && found.state === state;
  });
  return await nextImage(playground);
}

const lifeCycle = async ({ id }: Playground) =>
  (await ground.installation.cli('playground', 'logs', id, '--life-cycle')).stdout;

/** Time in which an engine asks several times for new commits. */
const whileAsked = async () => await new Promise((resolve) => setTimeout(resolve, 6000));

/** Gives the log of it. */
async function rollOut(playground: Playground): Promise<string> {
  const parameters = { playground: playground.id };
  const { operation } = await client('playground.rollout', { parameters, body: {} });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
  return (await lifeCycle(playground)).split('playground.rollout is asked for').at(-1) ?? '';
}

const words = (text: string) => text.split('\n').filter(Boolean);
const builtImages = async () =>
  words(
    await ground.docker(
      ...[
        'images',
        '--no-trunc',
        '--format',
        '{{.Tag}} {{.ID}}',
        '--filter',
        'reference=playhouse.internal/*',
      ],
    ),
  );
const containerOf = async ({ name }: Playground) =>
  JSON.parse(await ground.docker('inspect', '--format', '{{json .}}', `${name}-web-1`)) as {
    readonly Id: string;
    readonly Image: string;
  };
/** What builds ahead have of their own while they are under way. */
const apart = async () =>
  (await readdir(`${ground.installation.state}/services`)).filter((name) => name.startsWith('ahead-'));

test('the image of a new commit is built while the old version serves, and a rollout builds nothing', async () => {
  const playground = await begin('site');
  const container = await containerOf(playground);
  const history = `${ground.installation.state}/services/${playground.id}/histories/web.git`;
  const pinned = await newest('site');
  // Also with a value that is generated for this playground, for which the new commit is the first to ask.
  await ground.commit('site', { 'index.html': 'two\n', '.env.example': 'SALT=$$secret(16)\n' });
  expect(await becomes(playground, 'site', 'ready')).toMatchObject({ detail: null });
  expect((await ground.installation.playground(playground.id)).status).toBe('has_changes');
  expect((await containerOf(playground)).Id).toBe(container.Id);
  expect((await ground.visit('https://web-site.localhost/')).body).toBe('one\n');
  expect((await runOk(['git', `--git-dir=${history}`, 'rev-parse', 'HEAD'])).trim()).toBe(pinned);
  const [before, shown, debug] = [
    await builtImages(),
    await ground.installation.cli('playground', 'show', playground.id),
    await ground.installation.cli('playground', 'debug', playground.id),
  ];
  expect(before).toHaveLength(2);
  const short = (await newest('site')).slice(0, 8);
  expect(shown.stdout).toContain(`new commits wait, image of ${short} ready`);
  expect(debug.stdout).toMatch(/== Images of new commits[^=]+ready/);

  const log = await rollOut(playground);
  expect(log).toMatch(/web: playhouse\.internal\/\S+ is there already/);
  expect(log).not.toContain('RUN echo');
  expect((await ground.visit('https://web-site.localhost/')).body).toBe('two\n');
  expect((await ground.visit('https://web-site.localhost/salt')).body).toMatch(/^[0-9a-f]{16}\n$/);
  const { Image } = await containerOf(playground);
  expect(before.some((line) => line.endsWith(` ${Image}`))).toBe(true);
  expect(await nextImage(playground)).toBeNull();
  const told = await lifeCycle(playground);
  expect(told).toMatch(
    new RegExp(
      `web: the image of new commit ${short} is being built ahead of a rollout[^]+` +
        `web: the image of new commit ${short} is ready[^]+playground.rollout is asked for`,
    ),
  );
  await ground.installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);

test('a commit that cannot be built is told with its last lines while the old version serves, and is not tried again', async () => {
  const playground = await begin('sick');
  await ground.commit('sick', { Dockerfile: sickDockerfile });
  expect((await becomes(playground, 'sick', 'failed'))?.detail).toContain('the roof is on fire');
  await whileAsked();
  const told = await lifeCycle(playground);
  expect(told.split('is being built ahead of a rollout')).toHaveLength(2);
  expect(told).toContain('could not be built ahead of a rollout');
  expect(told).toContain('the roof is on fire');
  expect((await ground.visit('https://web-sick.localhost/')).body).toBe('one\n');
  const { stdout } = await ground.installation.cli('playground', 'show', playground.id);
  expect(stdout).toMatch(/new commits of web: [^]*the roof is on fire/);

  await ground.installation.engine?.kill();
  await ground.installation.startEngine();
  await whileAsked();
  expect((await nextImage(playground))?.state).toBe('failed');
  await ground.commit('sick', { Dockerfile: dockerfile, 'index.html': 'mended\n' });
  await becomes(playground, 'sick', 'ready');
  expect((await lifeCycle(playground)).split('is being built ahead of a rollout')).toHaveLength(3);
  expect(await rollOut(playground)).toMatch(/is there already/);
  expect((await ground.visit('https://web-sick.localhost/')).body).toBe('mended\n');
  await ground.installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);

test('a newer commit takes the place of one that is being built, and the image of one that was overtaken is removed', async () => {
  const playground = await begin('fast');
  await ground.commit('fast', { Dockerfile: slowDockerfile });
  await becomes(playground, 'fast', 'building');
  await until('the build to have a checkout of its own', async () => (await apart()).length === 1);
  await ground.commit('fast', { Dockerfile: dockerfile, 'index.html': 'two\n' });
  await becomes(playground, 'fast', 'ready');
  const two = await builtImages();
  expect(two).toHaveLength(2);
  await ground.commit('fast', { 'index.html': 'three\n' });
  await becomes(playground, 'fast', 'ready');
  await until(
    'the image that was overtaken to be removed',
    async () => (await builtImages()).length === 2,
    undefined,
    90_000,
  );
  expect(await builtImages()).not.toEqual(two);
  expect(await apart()).toEqual([]);
  expect(await rollOut(playground)).toMatch(/is there already/);
  expect((await ground.visit('https://web-fast.localhost/')).body).toBe('three\n');
  await ground.installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);

test('a rollout that comes while the image is built ends that and builds it itself', async () => {
  const playground = await begin('eager');
  const commands = 'RUN echo begun && sleep 10 && echo done';
  await ground.commit('eager', {
    Dockerfile: dockerfile.replace('ARG SALT', commands),
    'index.html': 'two\n',
  });
  await becomes(playground, 'eager', 'building');
  await until('the build to have a checkout of its own', async () => (await apart()).length === 1);
  expect(await rollOut(playground)).toContain(commands);
  expect((await ground.visit('https://web-eager.localhost/')).body).toBe('two\n');
  expect(await nextImage(playground)).toBeNull();
  expect(await lifeCycle(playground)).toContain('is not built any further');
  expect(await apart()).toEqual([]);
  await ground.installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);

test('operations do not wait for a build, and what an engine that dies leaves of one is removed', async () => {
  const { installation } = ground;
  const playground = await begin('busy');
  await ground.commit('busy', { Dockerfile: slowDockerfile });
  await becomes(playground, 'busy', 'building');
  await until('the build to have a checkout of its own', async () => (await apart()).length === 1);
  await installation.engine?.kill();
  const left = await apart();
  expect(left).toHaveLength(1);
  await installation.startEngine();
  await until('another checkout in place of what was left', async () => {
    const found = await apart();
    return found.length === 1 && found[0] !== left[0];
  });
  await becomes(playground, 'busy', 'building');

  const begun = performance.now();
  const { operation } = await client('playground.stop', { parameters: { playground: playground.id } });
  expect((await installation.ended(operation.id)).status).toBe('succeeded');
  expect(performance.now() - begun).toBeLessThan(40_000);
  expect(await nextImage(playground)).toBeNull();
  expect(await apart()).toEqual([]);
  expect(await lifeCycle(playground)).toContain('is not built any further');
  await installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);
