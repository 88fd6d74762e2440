import type { Manifest, PlaygroundSpec } from './manifest.ts';
import { sourceFilesystem } from './resolve-drives.ts';
import { formatPath, type ManifestIssue, type ManifestPath } from './manifest-issue.ts';

type Machine = NonNullable<PlaygroundSpec['machines']>[number];

/**
 * What a valid manifest asks for that this version of the engine cannot run. Ask before a start is accepted: a manifest is
 * never run with part of it left out silently; findIgnored has what can be left out with a note. Each entry goes when the
 * engine learns it.
 */
export function findUnsupported(manifest: Manifest): ManifestIssue[] {
  const spec = manifest.playground;
  const issues: ManifestIssue[] = [];
  const top = (field: keyof PlaygroundSpec) => ['playground', field];
  if (spec.registryAuth !== undefined) {
    issues.push(
      unsupported(top('registryAuth'), 'playgrounds have no registry of their own', 'Remove `registryAuth`.'),
    );
  }
  return [...issues, ...(spec.machines ?? []).flatMap(findInMachine)];
}

function findInMachine({ drives, kernel }: Machine, index: number): ManifestIssue[] {
  const path = ['playground', 'machines', index];
  const issues: ManifestIssue[] = [];
  if (kernel?.snapshot !== undefined) issues.push(snapshotIssue([...path, 'kernel', 'snapshot']));
  for (const [driveIndex, { source, snapshot, filesystem }] of drives.entries()) {
    const at = [...path, 'drives', driveIndex];
    if (source !== undefined && filesystem !== undefined && filesystem !== sourceFilesystem) {
      const reason = `a drive with a source keeps its file system, which is ${sourceFilesystem}`;
      issues.push(unsupported([...at, 'filesystem'], reason, 'Remove `filesystem`.'));
    }
    if (snapshot !== undefined || source === 'snapshot') {
      issues.push(snapshotIssue([...at, snapshot === undefined ? 'source' : 'snapshot']));
    }
  }
  return issues;
}

function snapshotIssue(path: ManifestPath): ManifestIssue {
  return unsupported(path, 'snapshots cannot be restored', 'Use a named source, as in `debian-12`.');
}

function unsupported(path: ManifestPath, reason: string, advice: string): ManifestIssue {
  return { code: 'manifest-unsupported', path, parameters: { field: formatPath(path), reason, advice } };
}
