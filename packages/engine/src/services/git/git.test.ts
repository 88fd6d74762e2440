import { expect, test } from 'vitest';
import { noGitAccess } from '../../credentials/git-access.ts';
import { git } from './git.ts';

/** The words with which Git would be started. */
async function wordsOf(options: Parameters<typeof git>[1]): Promise<readonly string[]> {
  let words: readonly string[] = [];
  await git(['status'], options, noGitAccess, async (argv) => {
    words = argv;
    return await Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
  });
  return words;
}

test('what looks at folders that containers write sees them and programs, and changes nothing else', async () => {
  const words = await wordsOf({ within: ['/checkout', '/history'] });
  const binds = words.flatMap((word, index) => (word === '--bind' ? [words[index + 1]] : []));
  expect(words).toContain('bwrap');
  expect(binds).toEqual(['/checkout', '/history']);
  expect(words.indexOf('bwrap')).toBeLessThan(words.indexOf('git'));
});

test('what only looks at folders changes none of them, and nothing of the engine’s environment is near', async () => {
  const words = await wordsOf({
    within: ['/own'],
    sees: ['/checkout'],
    environment: { GIT_INDEX_FILE: '/own/i' },
  });
  const bound = (kind: string) => words.flatMap((word, index) => (word === kind ? [words[index + 1]] : []));
  expect(bound('--bind')).toEqual(['/own']);
  expect(bound('--ro-bind')).toEqual(['/usr', '/checkout']);
  expect(words.slice(0, 2)).toEqual(['env', '--ignore-environment']);
  expect(words).toContain('GIT_INDEX_FILE=/own/i');
});

test('what fetches is not confined: it needs the network', async () => {
  expect((await wordsOf({}))[0]).toBe('env');
});
