import { expect, test } from 'vitest';
import { documentedCommands, shortenedCommands } from './documented-commands.ts';

test('commands of code blocks end at comments, pipes and redirections', () => {
  const text = [
    '    sudo ./playhouse up   # once',
    '```sh',
    "cat key | A=1 playhouse credential add 'a b' --key - > out",
    'playhouse playground logs 1 [--follow] && playhouse doctor',
    'cp /var/lib/playhouse /tmp',
    '```',
    'Nothing of playhouse here.',
  ].join('\n');
  expect(documentedCommands(text)).toEqual([
    { line: 1, words: ['up'], inText: false },
    { line: 3, words: ['credential', 'add', 'a b', '--key', '-'], inText: false },
    { line: 4, words: ['playground', 'logs', '1'], inText: false },
    { line: 4, words: ['doctor'], inText: false },
  ]);
  const example = "# Try it: playhouse playground start x -f x.yaml\nkind: playground # or playhouse's own";
  expect(documentedCommands(example, true)).toEqual([
    { line: 1, words: ['playground', 'start', 'x', '-f', 'x.yaml'], inText: false },
  ]);
});

test('in running text they stand in backquotes; in a row of a table their noun may be left out', () => {
  const text = '| `playhouse source list` · `bake x` · `playhouse doctor` | `none` · `of them` |';
  expect(documentedCommands(text).map(({ words }) => words.join(' '))).toEqual(['source list', 'doctor']);
  expect(shortenedCommands(text)).toEqual([{ line: 1, words: ['source', 'bake', 'x'], inText: true }]);
});
