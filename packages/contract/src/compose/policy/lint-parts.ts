// Networks, volumes, configs and secrets of a file, and the files that it includes.
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { type PolicyFinding, written } from './finding.ts';
import { textOf } from '../text-of.ts';
import { items } from './items.ts';
import type { LintContext } from './lint-context.ts';
import { leadsOut, readsOut } from './paths.ts';

type Block = Readonly<Record<string, unknown>>;

export function lintParts(file: unknown, context: LintContext): readonly PolicyFinding[] {
  return [
    ...partsOf(file, 'networks').flatMap(([name, network]) => lintNetwork(name, network, context)),
    ...partsOf(file, 'volumes').flatMap(([name, volume]) => lintVolume(name, volume, context)),
    ...(['configs', 'secrets'] as const).flatMap((kind) =>
      partsOf(file, kind).flatMap(([name, part]) => lintFile(part, [kind, name], context)),
    ),
  ];
}

/** `include:` reads whole files, each with folders and variables of its own. */
export function lintIncludes(file: unknown, context: LintContext): readonly PolicyFinding[] {
  const includes = isRecord(file) ? items(file['include'], ['include']) : [];
  return includes.flatMap(({ item, at }) => {
    const fields = isRecord(item) ? item : { path: item };
    return ['path', 'project_directory', 'env_file'].flatMap((field) =>
      items(fields[field], isRecord(item) ? [...at, field] : at).flatMap(
        ({ item: name, at: place }): PolicyFinding[] => {
          const text = textOf(name);
          // What is fetched from elsewhere cannot be looked at before it is read.
          const out = readsOut(text, context) || text.includes('://') || text.startsWith('git@');
          return out ? [{ rule: 'outside-file', path: place, what: written('include', text) }] : [];
        },
      ),
    );
  });
}

function partsOf(file: unknown, kind: string): readonly (readonly [string, Block])[] {
  const parts = isRecord(file) ? file[kind] : undefined;
  if (!isRecord(parts)) return [];
  return Object.entries(parts).flatMap(([name, part]) => (isRecord(part) ? [[name, part] as const] : []));
}

/** A name of its own is one that Compose would not give it anyhow, as `pg-42-lab_data`. */
function ownName(name: string, part: Block, { project }: LintContext): string | undefined {
  const given = part['name'];
  return typeof given === 'string' && (project === null || given !== `${project}_${name}`)
    ? given
    : undefined;
}

function isExternal(part: Block): boolean {
  const { external } = part;
  return external !== undefined && external !== null && external !== false && external !== 'false';
}

function lintNetwork(name: string, network: Block, context: LintContext): readonly PolicyFinding[] {
  const path = ['networks', name];
  if (isExternal(network))
    return [
      {
        rule: 'external-network',
        path: [...path, 'external'],
        what: written('external', network['external']),
      },
    ];
  const { driver, driver_opts: options, ipam } = network;
  const own = ownName(name, network, context);
  const subnets = isRecord(ipam) && Array.isArray(ipam['config']) && ipam['config'].length > 0;
  return [
    ...(own === undefined
      ? []
      : [{ rule: 'network-name' as const, path: [...path, 'name'], what: written('name', own) }]),
    ...(driver === undefined || driver === null || driver === 'bridge'
      ? []
      : [{ rule: 'network-driver' as const, path: [...path, 'driver'], what: written('driver', driver) }]),
    ...(isRecord(options)
      ? Object.entries(options)
          .filter(([key]) => !harmlessOptions.has(key))
          .map(([key, value]) => ({
            rule: 'network-option' as const,
            path: [...path, 'driver_opts', key],
            what: written(key, value),
          }))
      : []),
    ...(isRecord(ipam) && ipam['driver'] !== undefined && ipam['driver'] !== 'default'
      ? [
          {
            rule: 'network-driver' as const,
            path: [...path, 'ipam', 'driver'],
            what: written('driver', ipam['driver']),
          },
        ]
      : []),
    ...(subnets
      ? [{ rule: 'fixed-subnet' as const, path: [...path, 'ipam'], what: written('ipam', ipam) }]
      : []),
  ];
}

const harmlessOptions = new Set([
  'com.docker.network.driver.mtu',
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.enable_ipv6',
]);

function lintVolume(name: string, volume: Block, context: LintContext): readonly PolicyFinding[] {
  const path = ['volumes', name];
  if (isExternal(volume))
    return [
      { rule: 'external-volume', path: [...path, 'external'], what: written('external', volume['external']) },
    ];
  const { driver, driver_opts: options } = volume;
  const own = ownName(name, volume, context);
  return [
    ...(own === undefined
      ? []
      : [{ rule: 'volume-name' as const, path: [...path, 'name'], what: written('name', own) }]),
    ...(driver === undefined || driver === null || driver === 'local'
      ? []
      : [{ rule: 'volume-driver' as const, path: [...path, 'driver'], what: written('driver', driver) }]),
    ...(isRecord(options) ? volumeOptions(options, [...path, 'driver_opts']) : []),
  ];
}

/**
 * The local driver hands its options to mount(2) as root: a bind of `/` or a disk of the host look like any other, and a relative
 * device begins wherever Docker was started. Only memory is let through.
 */
function volumeOptions(options: Block, path: ManifestPath): readonly PolicyFinding[] {
  if (Object.keys(options).length === 0) return [];
  const { type, o, device } = options;
  const binds = o !== undefined && /(^|,)\s*r?bind\s*(,|$)/.test(textOf(o));
  const memory = type === 'tmpfs' && (device === undefined || device === 'tmpfs');
  if (memory && !binds && (o === undefined || typeof o === 'string')) return [];
  return [{ rule: 'volume-driver', path, what: written('driver_opts', options) }];
}

function lintFile(part: Block, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  if (isExternal(part))
    return [{ rule: 'external-file', path: [...path, 'external'], what: written('external', true) }];
  const { file, driver, template_driver: template } = part;
  const out = typeof file === 'string' && leadsOut(file, context);
  return [
    ...(out ? [{ rule: 'outside-file' as const, path: [...path, 'file'], what: written('file', file) }] : []),
    ...(driver === undefined && template === undefined
      ? []
      : [{ rule: 'external-file' as const, path, what: written('driver', driver ?? template) }]),
  ];
}
