// `$$var__NAME`, `$$random__NAME` and `$$root_domain` in the texts of a Compose file. Any other `$$` is Compose's own way to
// write a dollar sign, and `$NAME` or `${NAME}` its interpolation: both are left to it.
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';

export type Template =
  | { readonly kind: 'variable' | 'random'; readonly name: string }
  | { readonly kind: 'root-domain' };

export interface TemplateUse {
  readonly template: Template;
  readonly path: ManifestPath;
}

const pattern = /\$\$(?:(var|random)__(\w+)|(root_domain)(?!\w))?/g;

/** The templates of a text, in order. `$$$$var__A` is a dollar sign and then a template. */
export function templatesIn(text: string): readonly Template[] {
  return [...text.matchAll(pattern)].flatMap((match) => toTemplate(match[1], match[2], match[3]) ?? []);
}

/** The text with each template replaced; those for which `valueOf` gives undefined stay. */
export function replaceTemplates(text: string, valueOf: (template: Template) => string | undefined): string {
  return text.replaceAll(pattern, (whole, kind?: string, name?: string, root?: string) => {
    const template = toTemplate(kind, name, root);
    return (template === undefined ? undefined : valueOf(template)) ?? whole;
  });
}

/** Every use of a template in keys and values of the data, `x-playgrounds` apart. */
export function findTemplateUses(file: unknown): readonly TemplateUse[] {
  const rest = isRecord(file)
    ? Object.fromEntries(Object.entries(file).filter(([key]) => key !== 'x-playgrounds'))
    : file;
  return usesIn(rest, []);
}

/** Whether something is yet to be filled in: a template, or an interpolation of Compose. */
export function hasPlaceholder(text: string): boolean {
  if (!text.includes('$')) return false;
  return templatesIn(text).length > 0 || /\$[A-Za-z_{]/.test(text.replaceAll('$$', ''));
}

function usesIn(value: unknown, path: ManifestPath): readonly TemplateUse[] {
  if (typeof value === 'string') return templatesIn(value).map((template) => ({ template, path }));
  if (Array.isArray(value)) return value.flatMap((item, index) => usesIn(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...templatesIn(key).map((template) => ({ template, path: [...path, key] })),
    ...usesIn(item, [...path, key]),
  ]);
}

function toTemplate(kind?: string, name?: string, root?: string): Template | undefined {
  if (root !== undefined) return { kind: 'root-domain' };
  if (kind === undefined || name === undefined) return undefined;
  return { kind: kind === 'var' ? 'variable' : 'random', name };
}
