// Fields of a service that name things of the host or of the whole playroom: paths, ports, names, logs, images.
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { isRemoteFile } from '../bases/extends-of.ts';
import { ownImagePrefix } from '../names/own-image-prefix.ts';
import { type PolicyFinding, written } from './finding.ts';
import { items } from './items.ts';
import type { LintContext } from './lint-context.ts';
import { isEngineSocket, isUnknown, leadsOut, readsOut } from './paths.ts';
import { mostReplicas } from './policy-rules.ts';
import { hasReadableLogs } from './readable-logs.ts';
import { readMount, readPort } from './short-forms.ts';

type Service = Readonly<Record<string, unknown>>;

export function lintService(
  service: Service,
  path: ManifestPath,
  context: LintContext,
): readonly PolicyFinding[] {
  const each = (field: string) => items(service[field], [...path, field]);
  const { container_name: containerName, image, logging } = service;
  const driver = isRecord(logging) ? logging['driver'] : undefined;
  return [
    ...each('volumes').flatMap(({ item, at }) => mount(item, at, context)),
    ...each('ports').flatMap(({ item, at }) => port(item, at, context)),
    ...filesOf(service, path).flatMap(({ file, at, what }) =>
      // What is fetched from elsewhere cannot be looked at before it is read.
      readsOut(file, context) || (at.slice(-2).join() === 'extends,file' && isRemoteFile(file))
        ? [{ rule: 'outside-file' as const, path: at, what }]
        : [],
    ),
    ...(containerName === undefined
      ? []
      : [
          {
            rule: 'container-name' as const,
            path: [...path, 'container_name'],
            what: written('container_name', containerName),
          },
        ]),
    ...ownImage(image, [...path, 'image'], context),
    ...(!hasReadableLogs(logging)
      ? [{ rule: 'log-driver' as const, path: [...path, 'logging'], what: written('driver', driver) }]
      : []),
    ...fixedAddresses(service, path),
    ...replicas(service, path),
  ];
}

function replicas({ scale, deploy }: Service, path: ManifestPath): readonly PolicyFinding[] {
  const asked = [
    { count: scale, at: [...path, 'scale'], what: written('scale', scale) },
    ...(isRecord(deploy)
      ? [
          {
            count: deploy['replicas'],
            at: [...path, 'deploy', 'replicas'],
            what: written('replicas', deploy['replicas']),
          },
        ]
      : []),
  ];
  return asked.flatMap(({ count, at, what }): PolicyFinding[] =>
    Number(count) > mostReplicas ? [{ rule: 'replicas', path: at, what }] : [],
  );
}

/** Docker takes what looks like the beginning of an image’s id for that image, whosever it is. */
function ownImage(image: unknown, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  if (typeof image !== 'string' || isUnknown(image, context)) return [];
  const what = written('image', image);
  if (image.startsWith(ownImagePrefix)) return [{ rule: 'own-image', path, what }];
  const id = /^(sha256:)?[0-9a-f]{1,64}$/.test(image);
  return id ? [{ rule: 'own-image', path, what, mend: 'Name it with its tag, as in `NAME:latest`.' }] : [];
}

function mount(entry: unknown, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  const read = readMount(entry);
  if (read === undefined || read.source === undefined || isUnknown(read.source, context)) return [];
  const { type, source } = read;
  const what = written('volumes', `${source}:${read.target}`);
  if (type === 'image') return ownImage(source, path, context);
  // What has neither a known type nor the form of a name could become anything.
  if (type !== 'bind' && type !== 'npipe') {
    const named =
      type === 'volume' ? /^[A-Za-z0-9][\w.-]*$/.test(source) : ['cluster', 'tmpfs'].includes(type);
    return named ? [] : [{ rule: 'outside-path', path, what }];
  }
  if (!leadsOut(source, context)) return [];
  return [{ rule: isEngineSocket(source) ? 'docker-socket' : 'outside-path', path, what }];
}

function port(entry: unknown, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  const short = typeof entry === 'string' && isUnknown(entry, context);
  if (short || readPort(entry)?.published === undefined) return [];
  const what = isRecord(entry) ? written('published', entry['published']) : written('ports', entry);
  return [{ rule: 'host-port', path, what }];
}

interface NamedFile {
  readonly file: string;
  readonly at: ManifestPath;
  readonly what: string;
}

/** Files that Docker Compose itself reads for a service. */
function filesOf(service: Service, path: ManifestPath): readonly NamedFile[] {
  const direct = ['env_file', 'label_file'].flatMap((field) =>
    items(service[field], [...path, field]).flatMap(({ item, at }) =>
      named(isRecord(item) ? item['path'] : item, field, at),
    ),
  );
  const { extends: base, credential_spec: credentials } = service;
  return [
    ...direct,
    ...(isRecord(base) ? named(base['file'], 'file', [...path, 'extends', 'file']) : []),
    ...(isRecord(credentials)
      ? named(credentials['file'], 'file', [...path, 'credential_spec', 'file'])
      : []),
  ];
}

function named(file: unknown, field: string, at: ManifestPath): readonly NamedFile[] {
  return typeof file === 'string' ? [{ file, at, what: written(field, file) }] : [];
}

function fixedAddresses({ networks }: Service, path: ManifestPath): readonly PolicyFinding[] {
  if (!isRecord(networks)) return [];
  return Object.entries(networks).flatMap(([name, network]) =>
    ['ipv4_address', 'ipv6_address'].flatMap((field): PolicyFinding[] => {
      const value = isRecord(network) ? network[field] : undefined;
      const at = [...path, 'networks', name, field];
      return value === undefined ? [] : [{ rule: 'fixed-subnet', path: at, what: written(field, value) }];
    }),
  );
}
