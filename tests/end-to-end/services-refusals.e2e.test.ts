// What a registry, a repository or an authority does not give, with real ones on loopback: how a user is told, and what is left.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { refusedHost, startAcmeAuthority } from '../../packages/engine/src/ingress/testing/acme-authority.ts';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { runOk } from './support/process.ts';
import { Registry } from './support/registry.ts';
import { serviceOf } from './support/service-of.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

const well = { status: 'succeeded', error: null };
const port = 5006;
const place = `127.0.0.1:${port}`;
let ground: ServicesGround;
let client: GroundClient;
let registry: Registry;

prepareGround(
  async (prepared) => {
    ({ ground, client } = prepared);
    registry = await Registry.start(ground.installation, port);
  },
  ['followEverySeconds: 1'],
  { domain: 'example.org' },
);
afterAll(async () => await registry[Symbol.asyncDispose]());

/** Starts one that fails; gives its id, its error, and what a user reads of it. */
async function refused(playspec: string) {
  const { stdout, stderr, code } = await ground.installation.cli('playground', 'start', playspec);
  expect(code).not.toBe(0);
  const said = stdout + stderr;
  expect(said).not.toContain(ground.installation.state);
  const { playgrounds } = await client('playground.list', { query: {} });
  const { id = '', error = null } = playgrounds.find(({ title }) => title === playspec) ?? {};
  expect(said).toContain(error?.message);
  expect(said).toContain(error?.hint);
  return { id, error, said };
}

/** Pushes an image whose page says that. One that is `sick` has nothing that its health check finds. */
async function push(says: string, name: string, { sick = false, architecture = 'amd64' } = {}) {
  const box = `${ground.installation.state}/home/box.tar`;
  const file = (path: string, content: string) => ({ name: path, content, mode: 0o644 });
  const files = [file('www/index.html', `${says}\n`), ...(sick ? [] : [file('www/well', 'well')])];
  await registry.push(name, [box, files], { architecture });
}

const site = (image: string, more = '') => `
services:
  web:
    image: ${place}/${image}
    command: httpd -f -p 80 -h /www
    stop_grace_period: 1s
    healthcheck: { test: [CMD, cat, /www/well], interval: 1s, retries: 2 }
    labels: { playgrounds.port: 80, playgrounds.visibility: external }
${more}`;

async function change(id: string, action: 'rollout' | 'hard-restart' | 'retry', body: object = {}) {
  const parameters = { playground: id };
  const { operation } =
    action === 'retry'
      ? await client('playground.retry', { parameters })
      : await client(`playground.${action}`, { parameters, body });
  return await ground.installation.ended(operation.id);
}

const pageOf = async (name: string) => (await ground.visit(`https://web-${name}.example.org/`)).body.trim();

test('an image that is not there is named with its step, a retry finds it; a rollout takes a newer one and goes back to the one before', async () => {
  await ground.define('never', site('site:1', '    pull_policy: never\n'));
  await ground.define('always', site('site:1', '    pull_policy: always\n'));
  const never = await refused('never');
  expect(never.error).toMatchObject({ code: 'image-absent', step: 'Pulling images' });
  await ground.installation.destroy(never.id);
  const { id, error } = await refused('always');
  expect(error).toMatchObject({ code: 'image-pull-failed', step: 'Pulling images' });
  expect(error?.message).toContain(`${place}/site:1`);
  await push('one', 'site:1');
  expect(await change(id, 'retry')).toMatchObject(well);
  expect(await pageOf('always')).toBe('one');

  await push('two', 'site:1');
  expect(await change(id, 'rollout')).toMatchObject(well);
  expect(await pageOf('always')).toBe('two');
  await push('sick', 'site:1', { sick: true });
  expect(await change(id, 'rollout')).toMatchObject({ error: { code: 'services-not-healthy' } });
  await until('the version before to serve again', async () => (await pageOf('always')) === 'two');
  const back = serviceOf(await ground.installation.playground(id), 'web');
  expect(back).toMatchObject({ drift: null, image: expect.stringContaining(`${place}/site:1@sha256:`) });
  await ground.installation.destroy(id);
}, 120_000);

test('an image is pulled for the platform that its service asks for; one for another is told, and takes nobody’s place', async () => {
  await push('ours', 'wide:1');
  await ground.define('wide', site('wide:1', '    platform: linux/arm64\n'));
  const { id, error } = await refused('wide');
  expect(error).toMatchObject({ code: 'image-pull-failed', step: 'Pulling images' });
  expect(error?.message).toContain('its registry has it for linux/amd64, not for linux/arm64');
  await push('theirs', 'wide:1', { architecture: 'arm64' });
  expect(await change(id, 'retry')).toMatchObject(well);
  await push('ours', 'wide:1');
  expect(await change(id, 'hard-restart')).toMatchObject(well);
  expect(await pageOf('wide')).toBe('theirs');
  await ground.installation.destroy(id);
}, 120_000);

