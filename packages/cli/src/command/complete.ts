// What may come next on a command line, derived from the command table.
import { expiryActions } from '@playhouse/contract/lifetime';
import { type CommandDescription, kebab, type OptionDefinition, type ValueKind } from './description.ts';
import { shells } from './completion-scripts.ts';
import { globalOptions } from './global-options.ts';
import { commandGroups } from './groups.ts';
import { visible } from './help.ts';

export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

/** Looks live values up; an empty list when that is not possible. */
export type ValueSource = (kind: ValueKind, words: readonly string[]) => Promise<readonly Candidate[]>;

/** Candidates for the last of `words`, which may be empty or half typed. */
export async function completeWords(
  commands: readonly CommandDescription[],
  words: readonly string[],
  values: ValueSource,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const candidates = await candidatesAfter(commands, before, current, values);
  return candidates.filter(({ word }) => word.startsWith(current));
}

async function candidatesAfter(
  commands: readonly CommandDescription[],
  before: readonly string[],
  current: string,
  values: ValueSource,
): Promise<readonly Candidate[]> {
  const { command, group, rest } = locate(commands, before);
  if (before.includes('--')) return [];
  if (command === null) return current.startsWith('-') ? flags(globalOptions) : nextWords(commands, group);
  const options: readonly OptionDefinition[] = [...command.options, ...globalOptions];
  const taking = options.find((option) => option.value !== undefined && isFlag(option, before.at(-1) ?? ''));
  if (taking) return taking.kind === undefined ? [] : valuesOf(taking.kind, rest, values);
  if (current.startsWith('-')) return flags(options);
  const given = rest.filter((word, index) => !word.startsWith('-') && !takesValue(options, rest[index - 1]));
  const argument = command.arguments[Math.min(given.length, command.arguments.length - 1)];
  if (argument?.kind === undefined || (given.length >= command.arguments.length && !argument.variadic))
    return [];
  return valuesOf(argument.kind, given, values);
}

function locate(commands: readonly CommandDescription[], before: readonly string[]) {
  const positions = before.flatMap((word, index) => (word.startsWith('-') ? [] : [index]));
  const [first, second] = positions.map((index) => before[index] ?? '');
  const group =
    commandGroups.find(({ name, aliases }) => first === name || aliases.includes(first ?? '')) ?? null;
  const depth = group === null ? 0 : 1;
  const verb = group === null ? first : second;
  const command =
    commands.find(
      ({ path, aliases }) =>
        path.length === depth + 1 &&
        (group === null || path[0] === group.name) &&
        verb !== undefined &&
        (path.at(-1) === verb || aliases?.includes(verb)),
    ) ?? null;
  return { group, command, rest: before.slice((positions[depth] ?? -1) + 1) };
}

function nextWords(
  commands: readonly CommandDescription[],
  group: { readonly name: string } | null,
): readonly Candidate[] {
  const shown = visible(commands).map(({ path, summary }) => ({ path, summary }));
  if (group !== null) {
    return shown
      .filter(({ path }) => path.length > 1 && path[0] === group.name)
      .map(({ path, summary }) => ({ word: path[1] ?? '', summary }));
  }
  const single = shown
    .filter(({ path }) => path.length === 1)
    .map(({ path, summary }) => ({ word: path[0] ?? '', summary }));
  return [...single, ...commandGroups.map(({ name, summary }) => ({ word: name, summary }))];
}

async function valuesOf(
  kind: ValueKind,
  words: readonly string[],
  values: ValueSource,
): Promise<readonly Candidate[]> {
  if (kind === 'shell') return shells.map((word) => ({ word, summary: '' }));
  if (kind === 'expiry') return expiryActions.map((word) => ({ word, summary: '' }));
  if (kind === 'format') return ['json', 'yaml', 'table'].map((word) => ({ word, summary: '' }));
  return kind === 'file' ? [] : values(kind, words);
}

function flags(options: readonly OptionDefinition[]): readonly Candidate[] {
  return options.map(({ name, summary }) => ({ word: `--${kebab(name)}`, summary }));
}

function isFlag(option: OptionDefinition, word: string): boolean {
  return word === `--${option.name}` || (option.short !== undefined && word === `-${option.short}`);
}

function takesValue(options: readonly OptionDefinition[], word: string | undefined): boolean {
  return word !== undefined && options.some((option) => option.value !== undefined && isFlag(option, word));
}
