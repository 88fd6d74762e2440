import { expect, test } from 'vitest';
import { pruneLockfile } from './prune-lockfile.ts';

test('drops optional dependencies that the lockfile names without an entry', () => {
  const { lockfile, removed } = pruneLockfile({
    packages: {
      '': {},
      'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-mars': '1.0.0' } },
      'node_modules/tool-linux': {},
    },
  });
  expect(removed).toEqual(['tool-mars']);
  expect(lockfile.packages['node_modules/tool']).toEqual({ optionalDependencies: { 'tool-linux': '1.0.0' } });
});

test('keeps an optional dependency that is nested in its dependent', () => {
  const before = {
    packages: {
      'node_modules/@a/tool': { optionalDependencies: { helper: '1.0.0' } },
      'node_modules/@a/tool/node_modules/helper': {},
    },
  };
  expect(pruneLockfile(before)).toEqual({ lockfile: before, removed: [] });
});

test('leaves no empty list behind', () => {
  const { lockfile } = pruneLockfile({
    packages: { 'node_modules/t': { optionalDependencies: { gone: '1' } } },
  });
  expect(lockfile.packages['node_modules/t']).toEqual({});
});
