// Commands in containers of Compose services, with a real Docker Engine and real terminals.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { repository } from './support/locations.ts';
import { prepareGround } from './support/prepare-ground.ts';
import { run } from './support/process.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

let ground: ServicesGround;
let playground: Playground;

prepareGround((prepared) => void ({ ground } = prepared));

const stack = `
services:
  web: { image: 'box:1', command: sleep 100000, stop_grace_period: 0s }
  done: { image: 'box:1', command: 'true', restart: 'no' }
`;

beforeAll(async () => {
  await ground.define('exec', stack);
  playground = await ground.start('exec');
}, 120_000);
afterAll(async () => await ground.installation.destroy(playground.id), 60_000);

const words = (...command: string[]) => ['playground', 'exec', playground.name, ...command];

/** The same with an input. */
async function execWith(input: string | Buffer, ...command: string[]) {
  const { installation } = ground;
  const main = [process.execPath, `${repository}/packages/cli/src/main.ts`];
  return await run([...installation.inNetns, ...main, ...words(...command)], {
    env: installation.env,
    input: input.toString(),
  });
}

test('a command has its words, input and both outputs as they are, and its exit status is passed through', async () => {
  const { installation } = ground;
  const script = 'echo "$1"; echo trouble >&2; cat; exit 7';
  expect(await execWith('what goes in\n', 'web', '--', 'sh', '-c', script, 'sh', "it's $HOME")).toEqual({
    code: 7,
    stdout: "it's $HOME\nwhat goes in\n",
    stderr: 'trouble\n',
  });
  const large = 'x'.repeat(3_000_000);
  expect((await execWith(large, 'web', '--', 'sh', '-c', 'cat | wc -c')).stdout.trim()).toBe('3000000');
  expect((await execWith('echo $((6 * 7))\n', 'web')).stdout).toBe('42\n');
  const whoAmI = 'while read key id rest; do [ "$key" = Uid: ] && echo $id; done < /proc/self/status; true';
  const asNobody = ['web', '--user', '65534', '--', 'sh', '-c', whoAmI];
  expect((await installation.cli(...words(...asNobody))).stdout).toBe('65534\n');
});

test.each([
  ['of its size', 'stty cols 101 rows 33; ', '33 101'],
  ['of the usual one where it knows none', '', '24 80'],
])('at a terminal it has one, %s', async (_, before, size) => {
  const { installation } = ground;
  // Docker sizes a terminal once the command runs.
  const untilItIsKnown = `until [ "$(stty size 2> /dev/null)" = "${size}" ]; do sleep 0.1; done`;
  const main = `${process.execPath} ${repository}/packages/cli/src/main.ts`;
  const command = `${before}${main} ${words('web').join(' ')} -- sh -c '${untilItIsKnown}; tty; stty size; exit 4'`;
  const { code, stdout } = await run(
    [...installation.inNetns, 'script', '--quiet', '--return', '--command', command, '/dev/null'],
    { env: { ...installation.env, SHELL: '/bin/sh' } },
  );
  expect(stdout.replaceAll('\r', '').split('\n')).toEqual([
    expect.stringMatching(/\/dev\/pts\/\d+$/),
    size,
    '',
  ]);
  expect(code).toBe(4);
});

test('a client that is gone takes its command with it, and all that this began', async () => {
  const processes = async () => await ground.docker('top', `${playground.name}-web-1`);
  const client = ground.installation.cliService(...words('web', '--', 'sh', '-c', 'sleep 31337; true'));
  await until('the command to run', async () => (await processes()).includes('sleep 31337'));
  await client.kill('SIGKILL');
  await expect.poll(processes, { timeout: 20_000 }).not.toContain('sleep 31337');
});

test('so does one that is gone while its command does not read what it is given', async () => {
  const processes = async () => await ground.docker('top', `${playground.name}-web-1`);
  const { inNetns, env } = ground.installation;
  const main = [process.execPath, `${repository}/packages/cli/src/main.ts`];
  const client = spawn('env', [...inNetns, ...main, ...words('web', '--', 'sleep', '31338')], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  client.stdin.on('error', () => {});
  client.stdin.write('y'.repeat(20_000_000));
  await until('the command to run', async () => (await processes()).includes('sleep 31338'));
  // As much as fits is on its way.
  await setTimeout(2000);
  client.kill('SIGKILL');
  await expect.poll(processes, { timeout: 30_000 }).not.toContain('sleep 31338');
}, 60_000);

test('commands that an engine died with are ended by the next, at a terminal or not', async () => {
  const { installation } = ground;
  const processes = async () => await ground.docker('top', `${playground.name}-web-1`);
  const main = `${process.execPath} ${repository}/packages/cli/src/main.ts`;
  const command = `${main} ${words('web').join(' ')} -- sh -c 'trap "" HUP; sleep 31339; true'`;
  const atTerminal = spawn(
    'env',
    [...installation.inNetns, 'script', '--quiet', '--command', command, '/dev/null'],
    { env: { ...process.env, ...installation.env, SHELL: '/bin/sh' }, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const piped = installation.cliService(...words('web', '--', 'sh', '-c', 'sleep 31340; true'));
  for (const each of ['sleep 31339', 'sleep 31340'])
    await until(`${each} to run`, async () => (await processes()).includes(each));
  await installation.engine?.kill('SIGKILL');
  expect(await processes()).toContain('sleep 31339');
  await installation.startEngine();
  await expect.poll(processes, { timeout: 20_000 }).not.toMatch(/sleep 313(?:39|40)/);
  const notes = async () => await readdir(`${installation.state}/run/execs`);
  await expect.poll(notes, { timeout: 20_000 }).toEqual([]);
  expect((await execWith('', 'web', '--', 'echo', 'on')).stdout).toBe('on\n');
  // Whoever waited for it has it before the engine has put its note away.
  await expect.poll(notes, { timeout: 20_000 }).toEqual([]);
  atTerminal.kill();
  await piped.kill();
}, 90_000);

test('what cannot run says why', async () => {
  const { installation } = ground;
  const said = async (...command: string[]) => {
    const { code, stdout, stderr } = await installation.cli(...words(...command));
    return { code, said: stdout + stderr };
  };
  expect(await said('nobody', '--', 'true')).toEqual({
    code: 1,
    said: `error: ${playground.name} has no service \`nobody\`.\n  hint: It has: web, done.\n`,
  });
  expect((await said('done', '--', 'true')).said).toContain(
    `No container of service \`done\` of ${playground.name} runs: it ended with exit code 0.`,
  );
  const missing = await said('web', '--', 'no-such-program');
  expect(missing).toMatchObject({ code: 126, said: expect.stringContaining('no-such-program') });
  expect((await said('web', '--user', 'nobody-here', '--', 'true')).code).not.toBe(0);
  expect((await installation.cli('ssh', playground.name)).stderr).toContain(
    `playhouse playground exec ${playground.name} SERVICE`,
  );
});
