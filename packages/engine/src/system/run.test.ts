import { expect, test } from 'vitest';
import { runOrFail } from './run.ts';

test('a failure tells what the program said last', async () => {
  await expect(runOrFail(['sh', '-c', 'echo no such thing >&2; exit 2'])).rejects.toMatchObject({
    code: 'command-failed',
    message: expect.stringContaining('exit code 2: no such thing') as string,
  });
});

test('an exit code that is known to be success is none', async () => {
  expect((await runOrFail(['sh', '-c', 'exit 1'], { successCodes: [1] })).exitCode).toBe(1);
});
