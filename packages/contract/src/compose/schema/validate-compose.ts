// A Compose file held against the schema of the Compose Specification: which values are of no form that Docker Compose takes, and which
// fields nobody knows.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import spec from './compose-spec.json' with { type: 'json' };
import { explainSchemaError } from './explain-schema-error.ts';
import { meantErrors, type PlacedError } from './meant-errors.ts';
import { refineSchema } from './refine-schema.ts';
import { valueFormats } from './value-formats.ts';

export interface UnknownField {
  readonly path: ManifestPath;
  readonly field: string;
  /** What the block that it stands in may have. */
  readonly known: readonly string[];
}

export interface ComposeFaults {
  readonly issues: readonly ManifestIssue[];
  readonly unknown: readonly UnknownField[];
}

let compiled: ValidateFunction | undefined;

/** Takes a fifth of a second, once. */
function compile(): ValidateFunction {
  const formats = Object.entries(valueFormats).map(([name, { validate }]) => [name, validate]);
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    formats: Object.fromEntries(formats),
  }).compile(refineSchema(spec));
}

/** Several layers ask about the same file. */
const known = new WeakMap<object, ComposeFaults>();

/**
 * All faults of a file, one for each place. What is yet to be filled in (`$$var__X`, `${X}`) is passed over. Fields that begin with `x-`
 * are nobody’s business.
 */
export function validateCompose(file: unknown): ComposeFaults {
  if (!isRecord(file)) return faultsOf(file);
  const faults = known.get(file) ?? faultsOf(file);
  known.set(file, faults);
  return faults;
}

function faultsOf(file: unknown): ComposeFaults {
  compiled ??= compile();
  if (compiled(file)) return { issues: [], unknown: [] };
  const errors = meantErrors((compiled.errors ?? []).map((error) => placed(error, file)));
  compiled.errors = null;
  return {
    issues: errors.filter((error) => !isUnknownField(error)).flatMap(explainSchemaError),
    unknown: errors.filter(isUnknownField).map(({ path, error }) => {
      const field = String(error.params['additionalProperty']);
      return { path: [...path, field], field, known: knownFields(error) };
    }),
  };
}

/** Where the names of a block are free, as those of services are, the name is at fault and not the field. */
function isUnknownField({ error }: PlacedError): boolean {
  return error.keyword === 'additionalProperties' && knownFields(error).length > 0;
}

function knownFields({ parentSchema }: ErrorObject): readonly string[] {
  return Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
}

/** A JSON pointer says of no segment whether it is a name or a position. */
function placed(error: ErrorObject, file: unknown): PlacedError {
  let value = file;
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => {
      const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      const part = Array.isArray(value) ? Number(name) : name;
      value = (value as Readonly<Record<string | number, unknown>>)[part];
      return part;
    });
  return { error, path };
}
