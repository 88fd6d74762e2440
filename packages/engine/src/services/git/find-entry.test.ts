import { expect, test } from 'vitest';
import { tooMuch } from '../../system/launcher/launcher.ts';
import { findEntry } from './find-entry.ts';

/** What is found where Git answers like this. */
const find = async (stdout: string, exitCode = 0, stderr = '') =>
  await findEntry('a', 'https://x/a', async () => await Promise.resolve({ stdout, exitCode, stderr }));

test.each(['HEAD:a missing\n', 'dangling 6\nHEAD:a\n', 'loop 6\nHEAD:a\n', 'notdir 6\nHEAD:a\n'])(
  'nothing is there where Git says so: %j',
  async (said) => {
    expect(await find(said)).toEqual({ kind: 'missing' });
  },
);

test('files, folders and links that lead out are told apart', async () => {
  expect(await find('0a1b blob 2\nx\n\n')).toEqual({ kind: 'file', text: 'x\n' });
  expect(await find('0a1b tree 29\n…\n')).toEqual({ kind: 'folder', tree: '0a1b' });
  expect(await find('symlink 4\n/etc\n')).toEqual({ kind: 'outside' });
});

test('a failure of Git is not taken for a file that is not there', async () => {
  const detail = (text: string) => ({ code: 'repository-failed', message: expect.stringContaining(text) });
  await expect(find('', 128, 'fatal: bad object')).rejects.toMatchObject(detail('fatal: bad object'));
  await expect(find('0a1b blob 99999999\nxx', -1, tooMuch)).rejects.toMatchObject(
    detail('`a` is larger than 16 MiB'),
  );
  await expect(find('HEAD:a ambiguous\n')).rejects.toMatchObject(detail('ambiguous'));
  await expect(find('')).rejects.toMatchObject(detail('a: '));
  await expect(find('', 128, 'fatal: Authentication failed')).rejects.toMatchObject({
    code: 'repository-refused',
  });
});
