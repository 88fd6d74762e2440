import { expect, test } from 'vitest';
import { commandTable } from '../commands/command-table.ts';
import { completeWords } from './complete.ts';

async function words(...typed: string[]): Promise<readonly string[]> {
  const values = async (kind: string) => [{ word: `some-${kind}`, summary: '' }];
  return (await completeWords(commandTable, typed, values)).map(({ word }) => word);
}

test('commands and nouns come first', async () => {
  expect(await words('')).toEqual(expect.arrayContaining(['up', 'ssh', 'playground']));
  expect(await words('pl')).toEqual(['playground', 'playspec']);
  expect(await words('')).not.toContain('__complete');
});

test('verbs follow a noun, also by its alias', async () => {
  expect(await words('p', 'st')).toEqual(['start', 'status', 'stop']);
});

test('arguments are looked up by their kind', async () => {
  expect(await words('ssh', '')).toEqual(['some-playground']);
  expect(await words('playground', 'start', '')).toEqual(['some-playspec']);
  expect(await words('console', 'pg-1-x', '')).toEqual(['some-machine']);
  expect(await words('console', 'pg-1-x', 'server', '')).toEqual([]);
});

test('options and their values', async () => {
  expect(await words('ssh', 'pg-1', '--m')).toEqual(['--machine']);
  expect(await words('ssh', 'pg-1', '-m', '')).toEqual(['some-machine']);
  expect(await words('playground', 'list', '-o', '')).toEqual(['json', 'yaml', 'table']);
  expect(await words('completion', 'z')).toEqual(['zsh']);
});

test('nothing is offered for a remote command', async () => {
  expect(await words('ssh', 'pg-1', '--', '')).toEqual([]);
});
