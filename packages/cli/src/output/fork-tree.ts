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

/** The tree of forks with lines: below each playground its snapshots, below each snapshot what was forked from it. */
export function drawForkTree({ root, nodes }: Tree, now: number): string {
  const top = nodes.find(({ id }) => id === root);
  if (top === undefined) return '';
  const branch = playgroundBranch(top, nodes, now);
  return [branch.text, ...linesBelow(branch)].map((line) => `${line}\n`).join('');
}

function playgroundBranch(node: Node, nodes: readonly Node[], now: number, note = ''): Branch {
  const { id, name, status, suspended, title } = node;
  const forks = nodes.filter(({ forkedFrom }) => forkedFrom?.playgroundId === id);
  const snapshots = node.snapshots ?? [];
  const known = new Set(snapshots.map((snapshot) => snapshot.id));
  return {
    text: `${name}  ${suspended ? 'suspended' : status}  ${title}${note}`,
    below: [
      ...snapshots.map((snapshot) => ({
        text: snapshotText(snapshot, node, now),
        below: forks
          .filter(({ forkedFrom }) => forkedFrom?.snapshotId === snapshot.id)
          .map((fork) => playgroundBranch(fork, nodes, now)),
      })),
      // Their snapshot is gone, or the playroom does not say.
      ...forks
        .filter(({ forkedFrom }) => !known.has(forkedFrom?.snapshotId ?? ''))
        .map((fork) => playgroundBranch(fork, nodes, now, `  (at ${fork.forkedFrom?.snapshotId ?? '?'})`)),
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
