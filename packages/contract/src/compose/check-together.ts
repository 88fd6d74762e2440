// Fields that Docker Compose takes one by one and refuses together, and parts that are of nowhere: it says so when repositories were
// cloned already, and without a place.
import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';
import { formatPath } from '../manifest/manifest-issue.ts';
import { isRecord } from '../manifest/noun.ts';
import { parseSize } from '../manifest/size.ts';
import { servicesOf } from './plan/plan-services.ts';
import type { Variables } from './template/check-variables.ts';

type Written = Readonly<Record<string, unknown>>;

/** Two fields of a service that say the same, by what makes them comparable. */
const twins: readonly (readonly [string, readonly string[], (value: string) => number | undefined])[] = [
  ['scale', ['deploy', 'replicas'], Number],
  ['cpus', ['deploy', 'resources', 'limits', 'cpus'], Number],
  ['pids_limit', ['deploy', 'resources', 'limits', 'pids'], Number],
  ['mem_limit', ['deploy', 'resources', 'limits', 'memory'], parseSize],
  ['mem_reservation', ['deploy', 'resources', 'reservations', 'memory'], parseSize],
];

/** Where the content of a part may be from: exactly one of them. */
const origins = {
  configs: ['file', 'environment', 'content'],
  secrets: ['file', 'environment'],
} as const;

/** Nothing is said of fields that a variable will be written to. */
export function checkTogether(file: unknown, variables: Variables): readonly ManifestIssue[] {
  const awaited = new Set(
    Object.values(variables).flatMap(({ path, paths = [] }) =>
      path === undefined ? paths : [path, ...paths],
    ),
  );
  const isAwaited = (path: ManifestPath) => awaited.has(formatPath(path));
  return [
    ...servicesOf(file).flatMap(([name, written]) => checkOne(name, written, isAwaited)),
    ...(['configs', 'secrets'] as const).flatMap((kind) => checkOrigins(file, kind, isAwaited)),
  ];
}

type IsAwaited = (path: ManifestPath) => boolean;

function checkOne(name: string, written: Written, isAwaited: IsAwaited): readonly ManifestIssue[] {
  const place = (fields: readonly string[]) => ['services', name, ...fields];
  const clash = (one: readonly string[], other: readonly string[], why: string): readonly ManifestIssue[] =>
    [one, other].some((fields) => isAwaited(place(fields)))
      ? []
      : [exclusive(`Service \`${name}\``, [one, other], why, place(other))];
  const { network_mode: mode, networks, build, image } = written;
  const joins = isRecord(networks) ? Object.keys(networks) : networks;
  const hasNetworks = Array.isArray(joins) && joins.length > 0;
  const inline = isRecord(build) && isText(build['dockerfile']) && isText(build['dockerfile_inline']);
  const empty = image === '' && build === undefined && !isAwaited(place(['image']));
  return [
    ...(isText(mode) && hasNetworks
      ? clash(['network_mode'], ['networks'], 'the former leaves it no networks to be on')
      : []),
    ...(inline
      ? clash(
          ['build', 'dockerfile'],
          ['build', 'dockerfile_inline'],
          'an image is built from one Dockerfile',
        )
      : []),
    ...twins.flatMap(([field, other, read]) => {
      const [value, twin] = [known(written[field], read), known(valueAt(written, other), read)];
      return value === undefined || twin === undefined || value === twin
        ? []
        : clash([field], other, 'they mean the same and say different things');
    }),
    ...(empty
      ? [
          {
            code: 'compose-service-empty' as const,
            path: place(['image']),
            parameters: { service: name },
          },
        ]
      : []),
  ];
}

function checkOrigins(
  file: unknown,
  kind: keyof typeof origins,
  isAwaited: IsAwaited,
): readonly ManifestIssue[] {
  const parts = isRecord(file) && isRecord(file[kind]) ? Object.entries(file[kind]) : [];
  return parts.flatMap(([name, part]): readonly ManifestIssue[] => {
    // Those of elsewhere are a matter of the host policy.
    if (!isRecord(part) || ('external' in part && part['external'] !== false)) return [];
    const fields = origins[kind];
    const path = [kind, name];
    if (fields.some((field) => isAwaited([...path, field]))) return [];
    const [one, other] = Object.keys(part).filter((field) => fields.some((each) => each === field));
    const owner = `${kind === 'configs' ? 'Config' : 'Secret'} \`${name}\``;
    if (one === undefined) {
      const choice = fields.map((field) => `\`${field}\``).join(' or ');
      return [{ code: 'compose-part-empty', path, parameters: { owner, choice } }];
    }
    const why = 'its content is from one place';
    return other === undefined ? [] : [exclusive(owner, [[one], [other]], why, [...path, other])];
  });
}

function exclusive(
  owner: string,
  [one = [], other = []]: readonly (readonly string[])[],
  why: string,
  path: ManifestPath,
): ManifestIssue {
  const parameters = { owner, one: one.join('.'), other: other.join('.'), why };
  return { code: 'compose-exclusive', path, parameters };
}

/** A text with something in it that is known already. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('$');
}

function known(value: unknown, read: (value: string) => number | undefined): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  const number = read(text);
  return Number.isNaN(number) ? undefined : number;
}

function valueAt(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce((inner: unknown, field) => (isRecord(inner) ? inner[field] : undefined), value);
}
