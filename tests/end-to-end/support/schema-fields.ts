// Every field that the schema of Compose files has, with values to try it by and the document around it.
import spec from '../../../packages/contract/src/compose/schema/compose-spec.json' with { type: 'json' };
import { isRecord } from '../../../packages/contract/src/manifest/noun.ts';

interface Node {
  readonly [keyword: string]: unknown;
}
export type Path = readonly (string | number)[];

export interface SchemaField {
  /** `*` stands for a name, `[]` for an entry of a list. */
  readonly name: string;
  readonly path: Path;
  /** A document without it, but with all that it stands in. */
  readonly without: object;
  /** The same with it, once for each value that is worth a try. */
  readonly tries: readonly object[];
}

/** Where the schema takes more than Docker Compose does, or the first value that comes to mind is the default anyway. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  services: [{ s: { image: 'x' }, other: { image: 'x' } }],
  context: ['./sub'],
  dockerfile: ['Other'],
  path: ['./included.yaml', './env', '.', '/dev/zero'],
  env_file: ['./env'],
  label_file: ['./labels'],
  file: ['./content', './base.yaml'],
  project_directory: ['.'],
  format: ['raw'],
  size: ['1m', 1024],
  rate: ['1m'],
  memory: ['8m'],
  shm_size: ['8m'],
  mem_limit: ['64m'],
  mem_reservation: ['64m'],
  memswap_limit: ['64m'],
  mode: ['host', 'global', 292],
  condition: ['service_healthy', 'on-failure'],
  driver: ['x'],
  depends_on: [['other']],
  extends: [{ service: 'third' }],
  service: ['third'],
  links: [['other:alias']],
  external_links: [['other:alias']],
  volumes_from: [['other']],
  network_mode: ['none'],
  networks: [{ net: { labels: { a: 'b' } } }, ['net']],
  configs: [{ con: { content: 'y' } }, []],
  secrets: [{ con: { environment: 'HOME' } }, [], ['con']],
  volumes: [{ vol: { labels: { a: 'b' } } }, ['vol:/data']],
  source: ['con', 'vol', '/other'],
  target: ['/target', '8080'],
  type: ['volume', 'bind', 'tmpfs', 'npipe', 'cluster', 'image'],
  published: ['8080'],
  protocol: ['udp'],
  ports: [['80']],
  expose: [['80']],
  devices: [['/dev/null:/dev/x'], [{ capabilities: ['gpu'] }]],
  count: [2],
  device_ids: [['1']],
  gpus: ['all', [{ capabilities: ['gpu'], count: 1 }]],
  extra_hosts: [['a:10.0.0.1']],
  ulimits: [{ nofile: 10 }],
  subnet: ['10.1.0.0/16'],
  ip_range: ['10.1.2.0/24'],
  gateway: ['10.1.0.1'],
  ipv4_address: ['10.1.0.2'],
  ipv6_address: ['2001::1'],
  external: [true],
  platform: ['linux/arm64'],
  platforms: [['linux/arm64']],
  profiles: [['y']],
  ssh: [['default']],
  watch: [[{ path: '.', action: 'rebuild' }]],
  options: [{ a: 'b' }],
  environment: [{ A: 'b' }, 'HOME'],
  test: [['CMD', 'x']],
  config: [[{ subnet: '10.1.0.0/16' }], 'c'],
  models: [{ m: { model: 'x' } }, ['m']],
  attach: [false],
  restart: ['always', false, true],
  required: [false],
  pull_policy: ['never'],
  create_host_path: [false, true],
};

/** What a block has to have, beside the field that is tried. */
const around: readonly (readonly [RegExp, object])[] = [
  [/^services\.\*$/, { image: 'x' }],
  [/\.ports\.\[\]$/, { target: 80 }],
  [/services\.\*\.volumes\.\[\]$/, { type: 'volume', source: 'vol', target: '/x' }],
  [/\.volumes\.\[\]\.bind$/, {}],
  [/(gpus|reservations\.devices)\.\[\]$/, { capabilities: ['gpu'] }],
  [/services\.\*\.(configs|build\.secrets|secrets)\.\[\]$/, { source: 'con' }],
  [/\.build$/, { context: '.' }],
  [/\.depends_on\.\*$/, { condition: 'service_started' }],
  [/\.extends$/, { service: 'other' }],
  [/\.env_file\.\[\]$/, { path: './env' }],
  [/include\.\[\]$/, { path: './included.yaml' }],
  [/services\.\*\.devices\.\[\]$/, { source: '/dev/null', target: '/dev/x' }],
  [/\.watch\.\[\]$/, { path: '.', action: 'rebuild' }],
  [/(post_start|pre_stop)\.\[\]$/, { command: 'x' }],
  [/\.provider$/, { type: 'x' }],
  [/^configs\.\*$/, { content: 'y' }],
  [/^secrets\.\*$/, { environment: 'HOME' }],
  [/\.aux_addresses|ipam\.config\.\[\]$/, { subnet: '10.1.0.0/16' }],
  [/device_(read|write)_\w+\.\[\]$/, { path: '/dev/null', rate: 1 }],
  [/weight_device\.\[\]$/, { path: '/dev/null', weight: 1 }],
  [/ulimits\.\*$/, { hard: 20, soft: 10 }],
  [/models\.\*$/, { model: 'x' }],
];

