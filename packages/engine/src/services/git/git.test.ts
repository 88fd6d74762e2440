import { expect, test } from 'vitest';
import { noGitAccess } from '../../credentials/git-access.ts';
import { filesInTheWay, git, gitError, isBranchMissing } from './git.ts';

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

test.each([`'`, 'Remote branch ', ' ', '\n', `cannot lock ref '`, '\t', 'No ', 'SSL: '])(
  'megabytes of %j that a server says are understood at once',
  (piece) => {
    const said = piece.repeat(4_000_000 / piece.length);
    const before = performance.now();
    expect(gitError('https://x/a', said, 'b').code).toBe('repository-failed');
    expect(isBranchMissing(said)).toBe(false);
    expect(filesInTheWay(said)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(1000);
  },
);

test('after much else, what a server says last is what it failed of', () => {
  const much = `remote: ${'x'.repeat(100)}\n`.repeat(1000);
  const unknown = `${much}fatal: Remote branch none not found in upstream origin\n`;
  expect(gitError('https://x/a', unknown, 'none').code).toBe('branch-unknown');
  expect(
    gitError('https://x/a', `${much}fatal: 'it's..' is not a valid branch name\n`, `it's..`),
  ).toMatchObject({
    code: 'branch-impossible',
    message: expect.stringContaining(`'it's..' is not a valid branch name`),
  });
});

const unable = `fatal: unable to access 'https://x/a/': `;

test.each([
  'server certificate verification failed. CAfile: none CRLfile: none',
  'server verification failed: certificate signer not trusted. (CAfile: none CRLfile: none)',
  'SSL certificate problem: self-signed certificate in certificate chain',
  'SSL certificate problem: certificate has expired',
  `SSL: no alternative certificate subject name matches target host name 'x'`,
  `SSL: certificate subject name 'y' does not match target host name 'x'`,
])('a certificate that is not trusted is told as that: %s', (said) => {
  const error = gitError('https://x/a', unable + said, null);
  expect(error).toMatchObject({
    code: 'repository-untrusted',
    hint: expect.stringContaining('engine.gitAuthorityFile'),
  });
  expect(error.message).toContain(said.replace(/ CAfile: .*/, ''));
});

test('what a server says that has no certificate is not about one', () => {
  const said = 'remote: SSL certificate problem\nfatal: repository not found\n';
  expect(gitError('ssh://x/a', said, null).code).toBe('repository-unknown');
});

test('of very many files in the way the first are told', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `folder/${index}.txt`);
  const said = `error: Your local files would be overwritten by merge:\n${names.map((name) => `\t${name}\n`).join('')}`;
  const told = filesInTheWay(said);
  expect(told.length).toBeGreaterThan(500);
  expect(told).toEqual(names.slice(0, told.length));
});
