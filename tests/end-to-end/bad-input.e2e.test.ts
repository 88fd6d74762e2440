// What users and hosts get wrong: each has its own code, says how to mend it, and leaves nothing behind.
import { chmod, mkdir, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorCode } from '@playhouse/contract/errors/catalogue';
import { Installation } from './support/installation.ts';
import { until } from './support/until.ts';
import { Service } from './support/process.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
});
afterAll(async () => await resources.disposeAsync());

const machine = (lines: string, name = 'vm') => `
    - name: ${name}
      users: [{ name: root }]
      resources: { cpuCount: 1, ramSize: 256MiB }
${lines}`;
const ordinary =
  '      drives: [{ source: debian-12, mount: / }]\n      network: { interfaces: [{ network: local }] }';
const playground = (machines: string, networks = '') =>
  `kind: playground\nplayground:\n${networks}  machines:${machines}\n`;

const bomb = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
).join('\n');

const manifests: readonly (readonly [string, ErrorCode, string, RegExp])[] = [
  [
    'text that is not YAML',
    'manifest-syntax',
    'kind: playground\nplayground: [unclosed',
    /^ *m\.yaml:\d+:\d+/,
  ],
  [
    'an unknown field',
    'manifest-unknown-field',
    playground(machine(`${ordinary}\n      drive: []`)),
    /Did you mean `?drives`?/i,
  ],
  [
    'two machines of one name',
    'manifest-duplicate-machine',
    playground(machine(ordinary) + machine(ordinary)),
    /vm/,
  ],
  [
    'two networks that overlap',
    'manifest-subnet-clash',
    playground(
      machine(ordinary),
      '  networks: [{ name: local, subnet: 10.0.0.0/16 }, { name: other, subnet: 10.0.1.0/24, private: true }]\n',
    ),
    /10\.0\./,
  ],
  [
    'an address outside its subnet',
    'manifest-address-outside-subnet',
    playground(
      machine(
        '      drives: [{ source: debian-12, mount: / }]\n      network: { interfaces: [{ network: local, address: 10.1.2.3 }] }',
      ),
    ),
    /172\.16\.0\.0\/24/,
  ],
  [
    'an unknown source',
    'source-unknown',
    playground(machine(ordinary.replace('debian-12', 'debian-21'))),
    /debian-21/,
  ],
  ['an unknown kernel', 'kernel-unknown', playground(machine(`${ordinary}\n      kernel: "9.9"`)), /9\.9/],
  [
    'a manifest of 5 MB',
    'request-too-large',
    `${playground(machine(ordinary))}# ${'x'.repeat(5_000_000)}`,
    /1 MiB|2 MiB/,
  ],
  [
    'a manifest over its own limit',
    'manifest-too-large',
    `${playground(machine(ordinary))}# ${'x'.repeat(1_200_000)}`,
    /MiB/,
  ],
  ['an alias bomb', 'manifest-alias-bomb', `${bomb}\n`, /alias/i],
];

describe('a manifest that cannot be right', () => {
  test.each(manifests)('%s is %s', async (_, code, text, said) => {
    await writeFile(`${installation.state}/home/m.yaml`, text);
    const { code: exit, stderr } = await installation.cli(
      'playground',
      'start',
      'flexbox',
      '-f',
      `${installation.state}/home/m.yaml`,
    );
    expect(exit).toBe(1);
    const json = await installation.cli(
      'playground',
      'start',
      'flexbox',
      '-f',
      `${installation.state}/home/m.yaml`,
      '--json',
    );
    const { error } = JSON.parse(json.stdout) as { error: { code: string; problems?: { code: string }[] } };
    const codes = [error.code, ...(error.problems ?? []).map((problem) => problem.code)];
    expect(codes).toContain(code);
    expect(stderr.replaceAll(`${installation.state}/home/`, '')).toMatch(
      new RegExp(said.source, `${said.flags}m`),
    );
    expect((await list(installation)).length, 'nothing was made').toBe(0);
    expect(await installation.leftovers()).toEqual([]);
  });

  test('has all its faults told at once', async () => {
    const text = playground(
      machine('      drives: []\n      network: { interfaces: [] }\n      colour: red', 'Not A Name'),
    );
    await expect(installation.start(text)).rejects.toMatchObject({
      code: 'manifest-invalid',
      problems: { length: 4 },
    });
  });
});

