import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandTable } from './command-table.ts';
import { commandGroups } from '../command/groups.ts';
import { renderCommandHelp, visible } from '../command/help.ts';
import { parseCommandLine } from '../command/parser.ts';
import { renderReference } from '../command/reference.ts';

test('docs/cli.md is what the command table says', () => {
  const file = new URL('../../../../docs/cli.md', import.meta.url);
  // When it is not: node scripts/generate-cli-docs.ts
  expect(readFileSync(file, 'utf8')).toBe(renderReference(commandTable));
});

test.each(commandTable.map((command) => [command.path.join(' '), command] as const))(
  '`%s` has a handler, and examples that parse',
  async (_, command) => {
    expect(typeof (await command.load())).toBe('function');
    expect(command.hidden || command.examples.length > 0).toBe(true);
    for (const { line } of command.examples) {
      const words = /playhouse ([^|>)]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
      expect(parseCommandLine(commandTable, words)).toMatchObject({
        kind: 'command',
        command: { path: command.path },
      });
    }
  },
);

test('no two commands share a name', () => {
  const names = commandTable.flatMap(({ path, aliases = [] }) =>
    [path.at(-1), ...aliases].map((last) => [...path.slice(0, -1), last].join(' ')),
  );
  const groups = commandGroups.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set([...names, ...groups]).size).toBe(names.length + groups.length);
});

test('every noun has a verb', () => {
  const nouns = visible(commandTable).flatMap(({ path }) => (path.length === 2 ? [path[0]] : []));
  expect(new Set(nouns)).toEqual(new Set(commandGroups.map(({ name }) => name)));
});

test('help of a command', () => {
  const command = commandTable.find(({ path }) => path.join(' ') === 'ssh');
  expect(command && renderCommandHelp(command)).toMatchSnapshot('ssh');
});

test('help of the program and of a noun', () => {
  expect(parseCommandLine(commandTable, ['--help'])).toMatchSnapshot('program');
  expect(parseCommandLine(commandTable, ['playground'])).toMatchSnapshot('noun');
});
