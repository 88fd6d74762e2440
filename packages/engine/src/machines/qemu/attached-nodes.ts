// Names of block nodes say which drive they belong to and which overlay they are, so that a machine can be asked what it writes.
import type { QmpConnection } from './qmp.ts';

export interface AttachedNode {
  /** Name of the block node that the guest reads and writes. */
  readonly node: string;
  /** Number of the overlay; null for the one that the machine was started with. */
  readonly number: number | null;
}

interface BlockInfo {
  readonly inserted?: { readonly 'node-name'?: string };
}

/** Name of the node of a drive that the machine is started with. */
export function driveNode(index: number): string {
  return `drive${index}`;
}

/** Name of the node that a drive is switched to. */
export function overlayNode(index: number, number: number): string {
  return `${driveNode(index)}-overlay${number}`;
}

/** What is attached to the machine’s drives now, by their place on the machine line. */
export async function attachedNodes(
  monitor: Pick<QmpConnection, 'execute'>,
): Promise<ReadonlyMap<number, AttachedNode>> {
  const devices = (await monitor.execute('query-block')) as readonly BlockInfo[];
  const nodes = devices.flatMap(({ inserted }): [number, AttachedNode][] => {
    const node = inserted?.['node-name'] ?? '';
    const [, index, number] = /^drive(\d+)(?:-overlay(\d+))?$/.exec(node) ?? [];
    if (index === undefined) return [];
    return [[Number(index), { node, number: number === undefined ? null : Number(number) }]];
  });
  return new Map(nodes);
}

/** Removes overlays that a cut made ready and never switched to. Those below an attached one are in use, and stay. */
export async function removeUnattachedOverlays(monitor: Pick<QmpConnection, 'execute'>): Promise<void> {
  const attached = new Set([...(await attachedNodes(monitor)).values()].map(({ node }) => node));
  const nodes = (await monitor.execute('query-named-block-nodes', { flat: true })) as readonly {
    readonly 'node-name'?: string;
  }[];
  for (const name of nodes.flatMap((node) => node['node-name'] ?? [])) {
    if (!/^drive\d+-overlay\d+$/.test(name) || attached.has(name)) continue;
    await monitor.execute('blockdev-del', { 'node-name': name }).catch(() => {});
  }
}
