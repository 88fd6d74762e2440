import type { Problem } from '@playhouse/contract/errors/problem';
import type { Inventory } from '@playhouse/contract/link/report';
import { formatManifest } from '@playhouse/contract/manifest/format-manifest';
import { findIgnored } from '@playhouse/contract/manifest/ignored';
import { type Manifest, manifestSchema } from '@playhouse/contract/manifest/manifest';
import type { ManifestIssue } from '@playhouse/contract/manifest/manifest-issue';
import type { ParseManifestResult } from '@playhouse/contract/manifest/parse-manifest';
import { findUnsupported } from '@playhouse/contract/manifest/unsupported';
import type { NewVersion, StoredPlayspec } from '../store/playspecs.ts';
import { accept, invalid } from './compose-manifest.ts';
import { findStandIns } from './find-stand-ins.ts';
import { findUnknownImages } from './find-unknown-images.ts';
import { versionOf } from './version-of.ts';

/** A playspec as it is after it was created or updated. */
export interface WrittenPlayspec {
  readonly playspec: StoredPlayspec;
  /** What its manifest says that has no effect. */
  readonly notes: readonly Problem[];
}

export interface Draft {
  readonly name: string;
  /** Other names that the manifest may call itself: an exported one still has that of its base. */
  readonly otherNames: readonly string[];
  readonly parsed: ParseManifestResult;
  readonly file: string;
  /** Null when no playroom ever said what it has; then its images are checked at the start only. */
  readonly inventory: Inventory | null;
  /** Completes what was parsed. */
  readonly finish: (manifest: Manifest) => Manifest;
}

/**
 * A checked manifest as a version of a playspec. It is stored in its canonical form, whole: what its base was does not
 * matter any more.
 * @throws PlayhouseError manifest-invalid, source-unknown, kernel-unknown, with every fault at its place
 */
export function draftVersion(draft: Draft): {
  readonly version: NewVersion;
  readonly notes: readonly Problem[];
} {
  const { name, file, inventory } = draft;
  const { manifest, locate, notes } = accept(draft.parsed, file);
  const unknown = inventory === null ? null : findUnknownImages(manifest, inventory, locate);
  const faults = locate([...wrongName(manifest, draft), ...findUnsupported(manifest)]);
  if (faults.length > 0) throw invalid(file, inOrder([...faults, ...(unknown?.problems ?? [])]));
  if (unknown !== null) throw unknown;
  const standIns = inventory === null ? [] : findStandIns(manifest, inventory);
  // Parsing puts the fields into their order: the same manifest gives the same text.
  const whole = manifestSchema.parse({ ...draft.finish(manifest), name });
  return {
    version: versionOf(name, whole, formatManifest(whole)),
    notes: [...notes, ...locate([...standIns, ...findIgnored(manifest, 'publish')])],
  };
}

function wrongName({ name: written }: Manifest, { name, otherNames }: Draft): ManifestIssue[] {
  if (written === undefined || written === name || otherNames.includes(written)) return [];
  return [{ code: 'manifest-other-name', path: ['name'], parameters: { written, name } }];
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}
