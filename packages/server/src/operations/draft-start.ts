import { isDeepStrictEqual } from 'node:util';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Inventory } from '@playhouse/contract/link/report';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { type ComposedManifest, composeManifest, type WrittenManifest } from '../catalog/compose-manifest.ts';
import { noLimits, type ResourceLimits } from '../placement/scale-resources.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import { chosenConditions } from './chosen-conditions.ts';
import type { NewPlayground } from './create-playground.ts';
import { fingerprintOf } from './fingerprint.ts';
import { planMachines, sumRam } from './plan-machines.ts';
import { planTasks } from './plan-tasks.ts';

/** What of a playground follows from its playspec and what was written over it. */
export type DraftStart = Pick<
  NewPlayground,
  'playspec' | 'manifest' | 'conditions' | 'machines' | 'tasks' | 'ramBytes' | 'from'
> &
  Pick<ComposedManifest, 'notes'>;

/**
 * What a start of a playspec makes: cold, from the snapshot that it was saved with, or from what it was prewarmed with when
 * that is still of the same machines.
 * @throws PlayhouseError playspec-not-ready, playspec-fixed, manifest-invalid, source-unknown, kernel-unknown,
 * conditions-refused
 */
export function draftStart(
  playspec: StoredPlayspec,
  written: WrittenManifest | null,
  given: Readonly<Record<string, string>>,
  inventory: Inventory,
  limits: ResourceLimits,
): DraftStart {
  const { saved, prewarm, name, version } = playspec;
  requireReady(playspec);
  // Memory has the size that it has.
  const allowed = saved?.memory === true ? noLimits : limits;
  const { manifest, notes } = composeManifest(playspec, written, inventory, allowed);
  if (saved !== null && written !== null) {
    requireSameMachines(playspec, composeManifest(playspec, null, inventory, allowed).manifest, manifest);
  }
  const conditions = saved === null ? chosenConditions(name, manifest, given) : savedChoices(playspec, given);
  const machines = planMachines(manifest);
  const draft = { playspec: { name, version }, manifest, notes, conditions, machines };
  const rest = { tasks: planTasks(manifest, conditions), ramBytes: sumRam(machines) };
  if (saved !== null) {
    const { snapshotId, memory } = saved;
    return { ...draft, ...rest, from: { snapshotId, memory: memory ? 'need' : 'leave' } };
  }
  const snapshotId = prewarm?.snapshotId ?? null;
  const fits = snapshotId !== null && fingerprintOf(manifest, conditions, inventory) === prewarm?.fingerprint;
  return { ...draft, ...rest, from: fits ? { snapshotId, memory: 'prefer' } : null };
}

/** @throws PlayhouseError playspec-not-ready */
export function requireReady({ saved, name, version }: StoredPlayspec): void {
  if (saved?.state !== 'making') return;
  throw new PlayhouseError('playspec-not-ready', { name, version, operation: saved.snapshotId });
}

function requireSameMachines(playspec: StoredPlayspec, saved: Manifest, started: Manifest): void {
  const [before, after] = [saved.playground, started.playground];
  for (const what of ['machines', 'networks'] as const) {
    if (!isDeepStrictEqual(plain(before[what]), plain(after[what]))) throw fixed(playspec, what);
  }
}

/** The choices were made when the playground was started that was saved. */
function savedChoices(
  playspec: StoredPlayspec,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const saved = playspec.savedConditions ?? {};
  if (Object.entries(given).every(([key, value]) => saved[key] === value)) return saved;
  throw fixed(playspec, 'choices');
}

function fixed({ name, base }: StoredPlayspec, what: string): PlayhouseError {
  return new PlayhouseError('playspec-fixed', { playspec: name, what, base: base ?? 'flexbox' });
}

/** Fields that are there without a value are as good as absent. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