describe('access', () => {
  test.each([
    ['without a token', {}, 401, 'token-missing'],
    ['with a wrong token', { authorization: 'Bearer ph_wrong' }, 401, 'token-invalid'],
  ])('%s is refused', async (_, headers, status, code) => {
    const { port } = new URL(installation.env['PLAYHOUSE_ENDPOINT'] ?? '');
    const response = await installation.fetch(`http://127.0.0.1:${port}/api/playgrounds`, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });
});

describe('a host in trouble', () => {
  test.each([
    ['server', 'port-in-use', /already in use/],
    ['engine', 'socket-in-use', /another running process/],
  ] as const)('a second %s on the same installation says %s and ends', async (name, _, said) => {
    // A server with a state directory of its own, so that it is the port that is taken.
    const second = installation.service(
      name,
      name === 'server' ? { PLAYHOUSE_STATE_DIRECTORY: `${installation.state}/home` } : {},
    );
    expect(await second.exited).toBe(1);
    await says(second, said);
    expect(await list(installation)).toEqual([]);
  });

  test('a server whose link socket is served by another says socket-in-use', async () => {
    const second = installation.service('server', { PLAYHOUSE_SERVER_PORT: '7799' });
    expect(await second.exited).toBe(1);
    await says(second, /another running process/);
  });

  test('a server whose user cannot reach the state directory says so, not that the socket is taken', async () => {
    const folder = `${installation.state}/home/locked`;
    await mkdir(folder, { mode: 0o700 });
    const server = installation.service('server', {
      PLAYHOUSE_STATE_DIRECTORY: `${folder}/state`,
      PLAYHOUSE_SERVER_PORT: '7798',
    });
    expect(await server.exited).toBe(1);
    await says(server, /permission denied/);
  });

  test('while the engine is down the API says so, lists still work, and an accepted destroy is carried out later', async () => {
    await using other = await Installation.running();
    const { playground: made, operation } = await other.start(playground(machine(ordinary)));
    await other.ended(operation.id);
    await other.engine?.kill();
    await until('the server to notice', async () => !(await playroom(other)).connected);
    await expect(other.start()).rejects.toMatchObject({ code: 'engine-down', status: 503 });
    expect(await list(other)).toHaveLength(1);
    expect((await other.cli('playground', 'list')).code).toBe(0);
    const client = await other.client();
    const { operation: destroy } = await client('playground.destroy', {
      parameters: { playground: made.id },
    });
    await other.startEngine();
    expect(await other.ended(destroy.id)).toMatchObject({ status: 'succeeded' });
    expect(await other.leftovers()).toEqual([]);
  });

  test.each([
    ['truncated', async (layer: string) => await truncate(layer, 1_000_000), /bytes instead of/],
    ['corrupt', flipBit, /does not match/],
  ])('a %s base layer is found before anything is made of it', async (_, damage, said) => {
    await using other = await Installation.running();
    const [folder = ''] = (await readdir(`${other.state}/sources`)).filter((name) => name.includes('@'));
    const layer = `${other.state}/sources/${folder}/layer.qcow2`;
    await chmod(layer, 0o644);
    await damage(layer);
    const { playground: made, operation } = await other.start(playground(machine(ordinary)));
    const { error } = await other.ended(operation.id);
    expect(error).toMatchObject({ code: 'source-corrupt', step: 'Pulling images' });
    expect(error?.message).toMatch(said);
    expect(await other.destroy(made.id)).toMatchObject({ status: 'succeeded' });
    expect(await other.leftovers()).toEqual([]);
  });

  test('a disk that fills up during a start fails the step, leaves nothing, and retry works once there is room', async () => {
    await using other = await Installation.running({ smallDisk: { folder: 'playgrounds', sizeKiB: 160 } });
    const { playground: made, operation } = await other.start(playground(machine(ordinary)));
    expect((await other.ended(operation.id)).error).toMatchObject({
      code: 'disk-full',
      step: 'Preparing drives',
    });
    expect((await other.hostObjects()).filter((name) => name !== made.id)).toEqual([]);
    const service = new Service(['mount', '-o', 'remount,size=2g', `${other.state}/playgrounds`], {});
    expect(await service.exited).toBe(0);
    const client = await other.client();
    const retried = await client('playground.retry', { parameters: { playground: made.id } });
    expect(await other.ended(retried.operation.id)).toMatchObject({ status: 'succeeded' });
    expect(await other.destroy(made.id)).toMatchObject({ status: 'succeeded' });
  });

  test('a disk that fills up during a bake fails it, and the source that was there still works', async () => {
    await using other = await Installation.running({
      hostNetwork: true,
      smallDisk: { folder: 'sources', sizeKiB: 60_000 },
    });
    const client = await other.client();
    const { operation } = await client('source.bake', { parameters: { name: 'debian-12' } });
    expect((await other.ended(operation.id)).error).toMatchObject({
      code: 'disk-full',
      step: 'Baking the base layer',
    });
    expect(await other.leftovers()).toEqual([]);
    const left = await readdir(`${other.state}/sources`, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => !entry.isDirectory())).toEqual([]);
  });
});

async function list(of: Installation) {
  return (await (await of.client())('playground.list')).playgrounds;
}

async function playroom(of: Installation) {
  return (await (await of.client())('system.playroom')).playroom;
}

/** What a process said may be read a moment after its end was heard of. */
async function says(service: Service, said: RegExp): Promise<void> {
  await expect.poll(() => service.output, { timeout: 10_000 }).toMatch(said);
}

async function flipBit(path: string): Promise<void> {
  const at = 5_000_000;
  const byte = (await readFile(path)).at(at) ?? 0;
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.of(byte ^ 1), 0, 1, at);
  } finally {
    await file.close();
  }
}
