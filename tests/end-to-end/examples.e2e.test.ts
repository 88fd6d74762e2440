// Every example of a Compose file, run for real: by the engine, Docker, Caddy and Git, with the programs that it names. Only where the
// images and repositories come from is ours. That each serves what it is there for is what counts.
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { exampleRepositories } from './support/example-repositories.ts';
import { repository } from './support/locations.ts';
import { ServicesGround } from './support/services-ground.ts';
import { bringStandIns } from './support/stand-in-images.ts';
import { until } from './support/until.ts';

const folder = `${repository}/examples/compose`;
let ground: ServicesGround;

interface Example {
  /** What its start is given. */
  readonly more?: object;
  readonly check: (playground: Playground) => Promise<void>;
}

/** What an address shows, logged in as whoever may. */
async function shown({ id }: Playground, url: string): Promise<string> {
  const { stdout } = await ground.installation.cli('playground', 'password', id, '--json');
  const { user, password } = JSON.parse(stdout) as { user: string; password: string };
  const { status, body } = await ground.visit(url, `${user}:${password}`);
  return `${status} ${body}`;
}

async function inside({ name }: Playground, service: string, ...words: string[]): Promise<string> {
  return (await ground.docker('exec', `${name}-${service}-1`, ...words)).trim();
}

/** Waits until a check holds: a container that nobody asks for its health is up before its program takes requests. */
const soon = async (check: () => Promise<void>) =>
  await vi.waitFor(check, { timeout: 60_000, interval: 300 });

const statesOf = ({ services }: Playground) =>
  Object.fromEntries(services.map(({ name, state }) => [name, state]));

