// docs/cli.md, rendered from the command table.
import { argumentTerm, optionRow, type Row, usageLine, visible } from './help.ts';
import type { CommandDescription } from './description.ts';
import { globalOptions } from './global-options.ts';
import { commandGroups } from './groups.ts';

/** The whole reference as Markdown. */
export function renderReference(commands: readonly CommandDescription[]): string {
  const shown = visible(commands);
  return `${[
    '# The `playhouse` command',
    'Generated from the command table by `node scripts/generate-cli-docs.ts`; do not edit.',
    ...overview(shown),
    '## Global options',
    table(['Option', 'Meaning'], globalOptions.map(optionRow)),
    surroundings,
    ...shown.map(renderCommand),
  ].join('\n\n')}\n`;
}

const surroundings = `## Server, token, exit status

The server is the first of: \`--endpoint\`, \`PLAYHOUSE_ENDPOINT\`, the local installation when \`PLAYHOUSE_CONFIG\`,
\`PLAYHOUSE_STATE_DIRECTORY\`, \`PLAYHOUSE_SERVER_HOST\` or \`PLAYHOUSE_SERVER_PORT\` is set,
\`~/.config/playhouse/credentials.json\`, the local installation. The token is the first of: \`PLAYHOUSE_TOKEN\`,
\`PLAYHOUSE_TOKEN_FILE\`, the one noted for that server in \`credentials.json\`, the local admin token if it can be read.

Answers go to standard output, progress and errors to standard error; with \`--json\` all goes to standard output as JSON,
an error as \`{"error": {"code", "message", "hint"}}\` (docs/errors.md lists the codes). Colours obey \`NO_COLOR\`.

| Status | Meaning |
|---|---|
| 0 | done |
| 1 | a known error, said with how to mend it |
| 2 | the command line is not understood |
| 70 | a bug in Playhouse |
| 130 | Ctrl-C |
| any | \`playhouse ssh\`: that of the remote command; 255 when ssh itself failed |`;

function overview(commands: readonly CommandDescription[]): readonly string[] {
  const rows = commands.map((command): Row => {
    const name = `playhouse ${command.path.join(' ')}`;
    return [`[\`${name}\`](#${name.replaceAll(' ', '-')})`, command.summary];
  });
  const nouns = commandGroups.filter(({ aliases }) => aliases.length > 0);
  const aliases = nouns.map(
    ({ name, aliases }) => `\`${name}\` may be written ${aliases.map(code).join(' or ')}`,
  );
  return [table(['Command', 'What it does'], rows), `${aliases.join('; ')}.`];
}

function renderCommand(command: CommandDescription): string {
  const parts = [
    `## playhouse ${command.path.join(' ')}`,
    `${command.summary}. ${command.description ?? ''}`.trim(),
    `    ${usageLine(command)}`,
    command.aliases?.length ? `Also: ${command.aliases.map(code).join(', ')}` : '',
    table(
      ['Argument', 'Meaning'],
      command.arguments.map((argument) => [argumentTerm(argument), argument.summary]),
    ),
    table(['Option', 'Meaning'], command.options.map(optionRow)),
    ['```sh', ...command.examples.flatMap(({ line, explanation }) => [`# ${explanation}`, line]), '```'].join(
      '\n',
    ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function table(head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    ([term, text]) => `| ${term.startsWith('[`') ? term : code(term)} | ${text.replaceAll('|', '\\|')} |`,
  );
  return [`| ${head.join(' | ')} |`, '|---|---|', ...lines].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
