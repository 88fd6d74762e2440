// A playspec's whole life with a real machine: made by a user from a base, started with a partial manifest laid over it,
// updated and removed while its playground runs, and out of reach of everybody else.
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import type { Playspec } from '@playhouse/contract/playspec';
import { Installation } from './support/installation.ts';
import { repository } from './support/locations.ts';
import { type Outcome, run } from './support/process.ts';
import { smallMachine } from './support/small-machine.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
});
afterAll(async () => await resources.disposeAsync());

type Cli = (...words: string[]) => Promise<Outcome>;

/** Makes a user with a token, and gives the `playhouse` command as that user runs it. */
async function asUser(name: string): Promise<Cli> {
  expect(await installation.cli('user', 'create', name)).toMatchObject({ code: 0 });
  const { stdout } = await installation.cli('token', 'create', '--user', name, '--name', 'e2e', '-q');
  const main = `${repository}/packages/cli/src/main.ts`;
  const home = `${installation.state}/home/${name}`;
  const env = {
    ...installation.env,
    PLAYHOUSE_TOKEN_FILE: '',
    PLAYHOUSE_TOKEN: stdout.trim(),
    HOME: home,
    XDG_CONFIG_HOME: `${home}/.config`,
  };
  return async (...words) =>
    await run([...installation.inNetns, process.execPath, main, ...words], { env, timeoutMs: 400_000 });
}

async function file(name: string, text: string): Promise<string> {
  const path = `${installation.state}/home/${name}`;
  await writeFile(path, text);
  return path;
}

const partial = `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: laborant, default: true }, { name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local, address: 172.16.0.77 }] }
`;

test('a playspec of a user starts with a partial manifest over it, and its playground outlives it', async () => {
  const ann = await asUser('ann');
  const bob = await asUser('bob');
  const lab = await file('lab.yaml', `title: A small lab\n${smallMachine}`);
  const created = await ann('playspec', 'create', '--base', 'flexbox', 'lab', '-f', lab);
  expect(created).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('playground start lab') as string,
  });

  // What bob may not list is not there for him, and neither is a start of it.
  const names = async (cli: Cli) =>
    (JSON.parse((await cli('playspec', 'list', '-o', 'json')).stdout) as Playspec[]).map(({ name }) => name);
  expect([await names(ann), await names(bob)]).toEqual([
    expect.arrayContaining(['lab', 'flexbox', 'two-networks', 'nat-gateway']),
    expect.not.arrayContaining(['lab']),
  ]);
  const refused = await bob('playground', 'start', 'lab', '-q');
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no playspec called `lab`') as string,
  });

  const started = await ann('playground', 'start', 'lab', '-f', await file('part.yaml', partial), '-q');
  expect(started.code, started.stderr).toBe(0);
  const id = started.stdout.trim();

  // What the partial manifest says holds, and what it leaves out is the playspec's: one CPU, 256 MiB.
  const inside = await ann('ssh', id, '--', 'id -un; ip -4 -o address show eth0; nproc; free -m');
  expect(inside.code, inside.stderr).toBe(0);
  expect(inside.stdout).toMatch(/^laborant\n.*172\.16\.0\.77\/24.*\n1\n/);
  expect(Number(/Mem: +(\d+)/.exec(inside.stdout)?.[1])).toBeLessThan(256);

  expect(await bob('playground', 'status', id)).toMatchObject({ code: 1 });
  expect(await bob('ssh', id, '--', 'true')).not.toMatchObject({ code: 0 });
  expect(await bob('console', id, 'vm')).toMatchObject({ code: 1 });

  const next = await file('next.yaml', `title: A better lab\n${smallMachine}`);
  expect((await ann('playspec', 'update', 'lab', '-f', next)).stdout).toBe('lab is at version 2.\n');
  expect((await ann('playspec', 'remove', 'lab', '--force')).code).toBe(0);
  const show = await ann('playground', 'status', id, '-o', 'json');
  expect(JSON.parse(show.stdout) as Playground).toMatchObject({
    status: 'running',
    owner: 'ann',
    title: 'A small lab',
    playspec: { name: 'lab', version: 1 },
  });
  expect((await ann('ssh', id, '--', 'true')).code).toBe(0);

  // The tokens of a removed user open nothing; the administrator can put away what is left.
  expect((await installation.cli('user', 'remove', 'ann', '--force')).code).toBe(0);
  expect((await ann('playground', 'list')).stderr).toContain('not known here');
  expect((await installation.cli('playground', 'destroy', id)).code).toBe(0);
  expect(await installation.leftovers()).toEqual([]);
}, 600_000);
