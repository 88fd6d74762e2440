import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { isRecord } from '../../manifest/noun.ts';
import { ownImagePrefix } from '../names/own-image-prefix.ts';
import { type PolicyFinding, written } from './finding.ts';
import { items } from './items.ts';
import type { LintContext } from './lint-context.ts';
import { isUnknown, leadsOut, normalize, readsOut } from './paths.ts';
import type { PolicyRuleName } from './policy-rules.ts';

type Block = Readonly<Record<string, unknown>>;

/** What the `build:` of a service reads and may do. */
export function lintBuild(
  service: Block,
  path: ManifestPath,
  context: LintContext,
): readonly PolicyFinding[] {
  const at = [...path, 'build'];
  const { build } = service;
  if (typeof build === 'string') return contextFolder(build, at, context);
  if (!isRecord(build)) return [];
  const present = (field: string, rule: PolicyRuleName): PolicyFinding[] =>
    build[field] === undefined || build[field] === null || build[field] === false
      ? []
      : [{ rule, path: [...at, field], what: written(field, build[field]) }];
  const hostNetwork = build['network'] === 'host' ? present('network', 'build-privilege') : [];
  return [
    ...(typeof build['context'] === 'string'
      ? contextFolder(build['context'], [...at, 'context'], context)
      : []),
    ...dockerfile(build, at, context),
    ...additionalContexts(build['additional_contexts'], [...at, 'additional_contexts'], context),
    ...present('privileged', 'build-privilege'),
    ...present('entitlements', 'build-privilege'),
    ...hostNetwork,
    ...present('ssh', 'build-ssh'),
    ...present('secrets', 'build-secret'),
    ...present('tags', 'build-tag'),
    ...['cache_from', 'cache_to'].flatMap((field) =>
      items(build[field], [...at, field]).flatMap(({ item, at: place }): PolicyFinding[] =>
        /\btype\s*=\s*local\b/.test(String(item))
          ? [{ rule: 'outside-path', path: place, what: written(field, item) }]
          : [],
      ),
    ),
  ];
}

/** `https://…`, `git@…`, `github.com/…`: what BuildKit fetches by itself. */
const remote = /^(https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/;

function contextFolder(folder: string, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  const what = written('context', folder);
  if (isUnknown(folder, context)) return [];
  if (remote.test(folder)) return [{ rule: 'remote-context', path, what }];
  return leadsOut(folder, context) ? [{ rule: 'outside-path', path, what }] : [];
}

function dockerfile(build: Block, path: ManifestPath, context: LintContext): readonly PolicyFinding[] {
  const { dockerfile: file, context: folder } = build;
  if (typeof file !== 'string' || isUnknown(folder, context)) return [];
  const base = typeof folder === 'string' && !remote.test(folder) ? folder : '.';
  const whole = file.startsWith('/') ? file : normalize(`${base}/${file}`);
  if (!readsOut(whole, context)) return [];
  return [{ rule: 'outside-file', path: [...path, 'dockerfile'], what: written('dockerfile', file) }];
}

function additionalContexts(
  value: unknown,
  path: ManifestPath,
  context: LintContext,
): readonly PolicyFinding[] {
  const entries = isRecord(value)
    ? Object.entries(value).map(([name, source]) => ({ source: String(source), at: [...path, name] }))
    : items(value, path).map(({ item, at }) => ({ source: String(item).replace(/^[^=]*=/, ''), at }));
  return entries.flatMap(({ source, at }): PolicyFinding[] => {
    const what = written('additional_contexts', source);
    if (source.startsWith(`docker-image://${ownImagePrefix}`)) return [{ rule: 'own-image', path: at, what }];
    if (/^(docker-image:\/\/|service:|target:)/.test(source)) return [];
    if (remote.test(source)) return [{ rule: 'remote-context', path: at, what }];
    return leadsOut(source.replace(/^oci-layout:\/\//, ''), context)
      ? [{ rule: 'outside-path', path: at, what }]
      : [];
  });
}
