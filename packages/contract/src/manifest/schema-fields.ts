import type { z } from 'zod';
import type { ManifestPath } from './manifest-issue.ts';

type AnySchema = z.core.$ZodType;

/** The field schemas that the object at a path has; undefined when there is no object there. */
export function fieldsAt(
  schema: AnySchema,
  path: ManifestPath,
): Readonly<Record<string, AnySchema>> | undefined {
  const found = schemaAt(schema, path);
  return found === undefined ? undefined : fieldsOf(found);
}

/** The schema of the field at a path; undefined when the path leads to no known field. */
export function schemaAt(schema: AnySchema, path: ManifestPath): AnySchema | undefined {
  return path.reduce<AnySchema | undefined>(
    (current, part) => (current === undefined ? undefined : step(current, part)),
    schema,
  );
}

/** The fields of an object schema, or of the items of a list of objects. */
export function nestedFields(
  schema: AnySchema,
): { fields: Readonly<Record<string, AnySchema>>; list: boolean } | undefined {
  const { def } = unwrap(schema)._zod as z.core.$ZodTypes['_zod'];
  const list = def.type === 'array';
  const fields = fieldsOf(def.type === 'array' ? def.element : schema);
  return fields === undefined ? undefined : { fields, list };
}

function fieldsOf(schema: AnySchema): Readonly<Record<string, AnySchema>> | undefined {
  const { def } = unwrap(schema)._zod as z.core.$ZodTypes['_zod'];
  return def.type === 'object' ? def.shape : undefined;
}

function step(schema: AnySchema, part: string | number): AnySchema | undefined {
  const { def } = unwrap(schema)._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') return Object.hasOwn(def.shape, part) ? def.shape[part] : undefined;
  if (def.type === 'array') return def.element;
  return def.type === 'record' ? def.valueType : undefined;
}

/** Takes away what only changes how a value is read: optional, default, preprocess, transform; of a union, the object. */
function unwrap(schema: AnySchema): AnySchema {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'readonly':
    case 'nullable':
      return unwrap(def.innerType);
    case 'pipe':
      return unwrap(def.in._zod.def.type === 'transform' ? def.out : def.in);
    case 'union':
      return def.options.map(unwrap).find((option) => option._zod.def.type === 'object') ?? schema;
    default:
      return schema;
  }
}
