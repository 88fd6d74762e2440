import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import type { Snapshot } from '@playhouse/contract/snapshot';
import { formatAge } from './duration.ts';
import { formatSize } from './size.ts';

type Tree = RouteOutput<RouteTable['playground.tree']>;
type Node = Tree['nodes'][number];

interface Branch {
  readonly text: string;
  readonly below: readonly Branch[];
}

/**
 * The tree of forks with lines: below each playground its snapshots, below each snapshot what was forked from it. Forks live on
 * what they took up, so the snapshot that they began with may have been removed: then it says so.
 */
export function drawForkTree({ root, nodes }: Tree, now: number): string {
  const top = nodes.find(({ id }) => id === root);
  if (top === undefined) return '';
  const branch = playgroundBranch(top, nodes, now);
  return [branch.text, ...linesBelow(branch)].map((line) => `${line}\n`).join('');
}

function playgroundBranch(node: Node, nodes: readonly Node[], now: number): Branch {
  const { id, name, status, suspended, title } = node;
  const forks = nodes.filter(({ forkedFrom }) => forkedFrom?.playgroundId === id);
  const begun = (snapshotId: string): readonly Branch[] =>
    forks
      .filter(({ forkedFrom }) => forkedFrom?.snapshotId === snapshotId)
      .map((fork) => playgroundBranch(fork, nodes, now));
  const snapshots = node.snapshots ?? [];
  const known = new Set(snapshots.map((snapshot) => snapshot.id));
  const others = [...new Set(forks.flatMap(({ forkedFrom }) => forkedFrom?.snapshotId ?? []))].filter(
    (snapshotId) => !known.has(snapshotId),
  );
  return {
    text: `${name}  ${suspended ? 'suspended' : status}  ${title}`,
    below: [
      ...others.map((snapshotId) => ({
        text: node.snapshots === null ? snapshotId : `removed snapshot ${snapshotId}`,
        below: begun(snapshotId),
      })),
      ...snapshots.map((snapshot) => ({
        text: snapshotText(snapshot, node, now),
        below: begun(snapshot.id),
      })),
    ],
  };
}

function snapshotText(snapshot: Snapshot, { snapshotId }: Node, now: number): string {
  const { id, origin, memory, createdAt, cost, savedAs } = snapshot;
  const words = [
    savedAs === null ? origin : `${origin} as ${savedAs}`,
    ...(memory ? ['with memory'] : []),
    formatAge(createdAt, now),
    formatSize(cost.uniqueBytes),
  ];
  return `${id}  ${words.join(', ')}${id === snapshotId ? '  (last)' : ''}`;
}

function linesBelow({ below }: Branch): readonly string[] {
  return below.flatMap((branch, index) => {
    const last = index === below.length - 1;
    const inner = linesBelow(branch).map((line) => `${last ? '   ' : '│  '}${line}`);
    return [`${last ? '└─ ' : '├─ '}${branch.text}`, ...inner];
  });
}
