// What is added to the published schema, which takes any text where Docker Compose goes on to read a size, a duration, a port.
import type { ValueFormatName } from './value-formats.ts';

export interface SchemaNode {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly $ref?: string;
}

/** Formats of texts by the name of the field that they stand in; `ports[]` stands for an entry of its list. */
const formats: Readonly<Record<string, ValueFormatName>> = {
  ...named('size', 'mem_limit mem_reservation memswap_limit shm_size memory rate size'),
  ...named('duration', 'interval timeout start_period start_interval stop_grace_period delay monitor window'),
  ...named('count', 'replicas scale retries'),
  ...named('number', 'cpu_count cpu_percent oom_score_adj'),
  ...named('range', 'published'),
  ...named('pull', 'pull_policy'),
  ...named('host', 'extra_hosts[]'),
  ...named('restart', 'restart'),
  ...named('command', 'command entrypoint'),
  ...named('port', 'ports[]'),
  ...named('mount', 'volumes[]'),
  ...named('expose', 'expose[]'),
  ...named('image', 'image'),
};

/** Fields that take numbers, `true` or `false`, and texts of their own beside. */
const free = new Set('count group_add[] driver_opts options provenance sbom external'.split(' '));

/** Keywords that are added to what has that type, by field. */
const added: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  replicas: { integer: { minimum: 0 } },
  scale: { integer: { minimum: 0 } },
  retries: { number: { minimum: 0 } },
  'ports[]': { number: { minimum: 1, maximum: 65_535 }, object: { required: ['target'] } },
  'volumes[]': { object: { required: ['type', 'target'] }, string: { minLength: 1 } },
  test: { array: { prefixItems: [{ enum: ['CMD', 'CMD-SHELL', 'NONE'] }] } },
};

/**
 * The schema with formats of `value-formats.ts`, and with what it refers to in its place: a validator joins the errors of parts that are
 * referred to, which takes time that grows with their square. Entries may be repeated, for Docker Compose drops repetitions before it
 * looks, and telling them apart would take as long.
 */
export function refineSchema(schema: SchemaNode): SchemaNode {
  return refine(schema, '', schema['$defs'] as Definitions);
}

type Definitions = Readonly<Record<string, SchemaNode>>;

const reference = '#/$defs/';

function refine(node: unknown, field: string, definitions: Definitions): SchemaNode {
  const { $ref: target, ...own } = node as SchemaNode;
  const written = {
    ...(target === undefined ? {} : definitions[target.slice(reference.length)]),
    ...own,
  };
  if (written.$ref !== undefined) return refine(written, field, definitions);
  const types = [written.type ?? []].flat() as readonly string[];
  const format = types.includes('string') ? formatOf(field, types) : undefined;
  const inside = (value: unknown, name = field) => refine(value, name, definitions);
  const parts = Object.entries(written)
    .filter(([keyword]) => !isDropped(keyword, field))
    .map(([keyword, value]) => [keyword, refinePart(keyword, value, field, inside)]);
  return {
    ...Object.fromEntries(parts),
    ...(format === undefined ? {} : { format }),
    ...Object.assign({}, ...types.map((type) => added[field]?.[type])),
  };
}

/** Patterns are replaced by formats; as to names of containers, the policy has them left out, and Docker knows better. */
function isDropped(keyword: string, field: string): boolean {
  if (keyword === 'pattern') return field === 'container_name' || field === 'pull_policy';
  return keyword === 'uniqueItems' || keyword === '$defs';
}

function refinePart(
  keyword: string,
  value: unknown,
  field: string,
  inside: (value: unknown, name?: string) => unknown,
): unknown {
  if (keyword === 'properties') return mapValues(value, inside);
  if (keyword === 'patternProperties') return mapValues(value, (part) => inside(part));
  if (keyword === 'items') return inside(value, `${field}[]`);
  const choice = keyword === 'oneOf' || keyword === 'anyOf';
  return choice ? (value as readonly unknown[]).map((part) => inside(part)) : value;
}

function formatOf(field: string, types: readonly string[]): ValueFormatName | undefined {
  if (field === 'restart') return types.includes('boolean') ? 'boolean' : 'restart';
  if (Object.hasOwn(formats, field)) return formats[field];
  if (types.length !== 2 || free.has(field)) return undefined;
  if (types.includes('boolean')) return 'boolean';
  return types.includes('number') || types.includes('integer') ? 'number' : undefined;
}

function mapValues(block: unknown, change: (value: unknown, name: string) => unknown): unknown {
  return Object.fromEntries(
    Object.entries(block as SchemaNode).map(([name, value]) => [name, change(value, name)]),
  );
}

function named(format: ValueFormatName, fields: string): Readonly<Record<string, ValueFormatName>> {
  return Object.fromEntries(fields.split(' ').map((field) => [field, format]));
}
