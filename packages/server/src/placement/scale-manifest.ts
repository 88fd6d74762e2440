import type { Manifest } from '@playhouse/contract/manifest/manifest';
import type { ManifestIssue } from '@playhouse/contract/manifest/manifest-issue';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import { formatSize } from '@playhouse/contract/manifest/size';
import { type ResourceLimits, type Resources, scaleResources } from './scale-resources.ts';

export interface ScaledManifest {
  readonly manifest: Manifest;
  /** A note for each machine that gets less than it asked for. */
  readonly issues: readonly ManifestIssue[];
}

/** The manifest with resources that the limits allow, written out where that is less than what it asks for. */
export function scaleManifest(manifest: Manifest, limits: ResourceLimits): ScaledManifest {
  const asked = resolveManifest(manifest).machines.map(({ resources }) => resources);
  const given = scaleResources(asked, limits);
  const issues: ManifestIssue[] = [];
  const machines = (manifest.playground.machines ?? []).map((machine, index) => {
    const [before, after] = [asked[index], given[index]];
    if (!before || !after) return machine;
    if (before.cpuCount === after.cpuCount && before.ramSize === after.ramSize) return machine;
    const parameters = { machine: machine.name, asked: describe(before), given: describe(after) };
    const path = ['playground', 'machines', index, 'resources'];
    issues.push({ code: 'manifest-scaled', path, parameters });
    return { ...machine, resources: after };
  });
  if (issues.length === 0) return { manifest, issues };
  return { manifest: { ...manifest, playground: { ...manifest.playground, machines } }, issues };
}

function describe({ cpuCount, ramSize }: Resources): string {
  return `${cpuCount} ${cpuCount === 1 ? 'processor' : 'processors'} and ${formatSize(ramSize)}`;
}
