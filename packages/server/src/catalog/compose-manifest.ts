import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Problem } from '@playhouse/contract/errors/problem';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { type ParseManifestResult, parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import type { Inventory } from '@playhouse/contract/link/report';
import { findIgnored } from '@playhouse/contract/manifest/ignored';
import { findMachineTypeNotes } from '@playhouse/contract/manifest/machine-type-notes';
import { findUnsupported } from '@playhouse/contract/manifest/unsupported';
import { scaleManifest } from '../placement/scale-manifest.ts';
import type { ResourceLimits } from '../placement/scale-resources.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import { findStandIns } from './find-stand-ins.ts';
import { findUnknownImages } from './find-unknown-images.ts';
import { manifestAt, playspecPlace } from './playspec-place.ts';
import { kindOf, requireSameKind, requireMachineKind } from './require-kind.ts';

/** What the user wrote, if anything, to be laid over the playspec. */
export interface WrittenManifest {
  readonly text: string;
  /** Name of the file, for located errors. */
  readonly file: string;
}

export interface ComposedManifest {
  readonly manifest: Manifest;
  /** What has no effect in this version, was scaled down, is stood in for, or is worth knowing, each at its place. */
  readonly notes: readonly Problem[];
}

/**
 * The whole manifest that a playground of the playspec runs, with no more than what the limits allow.
 * @throws PlayhouseError playspec-of-services, playspec-other-kind; manifest-invalid, source-unknown or kernel-unknown, with
 * every fault at its place.
 */
export function composeManifest(
  playspec: StoredPlayspec,
  written: WrittenManifest | null,
  inventory: Inventory,
  limits: ResourceLimits,
): ComposedManifest {
  requireMachineKind(playspec);
  if (written !== null) requireSameKind(playspec, kindOf(written.text));
  const ownFile = playspecPlace(playspec.name);
  const file = written?.file ?? ownFile;
  const parsed =
    written === null
      ? parseManifest(playspec.manifest, { file })
      : parseManifest(written.text, { file, base: withoutAccess(readBase(playspec)) });
  const { manifest: whole, locate, notes } = accept(parsed, file);
  const manifest = written === null ? withoutAccess(whole) : whole;
  const unsupported = locate(findUnsupported(manifest));
  if (unsupported.length > 0) throw invalid(file, unsupported);
  // What a snapshot needs is kept with it, whatever became of where it was from.
  const unknown = playspec.saved === null ? findUnknownImages(manifest, inventory, locate) : null;
  if (unknown !== null) throw unknown;
  const scaled = scaleManifest(manifest, limits);
  const standIns = playspec.saved === null ? findStandIns(manifest, inventory) : [];
  const later = [...standIns, ...findIgnored(manifest), ...findMachineTypeNotes(manifest), ...scaled.issues];
  return { manifest: scaled.manifest, notes: [...notes, ...locate(later)] };
}

/** The manifest of a playspec, which may be a part only, as a base. */
export function readBase(playspec: StoredPlayspec): Manifest {
  const file = playspecPlace(playspec.name);
  return accept(parseManifest(playspec.manifest, { file, purpose: 'part' }), file).manifest;
}

/** Who may use the playspec says nothing about what is made from it. */
export function withoutAccess({ playground, ...top }: Manifest): Manifest {
  const { accessControl: _access, ...spec } = playground;
  return { ...top, playground: spec };
}

/** @throws PlayhouseError manifest-invalid */
export function accept(parsed: ParseManifestResult, file: string) {
  if (parsed.manifest !== undefined) return parsed;
  throw invalid(file, parsed.problems);
}

/** `manifest-invalid` with those faults. */
export function invalid(file: string, problems: readonly Problem[]): PlayhouseError {
  return new PlayhouseError(
    'manifest-invalid',
    { file: manifestAt(file), count: problems.length },
    { problems },
  );
}
