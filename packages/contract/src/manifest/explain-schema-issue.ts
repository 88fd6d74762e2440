// The one place where what zod found becomes an entry of the error catalogue, in human words.
import type { z } from 'zod';
import { isErrorCode } from '../errors/catalogue.ts';
import { closest } from './closest.ts';
import type { ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { fieldsAt, nestedFields, schemaAt } from './schema-fields.ts';
import { describeValue, kinds, showValue } from './show-value.ts';

type SchemaIssue = z.core.$ZodIssue;

/** Turns zod's issues into catalogue entries. `root` is the schema that found them, parsed with `reportInput`. */
export function explainSchemaIssues(root: z.ZodType, issues: readonly SchemaIssue[]): ManifestIssue[] {
  const explained = issues.flatMap((issue) => explain(root, issue, pathOf(issue.path)));
  // A block that is empty because its content stands one level too far left is one fault, not two.
  const misplaced = explained
    .filter(({ code }) => code === 'manifest-misplaced-field')
    .map(({ path, parameters }) => [...path.slice(0, -1), parameters['parent']].join('\0'));
  return explained.filter(
    ({ code, path }) => code !== 'manifest-missing-field' || !misplaced.includes(path.join('\0')),
  );
}

function explain(root: z.ZodType, issue: SchemaIssue, path: ManifestPath): ManifestIssue[] {
  if (isErrorCode(issue.message)) {
    const extra = issue.code === 'custom' ? issue.params : undefined;
    return [{ code: issue.message, path, parameters: { value: showValue(issue.input), ...extra } }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(root, path, key));
    case 'invalid_type':
      return [wrongType(root, issue.expected, issue.input, path)];
    case 'invalid_union':
      return union(root, issue, path);
    case 'invalid_key':
      return issue.issues.flatMap((inner) =>
        explain(root, { ...inner, input: path.at(-1) } as SchemaIssue, path),
      );
    case 'invalid_value':
      return [issue.input === undefined ? missing(root, path) : badValue(issue, path)];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(issue, path)];
    default:
      return [
        {
          code: 'manifest-bad-value',
          path,
          parameters: { value: showValue(issue.input), advice: `${issue.message}.` },
        },
      ];
  }
}

function unknownField(root: z.ZodType, path: ManifestPath, field: string): ManifestIssue {
  const fields = fieldsAt(root, path) ?? {};
  const known = Object.keys(fields);
  const at = [...path, field];
  const near = closest(field, known);
  if (near === undefined) {
    for (const [parent, schema] of Object.entries(fields)) {
      const nested = nestedFields(schema);
      if (nested === undefined || !Object.hasOwn(nested.fields, field)) continue;
      const advice = nested.list
        ? `Move it into an item of \`${parent}\`, indented like the item’s other fields.`
        : `Indent it so that it stands under \`${parent}:\`.`;
      return { code: 'manifest-misplaced-field', path: at, parameters: { field, parent, advice } };
    }
  }
  const list = `Fields here: ${known.join(', ')}.`;
  const advice = near === undefined ? `Remove it. ${list}` : `Did you mean \`${near}\`? ${list}`;
  return { code: 'manifest-unknown-field', path: at, parameters: { field, advice } };
}

function missing(root: z.ZodType, path: ManifestPath): ManifestIssue {
  const meaning = description(root, path) ?? 'It is needed.';
  return {
    code: 'manifest-missing-field',
    path,
    parameters: { field: String(path.at(-1) ?? 'manifest'), meaning },
  };
}

function description(root: z.ZodType, path: ManifestPath): string | undefined {
  const schema = schemaAt(root, path);
  return schema !== undefined && 'description' in schema && typeof schema.description === 'string'
    ? schema.description
    : undefined;
}

function wrongType(root: z.ZodType, expected: string, input: unknown, path: ManifestPath): ManifestIssue {
  if (input === undefined) return missing(root, path);
  const kind = kinds[expected] ?? { name: expected, advice: 'See docs/manifest.md.' };
  const parameters = { expected: kind.name, actual: describeValue(input), advice: kind.advice };
  return { code: 'manifest-wrong-type', path, parameters };
}

/** Of the forms that a field may have, complains about the one that was probably meant. */
function union(root: z.ZodType, issue: z.core.$ZodIssueInvalidUnion, path: ManifestPath): ManifestIssue[] {
  if (issue.input === undefined) return [missing(root, path)];
  const meant = issue.errors.find(
    (errors) => !errors.some(({ code, path: at }) => isShapeFault(code) && at.length === 0),
  );
  if (meant !== undefined)
    return meant.flatMap((inner) => explain(root, inner, [...path, ...pathOf(inner.path)]));
  const flat = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_union' ? inner.errors.flat() : [inner]));
  const names = flat.flatMap((inner) =>
    inner.code === 'invalid_type' ? [kinds[inner.expected]?.name ?? inner.expected] : [],
  );
  const expected = [...new Set(names)].join(' or ');
  const advice = `Write ${expected}.`;
  return [
    {
      code: 'manifest-wrong-type',
      path,
      parameters: { expected, actual: describeValue(issue.input), advice },
    },
  ];
}

function isShapeFault(code: string | undefined): boolean {
  return code === 'invalid_type' || code === 'invalid_union';
}

function badValue(issue: z.core.$ZodIssueInvalidValue, path: ManifestPath): ManifestIssue {
  const values = issue.values.map(String);
  const near = typeof issue.input === 'string' ? closest(issue.input, values) : undefined;
  const list = values.length === 1 ? `Write \`${values[0]}\`.` : `Use one of: ${values.join(', ')}.`;
  const advice = near === undefined || values.length === 1 ? list : `Did you mean \`${near}\`? ${list}`;
  return { code: 'manifest-bad-value', path, parameters: { value: showValue(issue.input), advice } };
}

function outOfBounds(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  path: ManifestPath,
): ManifestIssue {
  const small = issue.code === 'too_small';
  const limit = Number(small ? issue.minimum : issue.maximum);
  const bound = small ? 'at least' : 'at most';
  const { input } = issue as { input?: unknown };
  if (typeof input === 'string') {
    const remedy = small ? 'longer' : 'shorter';
    return { code: 'manifest-bad-length', path, parameters: { length: input.length, bound, limit, remedy } };
  }
  if (Array.isArray(input)) {
    const remedy = small ? 'Add' : 'Remove';
    return { code: 'manifest-bad-count', path, parameters: { length: input.length, bound, limit, remedy } };
  }
  const fault = small ? 'small' : 'large';
  return { code: 'manifest-bad-number', path, parameters: { value: showValue(input), fault, bound, limit } };
}

function pathOf(path: readonly PropertyKey[]): ManifestPath {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}
