import { expect, test } from 'vitest';
import type { Connection } from '../program/context.ts';
import { destroyAll } from './destroy-all.ts';

test('before anything is destroyed no version of a playspec is to have a spare copy any more', async () => {
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    'playspec.list': { playspecs: [{ name: 'debian' }, { name: 'lab' }] },
    'playspec.versions': { versions: [{ version: 2 }, { version: 1 }] },
    'playground.list': { playgrounds: [{ id: 'a', name: 'pg-1-lab', status: 'destroyed' }] },
  };
  const client = async (route: string, { parameters = {}, body = {} }: Record<string, object> = {}) => {
    asked.push([route, ...Object.values(parameters), ...Object.entries(body).flat()].join(' '));
    return await Promise.resolve(answers[route]);
  };
  const said: (string | null)[] = [];
  const connection = { client } as unknown as Connection;
  expect(await destroyAll(connection, (line) => said.push(line), new AbortController().signal)).toBe(0);
  const given = ['debian@2', 'debian@1', 'lab@2', 'lab@1'].map(
    (name) => `playspec.keep-spare ${name} wanted false`,
  );
  expect(asked.filter((line) => line.startsWith('playspec.keep-spare'))).toEqual(given);
  expect(asked.at(-1)).toBe('playground.list');
  expect(said).toEqual(['there were none']);
});