/** What is named has to be there, and what nothing names is left out. */
const ground = {
  services: {
    s: { image: 'x', volumes: ['vol:/v'], configs: ['con'], secrets: ['con'] },
    other: { image: 'x', networks: ['net'] },
    third: { image: 'y', labels: { of: 'third' } },
  },
  networks: { net: {} },
  volumes: { vol: {} },
  configs: { con: { content: 'x' } },
  secrets: { con: { environment: 'PATH' } },
};

const names: Readonly<Record<string, string>> = {
  services: 's',
  networks: 'net',
  volumes: 'vol',
  configs: 'con',
  secrets: 'con',
  depends_on: 'other',
  ulimits: 'nofile',
};

/** A config or secret has one of them. */
const contents: ReadonlySet<string> = new Set(['content', 'environment', 'file']);

/** All of them, each once. */
export function schemaFields(): readonly SchemaField[] {
  const found = new Map<string, SchemaField>();
  walk(spec, '', [], ground, (field) => {
    const before = found.get(field.name);
    const tries = [...(before?.tries ?? []), ...field.tries];
    found.set(field.name, { ...field, tries });
  });
  return [...found.values()];
}

function walk(
  written: unknown,
  name: string,
  path: Path,
  document: object,
  tell: (field: SchemaField) => void,
): void {
  const node = resolved(written);
  const inside = (part: string) => (name === '' ? part : `${name}.${part}`);
  const properties = isRecord(node['properties']) ? node['properties'] : {};
  for (const [field, child] of Object.entries(properties)) {
    const at = [...path, field];
    const block = put(document, path, blockFor(name, at));
    const without = omit(
      contents.has(field) && /^(configs|secrets)/.test(name)
        ? contents.values().reduce((rest, each) => omit(rest, [...path, each]), block)
        : block,
      at,
    );
    const tries = samples(child, field).map((value) => put(without, at, value));
    tell({ name: inside(field), path: at, without, tries });
    walk(child, inside(field), at, block, tell);
  }
  const named = isRecord(node['patternProperties']) ? node['patternProperties'] : {};
  for (const [pattern, child] of Object.entries(named))
    if (pattern !== '^x-') walk(child, inside('*'), [...path, nameIn(path)], document, tell);
  if (isRecord(node['additionalProperties']))
    walk(node['additionalProperties'], inside('*'), [...path, nameIn(path)], document, tell);
  if (isRecord(node['items'])) walk(node['items'], inside('[]'), [...path, 0], document, tell);
  for (const choice of choices(node)) walk(choice, name, path, document, tell);
}

function nameIn(path: Path): string {
  return names[String(path.at(-1))] ?? 'a';
}

function choices(node: Node): readonly unknown[] {
  return [node['oneOf'], node['anyOf']].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
}

function resolved(node: unknown): Node {
  const { $ref: target, ...own } = node as Node;
  if (typeof target !== 'string') return own;
  const definitions = spec.$defs as Readonly<Record<string, Node>>;
  return { ...resolved(definitions[target.replace('#/$defs/', '')]), ...own };
}

function samples(written: unknown, field: string): readonly unknown[] {
  const chosen = Object.hasOwn(values, field) ? values[field] : undefined;
  return chosen ?? plain(written, field);
}

function plain(written: unknown, field: string): readonly unknown[] {
  const node = resolved(written);
  if (Array.isArray(node['enum'])) return node['enum'] as unknown[];
  const types = [node['type'] ?? []].flat() as string[];
  const own = types.flatMap((type): unknown[] => {
    if (type === 'string') return /interval|timeout|period|delay|monitor|window/.test(field) ? ['7s'] : ['y'];
    if (type === 'boolean') return [true, false];
    if (type === 'integer' || type === 'number') return [7];
    if (type === 'array') return [[], ...plain(node['items'] ?? {}, field).map((item) => [item])];
    return type === 'object' ? [{}, { a: 'y' }, { a: {} }] : [];
  });
  return [...own, ...choices(node).flatMap((choice) => plain(choice, field))];
}

/** The block that a field stands in, with what it has to have. */
function blockFor(name: string, at: Path): object {
  const [, block = {}] = around.find(([pattern]) => pattern.test(name)) ?? [];
  return omit(block, at.slice(-1));
}

function put(document: object, path: Path, value: unknown): object {
  const [first, ...rest] = path;
  if (first === undefined) return isRecord(value) ? { ...document, ...value } : document;
  const inner = (document as Record<string | number, unknown>)[first];
  const child =
    rest.length === 0 && !isBlock(inner, value) ? value : put(blockOf(inner, rest[0]), rest, value);
  if (Array.isArray(document) || typeof first === 'number') return [child];
  return { ...document, [first]: child };
}

function isBlock(inner: unknown, value: unknown): boolean {
  return isRecord(inner) && isRecord(value);
}

/** A list has the place of what was one of names, and the other way round. */
function blockOf(inner: unknown, next: string | number | undefined): object {
  if (typeof next === 'number') return Array.isArray(inner) ? inner : [];
  return isRecord(inner) ? inner : {};
}

function omit(document: object, path: Path): object {
  const [first, ...rest] = path;
  if (first === undefined) return document;
  const inner = (document as Record<string | number, unknown>)[first];
  if (Array.isArray(document)) return isRecord(inner) ? [omit(inner, rest)] : document;
  const entries = Object.entries(document).filter(([key]) => key !== first);
  return rest.length === 0 || typeof inner !== 'object' || inner === null
    ? Object.fromEntries(entries)
    : { ...document, [first]: omit(inner, rest) };
}
