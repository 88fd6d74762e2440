// Fills in the templates of a task's script. What other tasks printed comes from guests, what was given to the task from
// anybody; both may be hostile: they are written
// into the script only as the quoted value of a variable, and the template becomes that variable. Wherever the template
// stands, the shell expands it to data; it becomes code only where the author hands it to a shell (`eval`, `sh -c`).
import type { ChosenConditions } from '@playhouse/contract/manifest/choose-conditions';
import { type ShellContext, shellContexts } from '@playhouse/contract/manifest/shell-context';
import { findTemplates, type Template } from '@playhouse/contract/manifest/task-templates';

export interface TaskOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** What was given to it; empty for none. */
  readonly input: string;
}

export interface TaskValues {
  /** Of the tasks that are needed and exist. */
  readonly outputs: Readonly<Record<string, TaskOutput>>;
  readonly conditions: ChosenConditions;
  /** What was given to the task itself; empty for none. */
  readonly input: string;
}

/** How the variable is written where the template stood. */
const written: Readonly<Record<Exclude<ShellContext, 'comment'>, (variable: string) => string>> = {
  bare: (variable) => variable,
  double: (variable) => variable,
  heredoc: (variable) => variable,
  // Checked manifests have none there: the shell leaves it as it is.
  'quoted-heredoc': (variable) => variable,
  single: (variable) => `'"${variable}"'`,
  ansi: (variable) => `'"${variable}"$'`,
};

/** The script with its templates filled in, and before it what sets `env`, entries of the form `NAME=value`. */
export function renderScript(script: string, env: readonly string[], values: TaskValues): string {
  const names = new Map<string, string>();
  const found = findTemplates(script);
  const contexts = shellContexts(script, found);
  let text = '';
  let at = 0;
  for (const [index, { start, end, text: source }] of found.entries()) {
    const context = contexts[index] ?? 'bare';
    text += script.slice(at, start);
    at = end;
    if (context === 'comment') text += source;
    else {
      const name = names.get(source) ?? `PLAYHOUSE_X${names.size + 1}`;
      names.set(source, name);
      text += written[context](`\${${name}}`);
    }
  }
  text += script.slice(at);
  const assignments = [...names].map(([source, name]) => `${name}=${quote(fill(source, values))}\n`);
  const exports = env.map((entry) => {
    const equals = entry.indexOf('=');
    return `export ${entry.slice(0, equals)}=${quote(fill(entry.slice(equals + 1), values))}\n`;
  });
  return [...exports, ...assignments, text].join('');
}

/** The text with each template replaced by its value, as text. */
function fill(text: string, values: TaskValues): string {
  let filled = '';
  let at = 0;
  for (const { start, end, template } of findTemplates(text)) {
    filled += text.slice(at, start) + valueOf(template, values);
    at = end;
  }
  return filled + text.slice(at);
}

/** Output without white space around it, as `$(…)` and the described system give it; an input as it is. */
function valueOf(template: Template, { outputs, conditions, input }: TaskValues): string {
  if (template.kind === 'condition') return own(conditions, template.key) ?? '';
  if (template.kind === 'user-input') return input;
  if (template.kind !== 'output') return '';
  const output = own(outputs, template.task);
  if (output === undefined) return '';
  if (template.part === 'input') return output.input;
  return template.part === 'exit_code' ? String(output.exitCode ?? '') : output[template.part].trim();
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** A word that a POSIX shell reads as exactly this text; NUL, which no variable can hold, is left out. */
function quote(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", String.raw`'\''`)}'`;
}
