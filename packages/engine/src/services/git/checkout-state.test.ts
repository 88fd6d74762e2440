import { expect, test } from 'vitest';
import { commitListed, readStatus } from './checkout-state.ts';

const commit = 'a'.repeat(40);
const said = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');

test('what Git says of a working copy is read, whatever its files are called', () => {
  const head = [`# branch.oid ${commit}`, '# branch.head main', '# branch.upstream origin/main'];
  expect(readStatus(said(...head, '# branch.ab +0 -0'))).toEqual({
    state: { branch: 'main', commit, dirty: false },
    isLevel: true,
  });
  expect(readStatus(said(...head, '# branch.ab +0 -0', '? # branch.head other'))).toMatchObject({
    state: { branch: 'main', dirty: true },
  });
  expect(readStatus(said(...head, '# branch.ab +1 -0')).isLevel).toBe(false);
  expect(readStatus(said(...head)).isLevel).toBe(false);
});

test('on no branch, or on one that follows another, it is level with nothing', () => {
  const none = readStatus(said(`# branch.oid ${commit}`, '# branch.head (detached)'));
  expect(none).toEqual({ state: { branch: 'HEAD', commit, dirty: false }, isLevel: false });
  const lines = [`# branch.oid ${commit}`, '# branch.head mine', '# branch.upstream origin/main'];
  expect(readStatus(said(...lines, '# branch.ab +0 -0')).isLevel).toBe(false);
});

test('a branch without a commit is a fault', () => {
  const damaged = said('# branch.oid (initial)', '# branch.head main');
  expect(() => readStatus(damaged)).toThrow(expect.objectContaining({ code: 'repository-failed' }));
});

test('of references that end alike each has its own commit', () => {
  const listed = `${'b'.repeat(40)}\trefs/heads/refs/heads/main\n${commit}\trefs/heads/main\n`;
  expect(commitListed(listed, 'refs/heads/main')).toBe(commit);
  expect(commitListed('', 'refs/heads/main')).toBeNull();
});
