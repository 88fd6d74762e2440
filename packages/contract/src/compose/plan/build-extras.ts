// Fields of `build:` besides what is built and from where: those that are carried out, and the places of those that are not.
import { isRecord } from '../../manifest/noun.ts';
import type { ManifestPath } from '../../manifest/manifest-issue.ts';
import { listLabels } from '../labels/read-labels.ts';

/** Only what the file has: the name of an image is a digest of it. */
export interface BuildExtras {
  /** The Dockerfile itself. */
  readonly inline?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly noCache?: true;
  /** Asks registries for newer base images. */
  readonly pull?: true;
  /** With a unit, or in bytes. */
  readonly shmSize?: string;
}

const carriedOut: ReadonlySet<string> = new Set([
  ...['context', 'dockerfile', 'dockerfile_inline', 'target', 'args', 'labels', 'no_cache', 'pull'],
  'shm_size',
]);

/** Those of a `build:`; undefined when it has none. Faults of their form count as absent. */
export function buildExtras(build: unknown): BuildExtras | undefined {
  if (!isRecord(build)) return undefined;
  const { dockerfile_inline: inline, shm_size: shmSize } = build;
  const labels = listLabels(build['labels'], []).map(({ name, value }) => [name, value]);
  const extras: BuildExtras = {
    ...(typeof inline === 'string' && inline !== '' ? { inline } : {}),
    ...(labels.length > 0 ? { labels: Object.fromEntries(labels) as Record<string, string> } : {}),
    ...(isTrue(build['no_cache']) ? { noCache: true } : {}),
    ...(isTrue(build['pull']) ? { pull: true } : {}),
    ...(typeof shmSize === 'string' || typeof shmSize === 'number' ? { shmSize: String(shmSize) } : {}),
  };
  return Object.keys(extras).length > 0 ? extras : undefined;
}

/** Fields of a `build:` that are not carried out: an image made without them would be another than the file says. */
export function idleBuildFields(
  build: unknown,
  path: ManifestPath,
): readonly { readonly field: string; readonly path: ManifestPath }[] {
  if (!isRecord(build)) return [];
  return Object.entries(build)
    .filter(
      ([field, value]) =>
        !carriedOut.has(field) &&
        !field.startsWith('x-') &&
        !isNothing(value) &&
        !(field === 'network' && value === 'default'),
    )
    .map(([field]) => ({ field, path: [...path, field] }));
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === '' || value === false || value === 'false';
}
