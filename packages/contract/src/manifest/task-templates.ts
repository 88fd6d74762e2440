// `x(.needs.TASK.stdout)` and its kin in the scripts and variables of init tasks.

const outputParts = ['stdout', 'stderr', 'exit_code', 'input'] as const;
/** What can be had of another task: what it printed, how it ended, what was given to it. */
export type OutputPart = (typeof outputParts)[number];

/** What a template stands for. */
export type Template =
  | { readonly kind: 'output'; readonly task: string; readonly part: OutputPart }
  /** The value of an init condition. */
  | { readonly kind: 'condition'; readonly key: string }
  /** What was last given to the task as its input. */
  | { readonly kind: 'user-input' }
  | { readonly kind: 'malformed' };

export interface FoundTemplate {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly template: Template;
}

/** All templates of a text, in order. Only `x(.needs…)` and `x(.input…)` are any: `index(.a)` belongs to another program. */
export function findTemplates(text: string): readonly FoundTemplate[] {
  const pattern = /(?<!\w)x\(\s*\.(needs|input)\b([^()\n]*)\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    template: parse(match[1] ?? '', (match[2] ?? '').trim()),
  }));
}

function parse(root: string, rest: string): Template {
  if (root === 'input') {
    if (rest === '') return { kind: 'user-input' };
    return rest.length > 1 && rest.startsWith('.')
      ? { kind: 'condition', key: rest.slice(1) }
      : { kind: 'malformed' };
  }
  const [, task = '', word] = /^\.([A-Za-z0-9][\w-]*)\.(\w+)$/.exec(rest) ?? [];
  const part = outputParts.find((each) => each === word);
  return part === undefined ? { kind: 'malformed' } : { kind: 'output', task, part };
}
