// The official sources that no other test bakes are baked from today’s packages and do what their descriptions say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Installation } from '../end-to-end/support/installation.ts';
import { until } from '../end-to-end/support/until.ts';
import { run } from '../end-to-end/support/process.ts';
import { bareInstallation, bootOne } from './support/bare-installation.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;

beforeAll(async () => {
  installation = resources.use(await bareInstallation());
});
afterAll(async () => await resources.disposeAsync());

async function bake(name: string): Promise<void> {
  const client = await installation.client();
  const { operation } = await client('source.bake', { parameters: { name } });
  expect(await installation.ended(operation.id, 1_500_000)).toMatchObject({
    status: 'succeeded',
    error: null,
  });
}

test('debian-13 is baked and boots to SSH, with a systemd that has nothing to complain about', async () => {
  await bake('debian-13');
  const machine = await bootOne(installation, 'debian-13', '384MiB');
  expect(await machine.on('cat /etc/debian_version')).toMatch(/^13/);
  expect(await machine.on('sudo systemctl is-system-running --wait; systemctl --failed --no-legend')).toBe(
    'running',
  );
  await machine.destroy();
});

test('dev is baked and boots: git, a compiler and a debugger work, and its IDE answers on loopback only', async () => {
  await bake('dev');
  const machine = await bootOne(installation, 'dev', '1GiB');
  const program = String.raw`printf '#include <stdio.h>\nint main(void) { puts("compiled"); }\n' > main.c`;
  expect(await machine.on(`${program} && cc -g main.c -o main && ./main`)).toBe('compiled');
  expect(await machine.on('gdb -batch -ex run ./main 2>&1')).toContain('exited normally');
  const commit = 'git -c user.name=me -c user.email=me@example commit -qm first';
  expect(
    await machine.on(
      `git init -q work && cd work && cp ../main.c . && git add . && ${commit} && git log --format=%s`,
    ),
  ).toBe('first');
  // It is written in Python, and the machine is emulated.
  const ask = 'curl -s --max-time 20 http://127.0.0.1:8888/api';
  const answer = async () => (await installation.ssh(machine.address, 'laborant', ask)).stdout;
  await until('the IDE to answer', async () => (await answer()) !== '', undefined, 600_000);
  expect(JSON.parse(await answer())).toMatchObject({ version: expect.stringMatching(/^\d+\./) as string });
  expect(await machine.on('curl -s --max-time 60 http://127.0.0.1:8888/lab')).toContain(
    '<title>JupyterLab</title>',
  );
  const outside = ['curl', '-s', '--max-time', '10', `http://${machine.address}:8888/api`];
  expect(await run(outside), 'from outside').toMatchObject({ code: 7, stdout: '' });
  await machine.destroy();
  expect(await installation.leftovers()).toEqual([]);
});
