// Private repositories and registries, with a real Git over HTTP and SSH and a real registry, all of which ask who it is.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createClient } from '@playhouse/contract/routes/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrivateHosts } from './support/private-hosts.ts';
import { run } from './support/process.ts';
import { Registry } from './support/registry.ts';
import { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

const token = 'glpat-5ecretTokenOfAnn';
const password = '5ecretPasswordOfTheRegistry';
const registryPort = 5005;
const image = `127.0.0.1:${registryPort}/private/box:1`;

let ground: ServicesGround;
let hosts: PrivateHosts;
let registry: Registry;
let client: Awaited<ReturnType<ServicesGround['installation']['client']>>;

beforeAll(async () => {
  ground = await ServicesGround.prepare(['followEverySeconds: 1']);
  const { installation } = ground;
  client = await installation.client();
  await ground.repository('shop', {
    Dockerfile: `FROM ${image}\nCOPY index.html /www/\n`,
    'index.html': 'one\n',
  });
  await ground.repository('site', { 'index.html': 'over ssh\n' });
  hosts = await PrivateHosts.start(installation, ground.repositories, `ann:${token}`);
  registry = await Registry.start(installation, registryPort, { user: 'ann', password });
  const login = `${installation.state}/home/login`;
  await mkdir(login);
  const auth = Buffer.from(`ann:${password}`).toString('base64');
  await writeFile(
    `${login}/config.json`,
    JSON.stringify({ auths: { [`127.0.0.1:${registryPort}`]: { auth } } }),
  );
  await ground.docker('tag', 'box:1', image);
  await ground.docker('--config', login, 'push', '--quiet', image);
  await ground.docker('rmi', image);
}, 200_000);
afterAll(async () => {
  await hosts[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
}, 120_000);

const shop = () => `
services:
  web:
    build: .
    command: httpd -f -p 80 -h /www
    labels:
      playgrounds.repo_url: ${hosts.overHttp}/shop
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "true"
`;
const site = () => `
services:
  web:
    image: box:1
    command: httpd -f -p 80 -h /app
    labels:
      playgrounds.repo_url: ${hosts.overSsh}${ground.repositories}/site
      playgrounds.source_mount: /app
      playgrounds.port: 80
      playgrounds.visibility: external
`;

const add = async (credential: object) =>
  await client('credential.add', {
    body: { name: 'git', kind: 'token', place: hosts.overHttp, secret: token, ...credential },
  });

/** Why a start of a playspec fails; the playground is destroyed. */
async function failure(
  playspec: string,
  caller = client,
): Promise<{ code?: string; message?: string; hint?: string }> {
  const begun = await caller('playground.start', { body: { playspec, authorizedKeys: [] } });
  const { status, error } = await ground.installation.ended(begun.operation.id);
  expect(status).toBe('failed');
  await ground.installation.destroy(begun.playground.id);
  return error ?? {};
}

async function clientOf(user: string): Promise<typeof client> {
  await client('user.create', { body: { name: user } });
  const { secret } = await client('token.create', { parameters: { user }, body: { name: 'test' } });
  const { installation } = ground;
  return createClient({
    endpoint: installation.env['PLAYHOUSE_ENDPOINT'] ?? '',
    token: secret,
    fetch: async (url, init) =>
      await installation.fetch(url instanceof Request ? url.url : url.toString(), init),
  });
}

test('a private repository and the private base of its image: refused without, refused with the wrong one, opened by the owner’s', async () => {
  await ground.define('shop', shop());
  expect(await failure('shop')).toMatchObject({
    code: 'repository-refused',
    message: expect.stringContaining('and who owns the playground has no credential that fits'),
    hint: expect.stringContaining('playhouse credential add'),
  });
  await add({ username: 'ann', secret: 'wrong-one-entirely' });
  const wrong = await failure('shop');
  expect(wrong).toMatchObject({
    code: 'repository-refused',
    message: expect.stringContaining('with the credential git'),
  });
  expect(JSON.stringify(wrong)).not.toContain('wrong-one-entirely');

  await add({ username: 'ann' });
  const unbuilt = await failure('shop');
  expect(unbuilt).toMatchObject({ code: 'image-build-failed' });
  await add({
    name: 'images',
    kind: 'registry',
    place: `127.0.0.1:${registryPort}`,
    username: 'ann',
    secret: password,
  });
  const playground = await ground.start('shop');
  expect((await ground.visit('https://web-shop.localhost/')).body).toBe('one\n');

  // What was made with her credential is hers alone: another who builds the same commit has to bring one.
  const eve = await clientOf('eve');
  await eve('playspec.create', { body: { manifest: shop(), name: 'eves-shop' } });
  await eve('credential.add', {
    body: { name: 'git', kind: 'token', place: hosts.overHttp, username: 'ann', secret: token },
  });
  expect(await failure('eves-shop', eve)).toMatchObject({ code: 'image-build-failed' });

  // New commits are seen, so the credential is good for later, too.
  await ground.commit('shop', { 'index.html': 'two\n' });
  await until('the new commit to be seen', async () => {
    const { services } = await ground.installation.playground(playground.id);
    return services[0]?.standing === 'behind';
  });
  const { operation } = await client('playground.rollout', {
    parameters: { playground: playground.id },
    body: {},
  });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
  expect((await ground.visit('https://web-shop.localhost/')).body).toBe('two\n');

  // Nobody finds a secret: not in a container, not in a file, not in what is told.
  const inspected = await ground.docker('inspect', `${playground.name}-web-1`);
  const told = JSON.stringify([
    await client('credential.list'),
    await client('playground.get', { parameters: { playground: playground.id } }),
    (await ground.installation.cli('playground', 'debug', playground.id, '--json')).stdout,
  ]);
  // While it lives its branch is asked for all the time.
  expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  for (const secret of [token, password, Buffer.from(`ann:${token}`).toString('base64')]) {
    expect(inspected + told).not.toContain(secret);
    expect(await ground.filesWith(secret)).toEqual([]);
    expect(ground.installation.engine?.output).not.toContain(secret);
    expect(ground.installation.server?.output).not.toContain(secret);
    const kept = await run([
      'grep',
      '--recursive',
      '--files-with-matches',
      '--fixed-strings',
      secret,
      `${ground.installation.state}/server`,
    ]);
    expect(kept.stdout).toBe('');
  }
  expect(
    (await readdir(`${ground.installation.state}/run`)).filter((name) => name.startsWith('credential-')),
  ).toEqual([]);
}, 240_000);

test('an engine that is killed while Git has a credential leaves none behind, and goes on with the start', async () => {
  const { installation } = ground;
  const lent = async () =>
    (await readdir(`${installation.state}/run`)).filter((name) => name.startsWith('credential-'));
  // Git has it for a moment only, but for a host that does not answer.
  await hosts.hold();
  const begun = await client('playground.start', { body: { playspec: 'shop', authorizedKeys: [] } });
  await until('Git to have it', async () => (await lent()).length > 0);
  await installation.engine?.kill();
  expect(await lent()).not.toEqual([]);
  await hosts.letGo();
  await installation.startEngine();
  expect(await installation.ended(begun.operation.id)).toMatchObject({ status: 'succeeded', error: null });
  expect((await installation.destroy(begun.playground.id)).status).toBe('succeeded');
  await until('nobody to have it', async () => (await lent()).length === 0);
}, 120_000);

test('a repository over SSH is opened by a key, and only where the host is the one that is known', async () => {
  await ground.define('site', site());
  expect(await failure('site')).toMatchObject({
    code: expect.stringMatching(/repository-refused|host-key-unknown/),
  });
  const key = { name: 'deploy', kind: 'key', place: hosts.overSsh, secret: hosts.key };
  await expect(add({ ...key, knownHosts: 'elsewhere ssh-ed25519 AAAA\n' })).rejects.toMatchObject({
    code: 'credential-invalid',
    message: expect.stringContaining('[127.0.0.1]:2222'),
  });
  await expect(add({ ...key, secret: 'no key', knownHosts: hosts.hostKeys })).rejects.toMatchObject({
    code: 'credential-invalid',
  });
  await add({ ...key, knownHosts: hosts.otherHostKeys });
  expect(await failure('site')).toMatchObject({ code: 'host-key-unknown' });

  const { credentials } = await add({ ...key, knownHosts: hosts.hostKeys });
  expect(credentials.find(({ name }) => name === 'deploy')?.publicKey).toMatch(/^ssh-ed25519 /);
  const playground = await ground.start('site');
  expect((await ground.visit('https://web-site.localhost/')).body).toBe('over ssh\n');
  // While it lives its branch is asked for all the time.
  await ground.installation.destroy(playground.id);
  expect(await ground.filesWith(hosts.key.split('\n')[1] ?? '')).toEqual([]);

  const elsewhere = site().replace('/site\n', '/nowhere\n');
  await ground.define('nowhere', elsewhere);
  expect(await failure('nowhere')).toMatchObject({ code: 'repository-unknown' });
  const begun = client('playground.start', {
    body: { playspec: 'site', authorizedKeys: [], services: { web: { branch: 'nowhere' } } },
  });
  const { operation, playground: failed } = await begun;
  expect((await ground.installation.ended(operation.id)).error).toMatchObject({ code: 'branch-unknown' });
  await ground.installation.destroy(failed.id);
}, 240_000);

test('images of a private registry are pulled by whoever has a credential for it; a wrong one is refused before it is kept', async () => {
  await client('credential.remove', { parameters: { name: 'images' } });
  await ground.define('private', `services: { web: { image: '${image}', command: 'sleep 1000' } }\n`);
  await ground.docker('rmi', '--force', image).catch(() => '');
  expect(await failure('private')).toMatchObject({
    code: 'image-refused',
    message: expect.stringContaining('there is no credential that fits'),
  });
  const wished = { name: 'images', kind: 'registry', place: `127.0.0.1:${registryPort}`, username: 'ann' };
  await expect(add({ ...wished, secret: 'wrong' })).rejects.toMatchObject({ code: 'registry-unauthorized' });
  await add({ ...wished, secret: password });
  const playground = await ground.start('private');
  expect(playground.status).toBe('running');
  await ground.installation.destroy(playground.id);
}, 120_000);

test('nobody uses or sees another’s; who is removed leaves none behind for one of the same name', async () => {
  const bob = await clientOf('bob');
  expect((await bob('credential.list')).credentials).toEqual([]);
  const body = { manifest: shop(), name: 'bobs-shop' };
  await bob('playspec.create', { body });
  expect(await failure('bobs-shop', bob)).toMatchObject({
    code: 'repository-refused',
    message: expect.stringContaining('and who owns the playground has no credential that fits'),
  });
  const registered = { name: 'own', kind: 'token' as const, place: hosts.overHttp, secret: 'of bob alone' };
  await bob('credential.add', { body: registered });
  await client('user.remove', { parameters: { user: 'bob' } });
  const other = await clientOf('bob');
  expect((await other('credential.list')).credentials).toEqual([]);
  // Nor when the engine is away, which then hears of both at once.
  await other('credential.add', { body: registered });
  await ground.installation.engine?.kill();
  await client('user.remove', { parameters: { user: 'bob' } });
  const third = await clientOf('bob');
  await ground.installation.startEngine();
  expect((await third('credential.list')).credentials).toEqual([]);
  const { credentials } = await third('credential.add', { body: { ...registered, name: 'third' } });
  expect(credentials.map(({ name }) => name)).toEqual(['third']);
  const { stdout } = await ground.installation.cli('credential', 'list', '--json');
  expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
    'deploy',
    'git',
    'images',
  ]);
  await expect(client('credential.remove', { parameters: { name: 'own' } })).rejects.toMatchObject({
    code: 'credential-unknown',
  });
}, 120_000);

test('nothing is left of the playgrounds', async () => {
  expect(await ground.leftovers()).toEqual([]);
});
