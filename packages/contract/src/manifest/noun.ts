// How every object of the manifest is built: strict about unknown fields, tolerant about the ways real manifests differ.
import { z } from 'zod';

export interface NounOptions {
  /** Other spellings that are accepted: `{ noSsh: 'noSSH' }`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Accept the fields in any case, with or without `_`. */
  readonly anyCase?: boolean;
}

/**
 * Makes the strict schema of one noun. A known field that is `null`, and an optional one that is empty text, counts as absent,
 * because dumps of other clients write them for everything that is not set.
 */
export function noun<const Shape extends z.ZodRawShape>(
  id: string,
  description: string,
  shape: Shape,
  options: NounOptions = {},
): z.ZodPreprocess<z.ZodObject<Shape, z.core.$strict>> {
  const schema = z.preprocess(
    (value) => (isRecord(value) ? tidy(value, shape, options) : value),
    z.strictObject(shape).meta({ id, description }),
  );
  // zod takes preprocessed fields for optional ones, because the function could fill them in; ours never does, and the
  // generated schemas should say that the field is needed.
  Object.defineProperty(schema._zod, 'optin', { value: undefined });
  return schema;
}

function tidy(
  value: Record<string, unknown>,
  shape: z.ZodRawShape,
  options: NounOptions,
): Record<string, unknown> {
  const entries = Object.entries(value).map(
    ([key, item]) => [canonicalKey(key, value, shape, options), item] as const,
  );
  return Object.fromEntries(
    entries.filter(([key, item]) => {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (field === undefined) return true;
      return item !== null && !(item === '' && field._zod.optin === 'optional');
    }),
  );
}

function canonicalKey(
  key: string,
  value: Record<string, unknown>,
  shape: z.ZodRawShape,
  { aliases = {}, anyCase = false }: NounOptions,
): string {
  if (Object.hasOwn(shape, key)) return key;
  const other = anyCase
    ? Object.keys(shape).find((known) => known.toLowerCase() === key.toLowerCase().replaceAll('_', ''))
    : Object.hasOwn(aliases, key)
      ? aliases[key]
      : undefined;
  return other === undefined || Object.hasOwn(value, other) ? key : other;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
