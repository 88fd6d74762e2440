// `x(.needs.TASK.stdout)` and its kin in the scripts and variables of init tasks.

/** What a template stands for. */
export type Template =
  | { readonly kind: 'output'; readonly task: string; readonly part: 'stdout' | 'stderr' | 'exit_code' }
  /** The value of an init condition. */
  | { readonly kind: 'condition'; readonly key: string }
  /** What the learner typed on the page; there is no page yet. */
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
  const [, task = '', part] = /^\.([A-Za-z0-9][\w-]*)\.(stdout|stderr|exit_code|input)$/.exec(rest) ?? [];
  if (part === 'input') return { kind: 'user-input' };
  if (part === 'stdout' || part === 'stderr' || part === 'exit_code') return { kind: 'output', task, part };
  return { kind: 'malformed' };
}