const examples: Readonly<Record<string, Example>> = {
  'beside.yaml': {
    check: async (playground) => {
      const at = async (path: string) => await shown(playground, `https://web-beside.localhost${path}`);
      expect(await at('/')).toBe('200 as committed\n');
      expect(await at('/prepared.html')).toContain('200 ');
      expect(await at('/banner')).toBe('200 welcome\n');
      expect(await inside(playground, 'web', 'printenv', 'MODE')).toBe('from the repository');
      expect(await inside(playground, 'web', 'cat', '/run/secrets/token')).toBe('hush');
      await ground.commit('beside', { 'etc/banner.txt': 'changed\n', 'pages/index.html': 'not taken up\n' });
      const parameters = { playground: playground.id };
      const client = await ground.installation.client();
      const { operation } = await client('playground.rollout', { parameters, body: {} });
      expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded' });
      expect(await at('/banner')).toBe('200 changed\n');
      expect(await at('/')).toBe('200 as committed\n');
    },
  },
  'blog.yaml': {
    check: async (playground) => {
      const said = async () => await shown(playground, 'https://localhost/wp-admin/install.php');
      await until(
        'the blog to have its database',
        async () => (await said()).startsWith('200'),
        undefined,
        150_000,
      );
      expect(await said()).toContain('WordPress');
    },
  },
  'gateway.yaml': {
    more: { variables: { GREETING_KEY: 'hidden $1' } },
    check: async (playground) => {
      const at = async (path: string) => await shown(playground, `https://gateway-gateway.localhost${path}`);
      expect(await at('/')).toBe('200 blue or green\n');
      await soon(async () => expect(await at('/blue/')).toBe('200 blue\n'));
      await soon(async () => expect(await at('/green/')).toBe('200 green, for $5\n'));
      expect(await inside(playground, 'green', 'cat', '/run/secrets/key')).toBe('hidden $1');
      expect(await inside(playground, 'green', 'printenv', 'COLOR')).toBe('green');
    },
  },
  'hello.yaml': {
    check: async () => {
      const { status, body } = await ground.visit('https://web-hello.localhost/');
      expect([status, body.includes('Welcome to nginx')]).toEqual([200, true]);
    },
  },
  'job.yaml': {
    check: async ({ id }) => {
      const { code } = await ground.installation.cli('playground', 'wait', id);
      const over = await ground.installation.playground(id);
      expect([code, over.status, over.result]).toEqual([0, 'completed', 'succeeded']);
    },
  },
  'microservices.yaml': {
    more: { variables: { REGION: 'us', DB_PASSWORD: `it's $5` } },
    check: async (playground) => {
      const at = async (path: string) =>
        await shown(playground, `https://app-microservices.localhost${path}`);
      expect(await at('/')).toBe('200 front of us, api at https://app.localhost/api\n');
      expect(await at('/api/')).toBe('200 api of us, quiet, 1.23\n');
      expect(await at('/health')).toBe('200 ');
      const query = ['psql', '--username', 'postgres', '--tuples-only', '--command', 'SELECT 6 * 7'];
      const login = ['env', `PGPASSWORD=it's $5`, ...query, '--host', 'db'];
      await soon(async () => expect(await inside(playground, 'db', ...login)).toBe('42'));
      expect(await inside(playground, 'api', 'getent', 'hosts', 'db')).toContain('db');
      await expect(inside(playground, 'front', 'getent', 'hosts', 'db')).rejects.toThrow('ended with 2');
    },
  },
  'queue.yaml': {
    check: async (playground) => {
      await soon(async () => {
        expect(await shown(playground, 'https://queue-queue.localhost/')).toContain('RabbitMQ Management');
      });
      expect(statesOf(playground)).toEqual({ queue: 'running', producer: 'running', worker: 'running' });
      const workers = ['ps', '--quiet', '--filter', `name=${playground.name}-worker-`];
      expect((await ground.docker(...workers)).trim().split('\n')).toHaveLength(3);
    },
  },
  'reference.yaml': {
    more: { variables: { OWNER: 'Ann Önder', WORKERS: '2', GREETING: 'good day' } },
    check: async (playground) => {
      const said = await shown(playground, 'https://app-reference.localhost/');
      expect(said).toBe('200 Ann Önder, good day, info, 2, 5 $, app.localhost, default, 2 fast\n');
    },
  },
  'syntax.yaml': {
    more: { variables: { TOKEN: 'counted' } },
    check: async (playground) => {
      expect(statesOf(playground)).toEqual({ short: 'running', long: 'running', hardened: 'running' });
      const short = await inside(
        playground,
        'short',
        'sh',
        '-c',
        'echo $A $B $C; cat /motd /run/secrets/token',
      );
      expect(short).toBe('1 two words a=b\nhello ${NAME}\ncounted');
      const long = await inside(playground, 'long', 'sh', '-c', 'echo $A $B $C; id -u; ulimit -Sn; pwd');
      expect(long).toBe('1 two words a=b\n1000\n1024\n/data');
    },
  },
  'web-app.yaml': {
    check: async (playground) => {
      expect(statesOf(playground)).toMatchObject({ web: 'running', worker: 'running', migrate: 'done' });
      expect(await shown(playground, 'https://shop-web-app.localhost/')).toBe('200 tea\n');
      await until('the worker to have worked', async () => {
        return (await inside(playground, 'cache', 'redis-cli', 'get', 'worker')) === '4';
      });
    },
  },
};

/** The file as it is, but for where its repositories are. */
async function textOf(file: string): Promise<string> {
  const text = await readFile(`${folder}/${file}`, 'utf8');
  return text.replaceAll(
    /(?:https:\/\/git\.example\.org\/|git@git\.example\.org:)ann\/(\w+)\.git/g,
    (_all, name: string) => ground.repositoryAddress(name),
  );
}

beforeAll(async () => {
  ground = await ServicesGround.prepare();
  await bringStandIns(ground.docker);
  for (const [name, files] of Object.entries(exampleRepositories)) await ground.repository(name, files);
}, 200_000);
afterAll(async () => await ground[Symbol.asyncDispose](), 120_000);

test('every example is run', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  expect(Object.keys(examples).toSorted()).toEqual(files.toSorted());
});

test.concurrent.each(Object.entries(examples))(
  '%s serves',
  async (file, { more = {}, check }) => {
    const name = file.replace('.yaml', '');
    await ground.define(name, await textOf(file));
    const playground = await ground.start(name, more);
    await check(playground);
    expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  },
  240_000,
);

test('nothing is left of them', async () => {
  expect(await ground.leftovers()).toEqual([]);
});
