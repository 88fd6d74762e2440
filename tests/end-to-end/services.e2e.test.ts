// Playgrounds of Compose services, with a real Docker Engine, Caddy and Git: from a branch to an HTTPS address, and away again.
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { ServicesPreview } from '@playhouse/contract/services-preview';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { serviceOf } from './support/service-of.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { wellDockerfile } from './support/site.ts';
import { until } from './support/until.ts';

const well = { status: 'succeeded', error: null };
let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared));

const hardWord = `"it's" $1 \\ #`;
const shop = (repository: string) => `
services:
  web:
    build: .
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "true"
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/"], interval: 1s, retries: 20 }
  admin:
    image: box:1
    command: sh -c 'echo "$$GREETING, $$TOKEN_FOR, $$WORD" > /www/index.html; exec httpd -f -p 8080 -h /www'
    environment: { GREETING: 'it costs $$5' , TOKEN_FOR: "$$PLAYGROUND", WORD: '\${WORD}' }
    labels: { playgrounds.port: 8080 }
    volumes: [data:/data]
  init: { image: 'box:1', command: 'true', restart: 'no' }
volumes: { data: {} }
`;

test('a branch becomes a live HTTPS address, is stopped with its data, started again, and destroyed without a trace', async () => {
  const repository = await ground.repository('shop', {
    Dockerfile: wellDockerfile,
    'index.html': 'hello\n',
    '.env.example': 'A=1\n',
  });
  await ground.define('shop', shop(repository));
  const playground = await ground.start('shop', { variables: { WORD: hardWord } });
  expect(playground).toMatchObject({ kind: 'compose', status: 'running', machines: [] });
  expect(serviceOf(playground, 'web')).toMatchObject({
    state: 'running',
    url: 'https://web-shop.localhost/',
    branch: 'main',
    production: true,
  });
  expect(serviceOf(playground, 'init')).toMatchObject({ state: 'done', exitCode: 0, url: null });
  expect(await ground.visit('https://web-shop.localhost/')).toEqual({ status: 200, body: 'hello\n' });

  // An internal service asks for the password that only its owner gets to see.
  expect((await ground.visit('https://admin-shop.localhost/')).status).toBe(401);
  const said = await ground.installation.cli('playground', 'password', playground.id, '--json');
  const { user, password } = JSON.parse(said.stdout) as { user: string; password: string };
  const inside = await ground.visit('https://admin-shop.localhost/', `${user}:${password}`);
  expect(inside).toEqual({ status: 200, body: `it costs $5, $PLAYGROUND, ${hardWord}\n` });
  const record = await readFile(
    `${ground.installation.state}/services/${playground.id}/services.json`,
    'utf8',
  );
  expect(record).not.toContain(password);

  const parameters = { playground: playground.id };
  await ground.docker('exec', `${playground.name}-admin-1`, 'sh', '-c', 'echo kept > /data/kept');
  expect(
    await ground.installation.ended((await client('playground.stop', { parameters })).operation.id),
  ).toMatchObject(well);
  const stopped = await ground.installation.playground(playground.id);
  expect(stopped.status).toBe('stopped');
  expect(stopped.services.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
  const page = await ground.visit('https://web-shop.localhost/');
  expect(page.status).toBe(503);
  expect(page.body).toContain(`${playground.name} is stopped`);

  expect(
    await ground.installation.ended((await client('playground.restart', { parameters })).operation.id),
  ).toMatchObject(well);
  expect((await ground.visit('https://web-shop.localhost/')).body).toBe('hello\n');
  expect(await ground.docker('exec', `${playground.name}-admin-1`, 'cat', '/data/kept')).toContain('kept');

  expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  expect(await ground.leftovers()).toEqual([]);
  expect((await ground.visit('https://web-shop.localhost/')).status).not.toBe(200);
}, 240_000);

test('a preview says what each service would find, and from where; nothing is made and no secret is shown', async () => {
  const repository = await ground.repository('peeked', {
    '.env.example': 'LEVEL=info\nAPI_KEY=$$secret(16)\nPORT=80\nNAME=example\n',
    Dockerfile: wellDockerfile,
    'index.html': 'never built\n',
  });
  const text = `
x-playgrounds: { variables: { DB_PASS: { random: true, secret: true }, WHO: { default: Ann } } }
services:
  web:
    build: .
    environment: { WHO: $$var__WHO, NAME: "\${NAME:-from compose}", URL: "db://$$var__DB_PASS@db" }
    labels: { playgrounds.repo_url: "${repository}", playgrounds.port: 80 }
  db: { image: 'box:1', environment: { OWN: '1' } }
`;
  await ground.define('peeked', text);
  const words = ['--env', 'LEVEL=debug', '--env', 'web:PORT=8080', '--env', 'db:TOKEN=hidden', '--preview'];
  const { stdout, stderr, code } = await ground.installation.cli(
    'playground',
    'start',
    'peeked',
    ...words,
    '--json',
  );
  expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  const { services, values } = JSON.parse(stdout) as ServicesPreview;
  const found = Object.fromEntries(
    services.map(({ name, variables }) => [
      name,
      variables.map(({ name: variable, value, source }) => `${variable}=${value} ${source}`),
    ]),
  );
  const system = (names: string[]) =>
    names.map((name) => expect.stringMatching(new RegExp(`^${name}=.* system$`)));
  expect(found['web']).toEqual([
    'API_KEY=•••••••• example',
    'LEVEL=debug global',
    'NAME=from compose compose',
    ...system(['PLAYGROUND_ID', 'PLAYGROUND_NAME', 'PLAYGROUND_URL']),
    'PORT=8080 service',
    'URL=db://••••••••@db compose',
    'WHO=Ann compose',
  ]);
  expect(found['db']).toEqual([
    'LEVEL=debug global',
    'OWN=1 compose',
    ...system(['PLAYGROUND_ID', 'PLAYGROUND_NAME']),
    'TOKEN=•••••••• service',
  ]);
  expect(values.map(({ name, value, source }) => [name, value, source])).toEqual([
    ['DB_PASS', '••••••••', 'random'],
    ['WHO', 'Ann', 'default'],
  ]);
  expect(services.find(({ name }) => name === 'web')).toMatchObject({
    host: 'web-peeked.localhost',
    source: { commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
  });
  const shown = await ground.installation.cli('playground', 'start', 'peeked', '--preview');
  expect(shown.stdout).toContain('Nothing was started.');
  expect(
    (await client('playground.list', { query: { all: 'true' } })).playgrounds.map(({ title }) => title),
  ).not.toContain('peeked');
  const missing = await ground.installation.cli(
    'playground',
    'start',
    'peeked',
    '--branch',
    'web=nowhere',
    '--preview',
  );
  expect(missing.stderr).toContain('`nowhere`');
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

test('a Dockerfile that fails says its last lines, nothing is left running, and the mended one comes up with a retry', async () => {
  const broken = 'FROM box:1\nRUN echo about to fail && false\n';
  const repository = await ground.repository('broken', { Dockerfile: broken, 'index.html': 'mended\n' });
  await ground.define('broken', shop(repository));
  const begun = await client('playground.start', {
    body: { playspec: 'broken', authorizedKeys: [], variables: { WORD: 'w' } },
  });
  const failed = await ground.installation.ended(begun.operation.id);
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'image-build-failed', step: 'Building images' },
  });
  expect(failed.error?.message).toContain('about to fail');
  expect((await ground.installation.playground(begun.playground.id)).status).toBe('error');
  expect((await ground.visit('https://web-broken.localhost/')).body).toContain('could not be started');
  await ground.commit('broken', { Dockerfile: wellDockerfile });
  const parameters = { playground: begun.playground.id };
  const { operation } = await client('playground.retry', { parameters });
  expect(await ground.installation.ended(operation.id)).toMatchObject(well);
  expect(await ground.visit('https://web-broken.localhost/')).toEqual({ status: 200, body: 'mended\n' });
  expect((await ground.installation.destroy(begun.playground.id)).status).toBe('succeeded');
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

test('what would give the host away is refused, and so are repositories outside of the open folders', async () => {
  const hostile = `services: { web: { image: 'box:1', privileged: true, volumes: ['/:/host'] } }\n`;
  const file = `${ground.installation.state}/home/hostile.yaml`;
  await writeFile(file, hostile);
  const { code, stderr } = await ground.installation.cli('playspec', 'create', '-f', file, 'hostile');
  expect(code).not.toBe(0);
  expect(stderr).toContain('privileged');
  await ground.define('outside', shop('file:///etc'));
  const body = { playspec: 'outside', authorizedKeys: [] };
  await expect(client('playground.start', { body })).rejects.toMatchObject({ code: 'manifest-invalid' });
  const begun = await client('playground.start', { body: { ...body, variables: { WORD: 'w' } } });
  expect(await ground.installation.ended(begun.operation.id)).toMatchObject({
    status: 'failed',
    error: { code: 'repository-outside', step: 'Cloning repositories' },
  });
  await ground.installation.destroy(begun.playground.id);
}, 120_000);

test('links lead nowhere: neither those of a repository nor those that a container puts into a folder it has', async () => {
  const { installation } = ground;
  const secret = `${installation.state}/home/secret`;
  await writeFile(secret, 'HOSTS_OWN=1\n');
  await chmod(secret, 0o644);
  const repository = await ground.repository('links', { 'index.html': 'x\n' });
  await symlink(secret, `${ground.repositories}/links/link.env`);
  await ground.commit('links', { 'index.html': 'y\n' });
  const text = `
services:
  web:
    image: box:1
    env_file: [{ path: link.env, required: false }]
    command: sh -c 'ln -s ${installation.state}/home /x/inner; echo put > /x/file; sleep 100000'
    volumes: ['./x:/x']
    stop_grace_period: 1s
    labels: { playgrounds.repo_url: "${repository}", playgrounds.source_mount: /app }
  other:
    image: box:1
    command: sh -c 'sleep 3; cat /y/secret; echo done; sleep 100000'
    restart: always
    volumes: ['./x/inner:/y']
    stop_grace_period: 1s
`;
  await ground.define('links', text);
  const playground = await ground.start('links');
  const { id, name } = playground;
  expect(await ground.docker('inspect', '--format', '{{json .Config.Env}}', `${name}-web-1`)).not.toContain(
    'HOSTS_OWN',
  );
  await until('the link to be there', async () => {
    return (await ground.docker('exec', `${name}-web-1`, 'sh', '-c', 'ls /x')).includes('file');
  });
  const { operation } = await client('playground.hard-restart', { parameters: { playground: id }, body: {} });
  expect(await installation.ended(operation.id)).toMatchObject(well);
  const other = `${name}-other-1`;
  await ground.docker('restart', '--time', '1', other);
  const again = (await ground.docker('inspect', '--format', '{{.State.StartedAt}}', other)).trim();
  const said = async () => await ground.docker('logs', '--since', again, other);
  await until('it to have looked', async () => (await said()).includes('done'));
  expect(await said()).not.toContain('HOSTS_OWN');
  expect((await installation.destroy(id)).status).toBe('succeeded');
}, 120_000);

test('an address that another playground has is refused before anything is made; another subdomain is taken', async () => {
  await ground.define(
    'twice',
    `services: { web: { image: 'box:1', command: httpd -f -p 80 -h /www, labels: { playgrounds.port: 80, playgrounds.visibility: external } } }\n`,
  );
  const first = await ground.start('twice');
  const second = client('playground.start', { body: { playspec: 'twice', authorizedKeys: [] } });
  await expect(second).rejects.toMatchObject({ code: 'host-name-taken' });
  const other = await ground.start('twice', { services: { web: { subdomain: 'other' } } });
  expect(serviceOf(other, 'web')?.url).toBe('https://other.localhost/');
  for (const { id } of [first, other]) await ground.installation.destroy(id);
  expect(await ground.leftovers()).toEqual([]);
}, 120_000);

test('an engine that dies comes back to services that went on, and a start that it died in is finished', async () => {
  const { installation } = ground;
  await ground.define(
    'lasting',
    `services: { web: { image: 'box:1', command: httpd -f -p 80 -h /www, labels: { playgrounds.port: 80, playgrounds.visibility: external } } }\n`,
  );
  const playground = await ground.start('lasting');
  await installation.engine?.kill();
  expect((await ground.visit('https://web-lasting.localhost/')).status).toBe(404);
  for (const step of ['Starting the proxy', 'Generating Compose', 'Starting containers']) {
    await installation.engine?.kill();
    await installation.startEngine({ PLAYHOUSE_CRASH_POINT: `playground.start/${step}/begin` });
    const services = { web: { subdomain: step.toLowerCase().replaceAll(' ', '-') } };
    const begun = await client('playground.start', {
      body: { playspec: 'lasting', authorizedKeys: [], services },
    });
    await installation.engine?.exited;
    await installation.startEngine();
    expect(await installation.ended(begun.operation.id)).toMatchObject(well);
    expect((await installation.destroy(begun.playground.id)).status).toBe('succeeded');
  }
  await until('the services to be known again', async () => {
    return serviceOf(await installation.playground(playground.id), 'web')?.state === 'running';
  });
  await installation.destroy(playground.id);
  expect(await ground.leftovers()).toEqual([]);
}, 240_000);
