import type { Scalar } from 'yaml';
import { isRecord } from '../../manifest/noun.ts';
import type { ReplaceScalar } from '../read-compose.ts';
import type { Variables } from './check-variables.ts';
import type { ChosenValue } from './choose-values.ts';
import { extensionKey } from './extension.ts';
import { replaceTemplates, type Template } from './find-templates.ts';
import { parseNodePath, writeAt } from './node-path.ts';

export interface FillIn {
  readonly chosen: readonly ChosenValue[];
  /** What `$$root_domain` stands for. */
  readonly rootDomain: string;
}

/**
 * What templates inside texts become, for readCompose. A variable without a value is an empty text. Dollar signs of values
 * are doubled, because Docker Compose interpolates what comes out; keys it takes as they are.
 */
export function fillInTexts({ chosen, rootDomain }: FillIn): ReplaceScalar {
  const values = new Map(chosen.map(({ name, value }) => [name, value]));
  const valueOf = (template: Template) =>
    template.kind === 'root-domain' ? rootDomain : (values.get(template.name) ?? '');
  return (scalar, isKey) => {
    const { value: text } = scalar;
    if (typeof text !== 'string' || !text.includes('$$')) return undefined;
    const escape = isKey ? (value: string) => value : escapeDollars;
    const filled = replaceTemplates(text, (template) => escape(valueOf(template)));
    if (filled === text) return undefined;
    return isKey || !isOneTemplate(scalar) ? filled : typed(filled);
  };
}

/** Writes the values of variables to the places that they name, in the order of the file: the last one wins. */
export function fillInPlaces(file: unknown, variables: Variables, { chosen }: FillIn): unknown {
  const values = new Map(chosen.map(({ name, value }) => [name, value]));
  let filled = isRecord(file)
    ? Object.fromEntries(Object.entries(file).filter(([key]) => key !== extensionKey))
    : file;
  for (const [name, { path, paths = [] }] of Object.entries(variables)) {
    const value = values.get(name);
    if (value === undefined) continue;
    for (const text of path === undefined ? paths : [path, ...paths]) {
      const place = parseNodePath(text);
      filled =
        (place === undefined ? undefined : writeAt(filled, place, typed(escapeDollars(value)))) ?? filled;
    }
  }
  return filled;
}

/** Compose reads `$$` as a dollar sign. */
export function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** Without quotes and with nothing beside it, a template is a value of whatever type it turns out to be. */
function isOneTemplate({ type, value }: Scalar): boolean {
  return (
    type === 'PLAIN' && typeof value === 'string' && /^\$\$(?:(?:var|random)__\w+|root_domain)$/.test(value)
  );
}

function typed(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}
