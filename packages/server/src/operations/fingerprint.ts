import { createHash } from 'node:crypto';
import type { Inventory } from '@playhouse/contract/link/report';
import { canonicalSource } from '@playhouse/contract/image-reference';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';

/**
 * A digest of all that machines which have booted depend on, as far as the server knows it: what they are made of, under
 * which choices, the builds of their kernels and sources, and what the playroom runs them on.
 */
export function fingerprintOf(
  manifest: Manifest,
  conditions: Readonly<Record<string, string>>,
  { kernels, sources, accelerator, runsOn }: Inventory,
): string {
  const { machines } = resolveManifest(manifest);
  const kernelNames = machines.map(({ kernel }) => kernel.source);
  const sourceNames = machines.flatMap(({ drives }) =>
    drives.flatMap(({ source }) => (source === undefined ? [] : [canonicalSource(source)])),
  );
  const parts = [
    manifest,
    Object.entries(conditions).toSorted(([one], [other]) => one.localeCompare(other)),
    kernels
      .filter(({ name }) => kernelNames.includes(name))
      .map(({ name, release, digest }) => [name, release, digest]),
    sources
      .filter(({ name }) => sourceNames.includes(name))
      .map(({ name, instead, digest }) => [instead ?? name, digest]),
    accelerator?.class ?? null,
    runsOn,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
