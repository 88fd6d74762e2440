// Manifests that were copied from web pages often lost some indentation: what belongs into a block stands below it, one
// level too far left. Where that can be meant in one way only it is put right, with a note.
import type { z } from 'zod';
import type { ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { isRecord } from './noun.ts';
import { fieldsAt, nestedFields, schemaAt } from './schema-fields.ts';

type AnySchema = z.core.$ZodType;
type Fields = Readonly<Record<string, AnySchema>>;

export interface Healed {
  readonly value: unknown;
  /** One note for each field that was moved, at the place where it was written. */
  readonly moved: readonly ManifestIssue[];
}

/**
 * Moves a field that its block does not know into the known field right above it, when that one is an empty block which has
 * such a field, or a list whose last item may have it and does not. Everything else stays, for the schema to judge.
 */
export function healIndentation(value: unknown, schema: AnySchema): Healed {
  const moved: ManifestIssue[] = [];
  return { value: heal(value, schema, [], moved), moved };
}

function heal(value: unknown, schema: AnySchema, path: ManifestPath, moved: ManifestIssue[]): unknown {
  const below = (item: unknown, key: string | number): unknown => {
    const inner = schemaAt(schema, [key]);
    return inner === undefined ? item : heal(item, inner, [...path, key], moved);
  };
  if (Array.isArray(value)) return value.map(below);
  if (!isRecord(value)) return value;
  const fields = fieldsAt(schema, []);
  const block = fields === undefined ? value : gather(value, fields, path, moved);
  return Object.fromEntries(Object.entries(block).map(([key, item]) => [key, below(item, key)]));
}

/** The block with its strays inside the fields above them. */
function gather(
  block: Record<string, unknown>,
  fields: Fields,
  path: ManifestPath,
  moved: ManifestIssue[],
): Record<string, unknown> {
  const kept = new Map<string, unknown>();
  let above: string | undefined;
  for (const [key, item] of Object.entries(block)) {
    const parent = Object.hasOwn(fields, key) ? undefined : above;
    const grown =
      parent === undefined ? undefined : grow(kept.get(parent), fields[parent], key, item, block[parent]);
    if (parent === undefined || grown === undefined) {
      kept.set(key, item);
      above = Object.hasOwn(fields, key) ? key : undefined;
      continue;
    }
    kept.set(parent, grown);
    moved.push({ code: 'manifest-field-moved', path: [...path, key], parameters: { field: key, parent } });
  }
  return Object.fromEntries(kept);
}

/** What the field above becomes with the stray inside; undefined when it does not belong there. */
function grow(
  above: unknown,
  schema: AnySchema | undefined,
  key: string,
  item: unknown,
  written: unknown,
): unknown {
  const nested = schema === undefined ? undefined : nestedFields(schema);
  if (nested === undefined || !Object.hasOwn(nested.fields, key)) return undefined;
  if (!nested.list) return written === null ? { ...(above as object | null), [key]: item } : undefined;
  const last: unknown = Array.isArray(above) ? above.at(-1) : undefined;
  if (!Array.isArray(above) || !isRecord(last) || Object.hasOwn(last, key)) return undefined;
  return [...(above as unknown[]).slice(0, -1), { ...last, [key]: item }];
}
