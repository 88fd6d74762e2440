// Help texts, rendered from the command table. docs/cli.md is built from the same parts.
import {
  type ArgumentDefinition,
  type CommandDescription,
  kebab,
  type OptionDefinition,
} from './description.ts';
import { globalOptions } from './global-options.ts';
import { type CommandGroup, commandGroups } from './groups.ts';

/** `playhouse ssh <playground> [command...] [options]` */
export function usageLine(command: CommandDescription): string {
  const words = ['playhouse', ...command.path, ...command.arguments.map(argumentTerm)];
  return [...words, ...(command.options.length > 0 ? ['[options]'] : [])].join(' ');
}

/** Help of one command. */
export function renderCommandHelp(command: CommandDescription): string {
  const names = command.aliases?.length ? [`Also: ${command.aliases.join(', ')}`] : [];
  const values: Row[] = command.arguments.map((argument) => [kebab(argument.name), argument.summary]);
  return join([
    `${command.summary}${command.summary.endsWith('.') ? '' : '.'}`,
    command.description ?? '',
    [`Usage: ${usageLine(command)}`, ...names].join('\n'),
    section('Arguments', values),
    section('Options', command.options.map(optionRow)),
    section('Global options', globalOptions.map(optionRow)),
    renderExamples(command),
  ]);
}

/** Help of a noun. */
export function renderGroupHelp(group: CommandGroup, commands: readonly CommandDescription[]): string {
  const names = group.aliases.length > 0 ? `\nAlso: ${group.aliases.join(', ')}` : '';
  const verbs = visible(commands).filter(
    (command) => command.path.length > 1 && command.path[0] === group.name,
  );
  return join([
    `${group.summary}.`,
    `Usage: playhouse ${group.name} <command>${names}`,
    section(
      'Commands',
      verbs.map((command) => [nameAndAliases(command), command.summary]),
    ),
    `Run \`playhouse ${group.name} <command> --help\` for arguments, options and examples.`,
  ]);
}

/** Help of `playhouse` itself. */
export function renderProgramHelp(commands: readonly CommandDescription[]): string {
  const single = visible(commands).filter((command) => command.path.length === 1);
  const nouns = commandGroups.map((group): Row => {
    const verbs = visible(commands).filter(
      (command) => command.path.length > 1 && command.path[0] === group.name,
    );
    return [group.name, `${group.summary}: ${verbs.map((verb) => verb.path.at(-1)).join(', ')}`];
  });
  return join([
    'Playgrounds from a manifest: live, multi-machine environments on your own host.',
    'Usage: playhouse <command> [options]',
    section(
      'Commands',
      single.map((command) => [nameAndAliases(command), command.summary]),
    ),
    section('Nouns', nouns),
    section('Global options', [...globalOptions.map(optionRow), ['-V, --version', 'Print the version']]),
    'First steps:\n  sudo playhouse up\n  playhouse playground start debian --ssh',
  ]);
}

export type Row = readonly [string, string];

export function argumentTerm(argument: ArgumentDefinition): string {
  const name = `${kebab(argument.name)}${argument.variadic ? '...' : ''}`;
  return argument.optional ? `[${name}]` : `<${name}>`;
}

export function optionRow(option: OptionDefinition): Row {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return [`${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`, option.summary];
}

export function visible(commands: readonly CommandDescription[]): readonly CommandDescription[] {
  return commands.filter((command) => !command.hidden);
}

function nameAndAliases(command: CommandDescription): string {
  return [command.path.at(-1), ...(command.aliases ?? [])].join(', ');
}

function renderExamples(command: CommandDescription): string {
  if (command.examples.length === 0) return '';
  const lines = command.examples.map((example) => `  # ${example.explanation}\n  ${example.line}`);
  return `Examples:\n${lines.join('\n\n')}`;
}

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([term]) => term.length));
  return `${title}:\n${rows.map(([term, text]) => `  ${term.padEnd(width)}   ${text}`).join('\n')}`;
}

function join(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
