import { advise } from '../../manifest/closest.ts';
import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import type { Variables } from './check-variables.ts';
import { type ComposeVariable, extensionKey, isSecretVariable } from './extension.ts';
import type { TemplateUse } from './find-templates.ts';
import { compileValidation } from './validation-pattern.ts';

export interface ChosenValue {
  readonly name: string;
  readonly value: string;
  readonly source: 'given' | 'default' | 'random';
  /** Hide it from view. */
  readonly secret: boolean;
}

export interface GivenValues {
  /** By name, from whoever starts the playground. */
  readonly given: Readonly<Record<string, string>>;
  /** Random values of the same playground from before: a second start must not change them. */
  readonly kept: Readonly<Record<string, string>>;
  /** That many random hex digits. */
  readonly newHex: (digits: number) => string;
}

const randomDigits = 32;

/** The value of every variable, in this order: given, default, random. Without any it is empty, or refused when required. */
export function chooseValues(
  variables: Variables,
  uses: readonly TemplateUse[],
  values: GivenValues,
): { readonly chosen: readonly ChosenValue[]; readonly issues: readonly ManifestIssue[] } {
  const issues: ManifestIssue[] = Object.keys(values.given)
    .filter((name) => !Object.hasOwn(variables, name))
    .map((name) => {
      const advice = advise(name, Object.keys(variables), 'variables');
      return {
        code: 'compose-variable-unknown',
        path: [extensionKey, 'variables'],
        parameters: { name, advice },
      };
    });
  const chosen = Object.entries(variables).flatMap(([name, variable]): ChosenValue[] => {
    const found = choose(name, variable, values);
    const path = [extensionKey, 'variables', name];
    if (found === undefined) {
      const title = variable.name ?? name;
      if (variable.required)
        issues.push({ code: 'compose-variable-missing', path, parameters: { name, title } });
      return [];
    }
    const { validation: pattern } = variable;
    const matches = pattern === undefined ? undefined : compileValidation(pattern);
    if (pattern !== undefined && found.source === 'given' && matches?.(found.value) === false)
      issues.push({ code: 'compose-variable-refused', path, parameters: { name, pattern } });
    return [found];
  });
  return { chosen: [...chosen, ...legacyRandoms(variables, uses, values)], issues };
}

function choose(name: string, variable: ComposeVariable, values: GivenValues): ChosenValue | undefined {
  const secret = isSecretVariable(variable);
  const given = own(values.given, name);
  // An empty answer to a question is none.
  if (given !== undefined && given !== '') return { name, value: given, source: 'given', secret };
  if (variable.default !== undefined) return { name, value: variable.default, source: 'default', secret };
  return variable.random ? random(name, values, secret) : undefined;
}

/** Values of `$$random__NAME` for which nothing is declared. */
function legacyRandoms(
  variables: Variables,
  uses: readonly TemplateUse[],
  values: GivenValues,
): readonly ChosenValue[] {
  const names = uses.flatMap(({ template }) => (template.kind === 'random' ? [template.name] : []));
  return [...new Set(names)]
    .filter((name) => !Object.hasOwn(variables, name))
    .map((name) => random(name, values, true));
}

function random(name: string, { kept, newHex }: GivenValues, secret: boolean): ChosenValue {
  return { name, value: own(kept, name) ?? newHex(randomDigits), source: 'random', secret };
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
