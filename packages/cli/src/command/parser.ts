// The only place that knows commander: it turns the command table into a parser and a command line into a match.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { Command, CommanderError, Option } from 'commander';
import { argumentTerm, renderCommandHelp, renderGroupHelp, renderProgramHelp } from './help.ts';
import type { CommandDefinition } from './definition.ts';
import { camel, type OptionDefinition } from './description.ts';
import { globalOptions } from './global-options.ts';
import { commandGroups } from './groups.ts';

export interface GlobalInput {
  readonly output?: string;
  readonly json?: true;
  readonly endpoint?: string;
  readonly debug?: true;
}

export type Match =
  | {
      readonly kind: 'command';
      readonly command: CommandDefinition;
      readonly input: Input;
      readonly globals: GlobalInput;
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' };

type Input = Readonly<Record<string, unknown>>;

/**
 * Reads a command line (the words after `playhouse`).
 * @throws PlayhouseError usage
 */
export function parseCommandLine(commands: readonly CommandDefinition[], words: readonly string[]): Match {
  // Only as the first word: behind a command, `--version` may be an option of that command.
  if (words[0] === '--version' || words[0] === '-V') return { kind: 'version' };
  let match: Match = { kind: 'help', text: renderProgramHelp(commands) };
  const program = tame(new Command('playhouse'), () => renderProgramHelp(commands));
  for (const option of globalOptions.filter((option) => option.name !== 'help'))
    program.addOption(toOption(option));
  const groups = new Map(
    commandGroups.map((group) => {
      const parent = program.command(group.name).aliases([...group.aliases]);
      return [group.name, tame(parent, () => renderGroupHelp(group, commands))];
    }),
  );
  for (const command of commands) {
    const parent = command.path.length > 1 ? groups.get(command.path[0] ?? '') : program;
    const leaf = tame((parent ?? program).command(command.path.at(-1) ?? ''), () =>
      renderCommandHelp(command),
    );
    leaf.aliases([...(command.aliases ?? [])]);
    for (const argument of command.arguments) leaf.argument(argumentTerm(argument), argument.summary);
    for (const option of command.options) leaf.addOption(toOption(option));
    leaf.action(() => {
      match = {
        kind: 'command',
        command,
        input: inputOf(command, leaf),
        globals: program.opts<GlobalInput>(),
      };
    });
  }
  let help = '';
  program.configureOutput({ writeOut: (text) => (help += text), writeErr: () => undefined });
  for (const command of descendants(program)) command.copyInheritedSettings(program);
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help };
    if (error.code === 'commander.help') return { kind: 'help', text: helpFor(program, words) };
    throw usageError(error, program, words);
  }
  return match;
}

function tame(command: Command, help: () => string): Command {
  command.helpCommand(false).helpOption('-h, --help').exitOverride();
  command.helpInformation = help;
  return command;
}

function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function toOption(definition: OptionDefinition): Option {
  const value = definition.value === undefined ? '' : ` <${definition.value}>`;
  const short = definition.short === undefined ? '' : `-${definition.short}, `;
  const option = new Option(`${short}--${definition.name}${value}`, definition.summary);
  if (definition.repeat !== true) return option;
  return option.argParser((next: string, before: readonly string[] | undefined) => [...(before ?? []), next]);
}

function inputOf(command: CommandDefinition, leaf: Command): Input {
  const values = leaf.opts<Readonly<Record<string, unknown>>>();
  const options = command.options.map((option) => [camel(option.name), optionValue(command, option, values)]);
  const positional = command.arguments.map((argument, index) => [
    argument.name,
    leaf.processedArgs[index] as unknown,
  ]);
  return Object.fromEntries([...positional, ...options]) as Input;
}

function optionValue(
  command: CommandDefinition,
  option: OptionDefinition,
  values: Readonly<Record<string, unknown>>,
): unknown {
  // commander turns `--no-wait` into `wait: false`
  if (option.value === undefined && option.name.startsWith('no-'))
    return values[camel(option.name.slice(3))] === false;
  const value = values[camel(option.name)];
  if (option.repeat === true) return value ?? [];
  if (option.value === undefined) return value === true;
  if (option.minimum === undefined || value === undefined) return value;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= option.minimum) return number;
  const detail = `--${option.name} takes a whole number of at least ${option.minimum}, not \`${typeof value === 'string' ? value : ''}\`.`;
  throw new PlayhouseError('usage', { detail, command: command.path.join(' ') });
}

function helpFor(program: Command, words: readonly string[]): string {
  return deepest(program, words).helpInformation();
}

function usageError(error: CommanderError, program: Command, words: readonly string[]): PlayhouseError {
  const text = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const detail = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
  const path = [];
  for (let at = deepest(program, words); at !== program; at = at.parent ?? program) path.unshift(at.name());
  // Without a command the hint's placeholder would leave two blanks.
  const mended = new PlayhouseError('usage', { detail, command: path.join(' ') });
  return Object.assign(mended, { hint: mended.hint.replace('  ', ' ') });
}

function deepest(program: Command, words: readonly string[]): Command {
  let at = program;
  for (const word of words) {
    at = at.commands.find((child) => child.name() === word || child.aliases().includes(word)) ?? at;
  }
  return at;
}
