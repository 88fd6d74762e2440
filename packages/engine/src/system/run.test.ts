import { expect, test } from 'vitest';
import { run, runOrFail } from './run.ts';

test('gives output and exit code, whatever the code', async () => {
  const result = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
  expect(result).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 });
});

test('arguments are never read by a shell', async () => {
  expect((await run(['printf', '%s', '$HOME `id` ; "x"'])).stdout).toBe('$HOME `id` ; "x"');
});

test('passes input on', async () => {
  expect((await run(['cat'], { input: 'text' })).stdout).toBe('text');
});

test('lines of both streams are heard as they come, also of a program that fails', async () => {
  const heard: string[] = [];
  const command = ['sh', '-c', 'echo one; echo two >&2; exit 1'];
  const { exitCode } = await run(command, { onLine: (line) => heard.push(line) });
  expect(exitCode).toBe(1);
  expect(heard.toSorted()).toEqual(['one', 'two']);
});

test('a failure tells what the program said last', async () => {
  await expect(runOrFail(['sh', '-c', 'echo no such thing >&2; exit 2'])).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('exit code 2: no such thing') as string,
  });
});

test.each([{}, { onLine: () => {} }])(
  'a program that is not installed, ends too late, or is cancelled (%o)',
  async (options) => {
    await expect(run(['playhouse-no-such-program'], options)).rejects.toMatchObject({
      code: 'command-missing',
    });
    await expect(run(['sleep', '20'], { ...options, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'command-timeout',
    });
    const signal = AbortSignal.timeout(50);
    await expect(run(['sleep', '20'], { ...options, signal })).rejects.toMatchObject({ code: 'cancelled' });
  },
);

test('a program that is killed by somebody else has failed', async () => {
  const { exitCode, stderr } = await run(['sh', '-c', 'kill -9 $$']);
  expect(exitCode).toBe(-1);
  expect(stderr).toContain('SIGKILL');
});
