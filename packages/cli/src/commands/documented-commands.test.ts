import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../command/parser.ts';
import {
  type DocumentedCommand,
  documentedCommands,
  shortenedCommands,
} from '../testing/documented-commands.ts';
import { commandTable } from './command-table.ts';

const root = new URL('../../../../', import.meta.url).pathname;
const pages = globSync(['README.md', 'docs/**/*.md', 'examples/**/*.yaml'], { cwd: root }).toSorted();
const read = (page: string) => readFileSync(`${root}${page}`, 'utf8');
const names = new Set(
  commandTable.flatMap(({ path }) => path.map((_, count) => path.slice(0, count + 1).join(' '))),
);

/** What is wrong with it; null when it can be typed. */
function faultOf({ words, inText }: Pick<DocumentedCommand, 'words' | 'inText'>): string | null {
  if (inText && (words.length === 0 || names.has(words.join(' ')))) return null;
  try {
    const { kind } = parseCommandLine(commandTable, words);
    return kind !== 'help' || words.at(-1) === '--help' ? null : 'there is no such command';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const told = (page: string, { line, words }: DocumentedCommand, fault: string | null) =>
  fault === null ? [] : [`${page}:${line}: playhouse ${words.join(' ')}: ${fault}`];

test.each(pages)('all commands of %s can be typed', (page) => {
  const text = read(page);
  const faults = documentedCommands(text, page.endsWith('.yaml')).flatMap((command) =>
    told(page, command, faultOf(command)),
  );
  // In a row of a table the noun of the first command may be left out in those behind it.
  const shortened = shortenedCommands(text).flatMap((command) => {
    const { words, inText } = command;
    const alone = faultOf({ words: words.slice(1), inText });
    return alone === null ? [] : told(page, command, faultOf(command));
  });
  expect([...faults, ...shortened]).toEqual([]);
});

test('a command that is none, an option that it does not know, and a missing argument are found', () => {
  const faults = (text: string) => documentedCommands(text).map(faultOf);
  expect(faults('Type `playhouse playground shift 1`, then `playhouse playground stop`.')).toEqual([
    expect.stringContaining('shift') as string,
    null,
  ]);
  expect(faults('    playhouse playground stop --soon 1\n    playhouse playground stop')).toEqual([
    expect.stringContaining('--soon') as string,
    expect.stringMatching(/[Mm]issing/) as string,
  ]);
});
