// The rules between fields, applied after the schema. Pure: all faults of the whole manifest at once, without places.
import { checkMachines } from './check-machines.ts';
import { checkNetworks } from './check-networks.ts';
import { checkReferences } from './check-references.ts';
import { checkTasks } from './check-tasks.ts';
import type { Manifest } from './manifest.ts';
import type { ManifestIssue } from './manifest-issue.ts';

/**
 * What a manifest is for: `start` needs machines, `publish` a title too, and a `part` is only a piece that will be laid
 * over a base, so that rules about what it does not mention are left out.
 */
export type ManifestPurpose = 'start' | 'publish' | 'part';

export function checkManifest(manifest: Manifest, purpose: ManifestPurpose = 'start'): ManifestIssue[] {
  const { machines = [] } = manifest.playground;
  const issues: ManifestIssue[] = [];
  if (purpose === 'publish' && manifest.title === undefined) {
    issues.push({ code: 'manifest-no-title', path: ['title'], parameters: {} });
  }
  if (purpose !== 'part' && machines.length === 0) {
    issues.push({ code: 'manifest-no-machines', path: ['playground', 'machines'], parameters: {} });
  }
  const part = purpose === 'part';
  return [
    ...issues,
    ...checkNetworks(manifest.playground, part),
    ...checkMachines(machines),
    ...checkReferences(manifest.playground, part),
    ...checkTasks(manifest.playground, part),
  ];
}