test('an image that is to be refreshed is, once it is old enough, and not before', async () => {
  await push('one', 'often:1');
  await ground.define('often', site('often:1', '    pull_policy: every_1s\n'));
  await ground.define('seldom', site('often:1', '    pull_policy: every_1000w\n'));
  const [often, seldom] = [await ground.start('often'), await ground.start('seldom')];
  await push('two', 'often:1');
  await setTimeout(1100);
  expect(await change(seldom.id, 'rollout')).toMatchObject(well);
  expect(await pageOf('seldom')).toBe('one');
  expect(await change(often.id, 'rollout')).toMatchObject(well);
  expect(await pageOf('often')).toBe('two');
  for (const { id } of [often, seldom]) await ground.installation.destroy(id);
}, 120_000);

test('a newer image that another playground pulls is nobody else’s: a rollout keeps the version that was given, and so does what goes back to it', async () => {
  await push('one', 'moved:1');
  await ground.define('first', site('moved:1'));
  await ground.define('second', site('moved:1', '    pull_policy: always\n'));
  const first = await ground.start('first');
  await push('two', 'moved:1');
  const second = await ground.start('second');
  expect(await change(first.id, 'rollout', { environment: { LEVEL: 'debug' } })).toMatchObject(well);
  expect([await pageOf('first'), await pageOf('second')]).toEqual(['one', 'two']);

  await push('sick', 'moved:1', { sick: true });
  expect(await change(first.id, 'hard-restart')).toMatchObject({ error: { code: 'services-not-healthy' } });
  await until('the version before to serve again', async () => (await pageOf('first')) === 'one');
  for (const { id } of [first, second]) await ground.installation.destroy(id);
}, 120_000);

test('a checkout that went another way than its branch is left as it is, and so is what somebody changed in it', async () => {
  const repository = await ground.repository('ways', { 'index.html': 'one\n' });
  const text = `
services:
  web:
    image: box:1
    command: httpd -f -p 80 -h /app
    stop_grace_period: 1s
    labels: { playgrounds.repo_url: '${repository}', playgrounds.port: 80, playgrounds.visibility: external }
`;
  await ground.define('ways', text);
  const { id } = await ground.start('ways');
  const folder = `${ground.repositories}/ways`;
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  await writeFile(`${folder}/index.html`, 'rewritten\n');
  await runOk(['git', ...author, '-C', folder, 'commit', '--quiet', '--all', '--amend', '--message', 'anew']);
  const standing = async () => serviceOf(await ground.installation.playground(id), 'web');
  await until('it to be seen', async () => (await standing())?.standing === 'diverged');
  expect(await change(id, 'rollout')).toMatchObject(well);
  expect(await pageOf('ways')).toBe('one');

  // What somebody changed where the branch changed the same line: neither a rollout nor another branch takes it.
  const work = `${ground.installation.state}/services/${id}/checkouts/web/index.html`;
  await writeFile(work, 'my work\n');
  await runOk(['git', '-C', folder, 'branch', 'other']);
  expect(await change(id, 'rollout')).toMatchObject(well);
  const away = await change(id, 'rollout', { services: { web: { branch: 'other' } } });
  expect(away.error).toMatchObject({ code: 'checkout-dirty', step: 'Updating repositories' });
  expect(await readFile(work, 'utf8')).toBe('my work\n');
  expect(await pageOf('ways')).toBe('my work');
  await ground.installation.destroy(id);
}, 120_000);

test('a host that an authority refuses a certificate for is named with its reason', async () => {
  const { installation } = ground;
  const authority = await startAcmeAuthority({ httpPort: 80, httpsPort: 443 }, installation.inNetns);
  try {
    // The proxy is not root.
    await runOk(['chmod', '755', dirname(authority.authorityFile)]);
    await installation.engine?.kill();
    await installation.startEngine({
      PLAYHOUSE_INGRESS_CERTIFICATES: 'acme',
      PLAYHOUSE_INGRESS_ACME_DIRECTORY: authority.directory,
      PLAYHOUSE_INGRESS_ACME_AUTHORITY_FILE: authority.authorityFile,
    });
    const [subdomain] = refusedHost.split('.');
    await ground.define(
      'certified',
      `services: { web: { image: 'box:1', command: httpd -f -p 80 -h /www, stop_grace_period: 1s, labels: { playgrounds.port: 80 } } }\n`,
    );
    const words = ['playground', 'start', 'certified', '--subdomain', `web=${subdomain}`];
    const { stderr, code } = await installation.cli(...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`There is no certificate for ${refusedHost}: `);
    const { playgrounds } = await client('playground.list', { query: {} });
    const failed = playgrounds.find(({ title }) => title === 'certified');
    expect(failed).toMatchObject({
      status: 'error',
      error: { code: 'certificate-refused', step: 'Starting the proxy' },
    });
    await installation.destroy(failed?.id ?? '');
  } finally {
    await authority.stop();
  }
}, 120_000);

test('nothing is left of the playgrounds', async () => {
  expect(await ground.leftovers()).toEqual([]);
});
