import { lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AgentFixture, startAgent } from './agent-fixture.ts';
import { FrameType, encodeFrame } from './frames.ts';
import { GuestAgent } from './guest-agent.ts';

const isRoot = process.getuid?.() === 0;
const user = userInfo().username;
let fixture: AgentFixture;
let agent: GuestAgent;

beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());
beforeEach(async () => void (agent = await greet()));
afterEach(() => agent.close());

function greet(): Promise<GuestAgent> {
  return GuestAgent.connect(fixture.socketPath, { timeoutMs: 5000, machine: 'node-01', playground: 'p1' });
}

function shell(
  script: string,
  options: { stdin?: string | Buffer; timeoutMs?: number; maxOutputBytes?: number } = {},
) {
  return agent.exec({ argv: ['/bin/sh', '-c', script], user, ...options });
}

test('the agent says its version and boot id', () => {
  expect(agent.identity).toEqual({ version: '1', bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('files are looked for and removed; what is not there is no failure, what cannot be removed is', async () => {
  const path = join(fixture.directory, 'spare');
  await writeFile(path, '');
  expect(await agent.exists(path)).toBe(true);
  await agent.remove([path, join(fixture.directory, 'never')]);
  expect(await agent.exists(path)).toBe(false);
  await agent.remove([path]);
  await expect(agent.remove([fixture.directory])).rejects.toMatchObject({ code: 'guest-agent-refused' });
});

test('the agent tells the time of its machine', async () => {
  const before = BigInt(Date.now()) * 1_000_000n;
  const time = await agent.time();
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(BigInt(Date.now() + 1) * 1_000_000n);
});

test('a command gets its arguments, environment, directory and stdin; its streams and exit code come back', async () => {
  const script = 'cat; echo "$1 $GREETING $PWD" >&2; exit 7';
  const argv = ['/bin/sh', '-c', script, 'sh', 'a b'] as const;
  const result = await agent.exec({
    argv: [...argv],
    user,
    env: { GREETING: 'hi' },
    cwd: '/usr',
    stdin: 'in',
  });
  expect(result).toEqual({
    exitCode: 7,
    signal: null,
    timedOut: false,
    stdout: 'in',
    stderr: 'a b hi /usr\n',
    truncated: false,
  });
});

test("a command sees a clean environment and none of the agent's descriptors", async () => {
  const { stdout } = await agent.exec({ argv: ['env'], user });
  const names = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(new Set(names)).toEqual(new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'USER']));
  expect((await agent.exec({ argv: ['ls', '/proc/self/fd'], user })).stdout).toBe('0\n1\n2\n3\n');
});

test('megabytes of stdin and output pass whole in both directions at once', async () => {
  const stdin = Buffer.alloc(3_000_000, 'abcdefghij');
  const result = await agent.exec({ argv: ['cat'], user, stdin, maxOutputBytes: 4_000_000 });
  expect(result.stdout === stdin.toString()).toBe(true);
});

test('stdin that nobody reads stops neither the command nor the session', async () => {
  expect(await shell('exec <&-; echo done', { stdin: Buffer.alloc(500_000) })).toMatchObject({
    stdout: 'done\n',
  });
  expect(await shell('echo still here')).toMatchObject({ stdout: 'still here\n' });
});

test('output beyond the cap is dropped and said to be', async () => {
  const result = await shell('head -c 100000 /dev/zero; echo end >&2', { maxOutputBytes: 1000 });
  expect([result.stdout.length, result.truncated, result.stderr]).toEqual([1000, true, 'end\n']);
});

test('a time limit kills the whole process group', async () => {
  const mark = join(fixture.directory, 'late');
  const result = await shell(`(sleep 1; touch ${mark}) & sleep 30`, { timeoutMs: 200 });
  expect(result).toMatchObject({ exitCode: null, timedOut: true });
  await sleep(1200);
  await expect(stat(mark)).rejects.toThrow('ENOENT');
});

test('a signal that ends a command is reported', async () => {
  expect(await shell('kill -TERM $$')).toMatchObject({ exitCode: null, signal: 15, timedOut: false });
});

test('an abort kills the command and is cancelled', async () => {
  const signal = AbortSignal.timeout(100);
  await expect(agent.exec({ argv: ['sleep', '30'], user, signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('a background process that keeps the streams open does not hold the answer back', async () => {
  expect(await shell('echo out; sleep 3 &')).toMatchObject({ exitCode: 0, stdout: 'out\n' });
});

test('many commands run at once and each gets its own answer', async () => {
  const results = await Promise.all(Array.from({ length: 50 }, (_, i) => shell(`sleep 0.1; echo ${i}`)));
  expect(results.map(({ stdout }) => Number(stdout))).toEqual([...Array(50).keys()]);
});

test('an unknown user, program or directory is refused with its reason', async () => {
  const refused = (detail: string) => ({
    code: 'guest-agent-refused',
    message: expect.stringContaining(detail),
  });
  await expect(agent.exec({ argv: ['true'], user: 'nobody-here' })).rejects.toMatchObject(
    refused('no such user'),
  );
  await expect(agent.exec({ argv: ['no-such-program'], user })).rejects.toMatchObject(
    refused('No such file'),
  );
  await expect(agent.exec({ argv: ['true'], user, cwd: '/no/dir' })).rejects.toMatchObject(
    refused('directory'),
  );
  await expect(agent.exec({ argv: ['true', 'x'.repeat(40_000)], user })).rejects.toMatchObject(
    refused('32 KiB'),
  );
});

test('garbage and half frames before the greeting do not matter', async () => {
  agent.close();
  const half = encodeFrame(9, FrameType.exec, Buffer.alloc(30_000, 0x41)).subarray(0, 500);
  // On the same connection, as after a resume from memory: no hang-up tells the agent that a new host speaks.
  const raw = connect(fixture.socketPath);
  raw.write(Buffer.concat([Buffer.from('PHG1 noise PHG'), half]));
  const nonce = Buffer.alloc(16, 7);
  raw.write(Buffer.concat([Buffer.alloc(32 * 1024), encodeFrame(0, FrameType.hello, nonce)]));
  const answer = await new Promise<Buffer>((resolve) => {
    let seen = Buffer.alloc(0);
    raw.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      if (seen.includes(nonce)) resolve(seen);
    });
  });
  expect(answer.includes(Buffer.concat([Buffer.from([FrameType.ready])]))).toBe(true);
  raw.destroy();
  agent = await greet();
  expect(await shell('echo ok')).toMatchObject({ stdout: 'ok\n' });
});

test('hanging up kills what runs, and the next host is served', async () => {
  const mark = join(fixture.directory, 'survivor');
  const lost = shell(`sleep 0.5; touch ${mark}`).catch((error: unknown) => error);
  await sleep(100);
  agent.close();
  expect(await lost).toMatchObject({ code: 'guest-agent-silent' });
  agent = await greet();
  await sleep(700);
  await expect(stat(mark)).rejects.toThrow('ENOENT');
});

test('a silent agent is an error after the given time', async () => {
  const waiting = GuestAgent.connect(join(fixture.directory, 'nothing.sock'), {
    timeoutMs: 200,
    machine: 'node-02',
    playground: 'p1',
  });
  await expect(waiting).rejects.toMatchObject({
    code: 'guest-agent-silent',
    message: expect.stringContaining('node-02'),
  });
});

test('a file is written whole with its mode, in directories that are made', async () => {
  const path = join(fixture.directory, 'a/b/file');
  const content = Buffer.alloc(200_000, 'xyz');
  await agent.writeFile({ path, content, mode: 0o750, owner: user });
  expect(await readFile(path)).toEqual(content);
  expect((await stat(path)).mode & 0o7777).toBe(0o750);
  expect(await readdir(join(fixture.directory, 'a/b'))).toEqual(['file']);
});

test('appending keeps what is there and its mode', async () => {
  const path = join(fixture.directory, 'log');
  await writeFile(path, 'one\n', { mode: 0o640 });
  await agent.writeFile({ path, content: 'two\n', mode: 0o600, owner: user, append: true });
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test('writing in place keeps the file itself, and leaves nothing of what was longer', async () => {
  const path = join(fixture.directory, 'id');
  await writeFile(path, 'of another machine\n', { mode: 0o644 });
  const { ino } = await stat(path);
  await agent.writeFile({ path, content: 'own\n', mode: 0o444, owner: user, inPlace: true });
  expect(await readFile(path, 'utf8')).toBe('own\n');
  expect(await stat(path)).toMatchObject({ ino, mode: 0o100444 });
});

test('what is not there, or is a link, is not written in place but made', async () => {
  const at = (name: string) => join(fixture.directory, name);
  const [target, link, fresh] = [at('kept'), at('to-kept'), at('new/fresh')];
  await writeFile(target, 'precious');
  await symlink(target, link);
  for (const path of [link, fresh]) {
    await agent.writeFile({ path, content: 'x', owner: user, inPlace: true });
    expect(await readFile(path, 'utf8')).toBe('x');
  }
  expect(await readFile(target, 'utf8')).toBe('precious');
});

test('a link at the end of the path is replaced, or refused for appending, never followed', async () => {
  const [target, path] = [join(fixture.directory, 'target'), join(fixture.directory, 'link')];
  await writeFile(target, 'precious');
  await symlink(target, path);
  const append = agent.writeFile({ path, content: 'x', owner: user, append: true });
  await expect(append).rejects.toMatchObject({ code: 'guest-agent-refused' });
  await agent.writeFile({ path, content: 'x', owner: user });
  expect(await readFile(target, 'utf8')).toBe('precious');
  expect((await lstat(path)).isSymbolicLink()).toBe(false);
});

test('a write that cannot be done is refused and leaves nothing', async () => {
  const path = join(fixture.directory, 'directory');
  await mkdir(join(path, 'full'), { recursive: true });
  await expect(agent.writeFile({ path, content: 'x', owner: user })).rejects.toMatchObject({
    code: 'guest-agent-refused',
  });
  await expect(agent.writeFile({ path: '/tmp/x', content: '', owner: 'who' })).rejects.toThrow(
    'no such owner',
  );
  expect((await readdir(fixture.directory)).filter((name) => name.startsWith('.playhouse'))).toEqual([]);
});

test.skipIf(!isRoot)('commands run as their user, with its groups (needs root)', async () => {
  const { stdout } = await agent.exec({ argv: ['sh', '-c', 'id -un; id -u; echo $HOME'], user: 'daemon' });
  expect(stdout).toBe('daemon\n1\n/usr/sbin\n');
});

test.skipIf(!isRoot)('an owner is a name, a name with a group, or numbers (needs root)', async () => {
  for (const [owner, uid, gid] of [
    ['daemon', 1, 1],
    ['daemon:root', 1, 0],
    ['12:34', 12, 34],
  ] as const) {
    const path = join(fixture.directory, `owned-by-${uid}-${gid}`);
    await agent.writeFile({ path, content: 'x', owner });
    expect(await stat(path)).toMatchObject({ uid, gid });
  }
});

test('sync answers', async () => {
  await expect(agent.sync()).resolves.toBeUndefined();
}, 60_000);

test('an absurd request is refused, not obeyed', async () => {
  await expect(agent.reseed(Buffer.alloc(0))).rejects.toMatchObject({ code: 'guest-agent-refused' });
});
