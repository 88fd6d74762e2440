// Who needs which layers. What is needed by nobody can be deleted; what one alone needs is its cost.
import { projectName } from '@playhouse/contract/identifier';
import { layersOf, type SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { layersOfCut } from '../cut/plan-cut.ts';
import type { PlaygroundRecord } from '../playground-record.ts';
import type { SnapshotUser } from './snapshot-user.ts';

export interface LayerNeed {
  /** A snapshot’s id, or a playground’s name. */
  readonly owner: string;
  /** What would have to go for the need to end: a playground with its snapshots, or a playspec. */
  readonly group: string;
  /** Ids of layers, and files of base layers. */
  readonly layers: ReadonlySet<string>;
}

export function playgroundGroup(id: string): string {
  return `playground ${id}`;
}

export function playspecGroup(reference: string): string {
  return `playspec ${reference}`;
}

export function groupOf({ savedAs, order }: Pick<SnapshotRecord, 'savedAs' | 'order'>): string {
  return savedAs === null ? playgroundGroup(order.id) : playspecGroup(savedAs);
}

/** `services`: playgrounds that need nothing but snapshots. */
export function layerNeeds(
  playgrounds: readonly PlaygroundRecord[],
  snapshots: readonly SnapshotRecord[],
  services: readonly SnapshotUser[] = [],
): readonly LayerNeed[] {
  const users = [...playgrounds, ...services];
  return [
    ...playgrounds.map(({ order, machines, cut }) => {
      const chains = machines.flatMap(({ drives, memory }) => [
        ...drives.flatMap(({ layer, layers, merged }) =>
          [...layers, layer ?? [], merged?.layer ?? []].flat(),
        ),
        ...(memory === null ? [] : [memory]),
      ]);
      const layers = new Set([...chains, ...layersOfCut(cut)]);
      return { owner: projectName(order), group: playgroundGroup(order.id), layers };
    }),
    ...snapshots.map((snapshot) => {
      const bases = snapshot.machines.flatMap(({ drives }) => drives.flatMap(({ layer }) => layer ?? []));
      return {
        owner: snapshot.id,
        group: heirOf(snapshot, users) ?? groupOf(snapshot),
        layers: new Set([...layersOf(snapshot), ...bases]),
      };
    }),
  ];
}

/** The one playground that a snapshot of another, which is gone, is kept for; null when there is none or are several. */
function heirOf({ id, order, savedAs }: SnapshotRecord, playgrounds: readonly SnapshotUser[]): string | null {
  if (savedAs !== null || playgrounds.some((playground) => playground.order.id === order.id)) return null;
  const [heir, ...others] = playgrounds.filter(({ snapshotId, established, order: { from } }) => {
    return snapshotId === id || (!established && from?.snapshotId === id);
  });
  return heir !== undefined && others.length === 0 ? playgroundGroup(heir.order.id) : null;
}
