import { expect, test } from 'vitest';
import { commandTable } from '../commands/command-table.ts';
import { parseCommandLine } from './parser.ts';

function inputOf(line: string): unknown {
  const match = parseCommandLine(commandTable, line.split(' '));
  return match.kind === 'command' ? { path: match.command.path.join(' '), ...match.input } : match;
}

test('aliases lead to the same command', () => {
  expect(inputOf('p ls')).toEqual({ path: 'playground list', all: false });
  expect(inputOf('pg rm 42')).toEqual({ path: 'playground destroy', playground: '42', noWait: false });
});

test('words after -- belong to the remote command, whatever they look like', () => {
  expect(inputOf('ssh 42 -m a -- ls -la --json')).toEqual({
    path: 'ssh',
    playground: '42',
    machine: 'a',
    user: undefined,
    command: ['ls', '-la', '--json'],
  });
});

test('global options may stand anywhere before --', () => {
  const match = parseCommandLine(commandTable, ['playground', 'list', '--json', '--endpoint', 'http://a']);
  expect(match).toMatchObject({ kind: 'command', globals: { json: true, endpoint: 'http://a' } });
  const early = parseCommandLine(commandTable, ['-o', 'yaml', 'playground', 'list']);
  expect(early).toMatchObject({ kind: 'command', globals: { output: 'yaml' } });
});

test('a flag that says no is true when given', () => {
  expect(inputOf('up --no-demo')).toEqual({ path: 'up', noDemo: true });
  expect(inputOf('up')).toEqual({ path: 'up', noDemo: false });
});

test('numbers are numbers', () => {
  expect(inputOf('console 42 --tail 5')).toMatchObject({ tail: 5, boot: undefined });
  expect(() => inputOf('console 42 --boot 0')).toThrow('--boot takes a whole number of at least 1, not `0`.');
});

test('a mistyped command is a usage error that suggests the right one', () => {
  expect(() => inputOf('plaground')).toThrow("Unknown command 'plaground' (Did you mean playground?)");
  expect(() => inputOf('playground lst')).toThrow('Did you mean one of list, ls?');
});

test('a missing argument is a usage error', () => {
  expect(() => inputOf('playground start')).toThrow("Missing required argument 'playspec'.");
  expect(() => inputOf('up now')).toThrow('Too many arguments for');
});
