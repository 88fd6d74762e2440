import { advise } from '../../manifest/closest.ts';
import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import type { ComposeVariable } from './extension.ts';
import { extensionKey } from './extension.ts';
import type { TemplateUse } from './find-templates.ts';
import { parseNodePath, writeAt } from './node-path.ts';
import { compileValidation } from './validation-pattern.ts';

export type Variables = Readonly<Record<string, ComposeVariable>>;

/** Whether declared variables and those that are used are the same, and each can be what it says. */
export function checkVariables(
  variables: Variables,
  uses: readonly TemplateUse[],
  file: unknown,
): readonly ManifestIssue[] {
  const used = new Set(
    uses.flatMap(({ template }) => (template.kind === 'root-domain' ? [] : [template.name])),
  );
  return [
    ...uses.flatMap((use) => checkUse(use, variables)),
    ...Object.entries(variables).flatMap(([name, variable]) => {
      const path = [extensionKey, 'variables', name];
      const placed = variable.path !== undefined || (variable.paths ?? []).length > 0;
      const needed = used.has(name) || placed;
      const unused = { code: 'compose-variable-unused' as const, path, parameters: { name } };
      return [
        ...(needed ? [] : [unused]),
        ...checkDefault(name, variable, path),
        ...checkPaths(variable, path, file),
      ];
    }),
  ];
}

/** `$$random__NAME` declares itself; a variable of that name must agree with it. */
function checkUse({ template, path }: TemplateUse, variables: Variables): readonly ManifestIssue[] {
  if (template.kind === 'root-domain') return [];
  const { kind, name } = template;
  const declared = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (kind === 'random') {
    const other = declared !== undefined && !declared.random;
    return other ? [{ code: 'compose-variable-not-random', path, parameters: { name } }] : [];
  }
  if (declared !== undefined) return [];
  const advice = advise(name, Object.keys(variables), 'variables');
  return [{ code: 'compose-variable-undeclared', path, parameters: { name, advice } }];
}

function checkDefault(name: string, variable: ComposeVariable, path: ManifestPath): readonly ManifestIssue[] {
  const { validation, default: value } = variable;
  if (validation === undefined) return [];
  const matches = compileValidation(validation);
  if (matches === undefined)
    return [
      { code: 'manifest-bad-pattern', path: [...path, 'validation'], parameters: { value: validation } },
    ];
  if (value === undefined || matches(value)) return [];
  return [
    {
      code: 'compose-variable-refused',
      path: [...path, 'default'],
      parameters: { name, pattern: validation },
    },
  ];
}

function checkPaths(variable: ComposeVariable, path: ManifestPath, file: unknown): readonly ManifestIssue[] {
  const written = [
    ...(variable.path === undefined ? [] : [{ text: variable.path, at: [...path, 'path'] }]),
    ...(variable.paths ?? []).map((text, index) => ({ text, at: [...path, 'paths', index] })),
  ];
  return written.flatMap(({ text, at }): ManifestIssue[] => {
    const place = parseNodePath(text);
    const reachable = place !== undefined && writeAt(file, place, '') !== undefined;
    return reachable ? [] : [{ code: 'compose-bad-node-path', path: at, parameters: { value: text } }];
  });
}
