import type { PlannedBuild } from '@playhouse/contract/compose/plan/service-plan';
import { expect, test } from 'vitest';
import { lentRegistries } from './lent-registries.ts';

const recipe = { context: 'app', dockerfile: 'Dockerfile', target: null, arguments: {} };

interface Lending {
  readonly own?: readonly string[];
  readonly values?: readonly (readonly [string, string])[];
  readonly more?: Partial<PlannedBuild>;
}

async function lent(
  file: string | null,
  { own = ['registry.example:5000', 'other.example'], values = [], more = {} }: Lending = {},
) {
  const read = async (tree: string, path: string) =>
    tree === 't' && path === 'app/Dockerfile' ? file : null;
  return await lentRegistries(own, { recipe: { ...recipe, ...more }, values, tree: 't' }, { read });
}

test('a credential is lent to builds that name its registry, wherever they do', async () => {
  const named = ['registry.example:5000'];
  expect(await lent('FROM registry.example:5000/base:1\n')).toEqual(named);
  expect(await lent('FROM x\nCOPY --from=Registry.Example:5000/tools / /\n')).toEqual(named);
  expect(await lent('# syntax=registry.example:5000/frontend\nFROM x\n')).toEqual(named);
  expect(await lent('ARG PORT=5000\nFROM registry.example:${PORT}/base\n')).toEqual(named);
  expect(await lent('ARG BASE\nFROM $BASE\n', { values: [['BASE', 'registry.example:5000/b']] })).toEqual(
    named,
  );
  const inline = { more: { extras: { inline: 'FROM registry.example:5000/base' } } };
  expect(await lent(null, inline)).toEqual(named);
});

test('none is lent to a build that needs none, and that of Docker’s own registry to all', async () => {
  expect(await lent('FROM node:24\n')).toEqual([]);
  expect(await lent(null)).toEqual([]);
  expect(await lent('FROM other.example/x', { own: [] })).toEqual([]);
  expect(await lent('FROM node:24\n', { own: ['docker.io', 'other.example'] })).toEqual(['docker.io']);
});
