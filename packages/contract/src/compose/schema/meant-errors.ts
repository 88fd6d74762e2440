// Where a field may have several forms, a validator says of each why it is not that one. Only what was meant is worth saying.
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { hasPlaceholder } from '../template/find-templates.ts';

export interface PlacedError {
  readonly error: ErrorObject;
  readonly path: ManifestPath;
}

/** What all errors of one place come down to. */
export interface PlaceErrors {
  readonly types: readonly PlacedError[];
  readonly others: readonly PlacedError[];
}

/**
 * One error for each place, or for each unknown field of it. A form was meant when the value is of its type: then what is wrong in it
 * counts, and not that others are of another type. When it is of none, the errors about types become one that names all of them.
 */
export function meantErrors(errors: readonly PlacedError[]): readonly PlacedError[] {
  const places = new Map<string, PlacedError[]>();
  const above = new Set<string>();
  for (const error of errors) {
    const { instancePath } = error.error;
    const before = places.get(instancePath);
    if (before === undefined) {
      places.set(instancePath, [error]);
      for (let end = instancePath.lastIndexOf('/'); end >= 0; end = instancePath.lastIndexOf('/', end - 1)) {
        const parent = instancePath.slice(0, end);
        if (above.has(parent)) break;
        above.add(parent);
      }
    } else before.push(error);
  }
  return [...places].flatMap(([place, all]) => {
    if (all.some(({ error: { data } }) => typeof data === 'string' && hasPlaceholder(data))) return [];
    const own = all.filter(({ error: { keyword } }) => keyword !== 'type' && !isChoice(keyword));
    if (own.length > 0) return firstOf(own);
    if (above.has(place)) return [];
    const types = all.filter(({ error: { keyword } }) => keyword === 'type');
    return types.length > 0 ? [merged(types)] : all.slice(0, 1);
  });
}

function isChoice(keyword: string): boolean {
  return keyword === 'oneOf' || keyword === 'anyOf';
}

/** What is missing was perhaps misspelt: that is told by the field that nobody knows. */
function firstOf(errors: readonly PlacedError[]): readonly PlacedError[] {
  const fields = errors.filter(({ error: { keyword } }) => keyword === 'additionalProperties');
  if (fields.length > 0) return [...new Map(fields.map((each) => [fieldOf(each), each])).values()];
  const missing = errors.filter(({ error: { keyword } }) => keyword === 'required');
  return missing.length > 0 ? missing : errors.slice(0, 1);
}

function fieldOf({ error }: PlacedError): unknown {
  return error.params['additionalProperty'];
}

function merged(errors: readonly PlacedError[]): PlacedError {
  const [first] = errors as [PlacedError];
  const type = [...new Set(errors.flatMap(({ error }) => error.params['type'] as string | string[]))];
  return { ...first, error: { ...first.error, params: { type } } };
}
