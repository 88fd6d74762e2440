import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Problem } from '@playhouse/contract/errors/problem';
import { isImageSource } from '@playhouse/contract/image-reference';
import type { Inventory } from '@playhouse/contract/link/report';
import { listNames } from '@playhouse/contract/manifest/closest';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import type { ManifestIssue, ManifestPath } from '@playhouse/contract/manifest/manifest-issue';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';

type Locate = (issues: readonly ManifestIssue[]) => readonly Problem[];

/**
 * The error about sources and kernels that the playroom does not have, with the place of each; null when it has all. Images of
 * registries are not looked for: the start pulls them.
 */
export function findUnknownImages(
  manifest: Manifest,
  inventory: Inventory,
  locate: Locate,
): PlayhouseError | null {
  const sources = inventory.sources.map(({ name }) => name);
  const kernels = inventory.kernels.map(({ name }) => name);
  const unknown = resolveManifest(manifest).machines.flatMap((machine, index) => {
    const path: ManifestPath = ['playground', 'machines', index];
    const drives = machine.drives.flatMap(({ source }, drive) =>
      source === undefined || isImageSource(source) || sources.includes(source)
        ? []
        : [{ path: [...path, 'drives', drive, 'source'], error: unknownSource(source, sources) }],
    );
    const kernel = machine.kernel.source;
    if (kernels.includes(kernel)) return drives;
    return [...drives, { path: [...path, 'kernel'], error: unknownKernel(kernel, kernels) }];
  });
  const [first] = unknown;
  if (first === undefined) return null;
  const problems = unknown.flatMap(({ path, error: { code, message, hint } }) =>
    // Only the place is of use: the words are those of another part of the catalogue.
    locate([{ code: 'manifest-bad-value', path, parameters: {} }]).map((problem) => ({
      ...problem,
      code,
      message,
      hint,
    })),
  );
  const { message, hint } = first.error;
  return Object.assign(new PlayhouseError(first.error.code, {}, { problems }), { message, hint });
}

/** `source-unknown`, naming what there is. */
export function unknownSource(source: string, known: readonly string[]): PlayhouseError {
  return new PlayhouseError('source-unknown', { source, known: listNames(source, known) });
}

/** `kernel-unknown`, naming what there is. */
export function unknownKernel(kernel: string, known: readonly string[]): PlayhouseError {
  return new PlayhouseError('kernel-unknown', { kernel, known: listNames(kernel, known) });
}
