// Keeps drives’ chains short, in the background: a playground that is stopped, cut and restarted again and again gets a layer each
// time. What was cut is merged into one new layer; machines that are off lie on it at once, others when they boot next, and
// snapshots on what they were cut on.
import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { LayerRecord } from '../../layers/layer-store.ts';
import { type Merged, mergeLayers } from '../../layers/merge-layers.ts';
import type { OperationQueue } from '../../operations/operation-queue.ts';
import { crashPoint } from '../../system/crash-point.ts';
import type { DriveRecord, PlaygroundRecord } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { overlong, shortened, withMerged } from './shorten-chain.ts';

type MergeTools = Pick<PlayroomTools, 'records' | 'layers'>;

export interface MergeWork {
  readonly queue: Pick<OperationQueue, 'runUnasked'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly signal: AbortSignal;
}

/**
 * Merges every chain of more than `longest` layers above its base all of which are here. One that cannot be merged is left as it
 * is. Gives the ids of the new layers, and of the topmost ones of chains that failed, so that they can be passed over for a while.
 */
export async function mergeChains(
  tools: MergeTools,
  work: MergeWork,
  { longest, passOver = new Set<string>() }: { readonly longest: number; readonly passOver?: Set<string> },
): Promise<{ readonly made: readonly string[]; readonly failed: readonly string[] }> {
  const [made, failed]: [string[], string[]] = [[], []];
  const settled = tools.records.all().filter(({ state }) => state === 'running' || state === 'stopped');
  const drives = settled.flatMap(({ machines }) => machines.flatMap((machine) => machine.drives));
  const chains = drives.flatMap((drive) => overlong(drive, longest) ?? []);
  // Forks lie on the same layers.
  const distinct = new Map(chains.map((chain) => [JSON.stringify([chain.base, ...chain.layers]), chain]));
  for (const chain of distinct.values()) {
    const top = chain.layers.at(-1) ?? '';
    if (work.signal.aborted || passOver.has(top)) continue;
    const files = [...chain.layers.map((id) => tools.layers.path(id)), chain.base ?? []].flat();
    if (!files.every((file) => existsSync(file))) continue;
    try {
      made.push(await merge(tools, work, chain));
    } catch (error) {
      if (work.signal.aborted) break;
      failed.push(top);
      work.log.warn({ err: error, top }, 'a long chain of layers could not be merged; it stays as it is');
    }
  }
  return { made, failed };
}

async function merge(tools: MergeTools, work: MergeWork, chain: Merged): Promise<string> {
  const { layers } = tools;
  const isKnown = ({ id, merged }: LayerRecord) =>
    merged !== null && isSame(merged, chain) && existsSync(layers.path(id));
  const known = layers.all().find(isKnown);
  const id = known?.id ?? layers.newId();
  await layers.hold([id, ...chain.layers], async () => {
    if (known === undefined) await mergeLayers(chain, id, layers, work.signal);
    const liesOnIt = ({ machines }: PlaygroundRecord) =>
      machines.some(({ drives }) => drives.some((drive) => withMerged(drive, chain, id) !== null));
    for (const { order } of tools.records.all().filter(liesOnIt)) {
      await work.queue.runUnasked(order.id, async () => await lay(tools, order.id, chain, id));
      crashPoint('merge/laid');
    }
  });
  work.log.info({ layer: id, of: chain.layers.length }, 'a long chain of layers was merged');
  return id;
}

/** Has the playground’s drives that lie on the chain lie on the merged layer, those of running machines at their next boot. */
async function lay({ records }: MergeTools, id: string, chain: Merged, merged: string): Promise<void> {
  const record = records.get(id);
  if (record === undefined) return;
  let found = false;
  const change = (drive: DriveRecord, isOff: boolean): DriveRecord => {
    const noted = withMerged(drive, chain, merged);
    found ||= noted !== null;
    return noted === null ? drive : isOff ? shortened(noted) : noted;
  };
  const machines: PlaygroundRecord['machines'] = record.machines.map((machine) => {
    const isOff = machine.process === null && record.cut === null;
    return { ...machine, drives: machine.drives.map((drive) => change(drive, isOff)) };
  });
  if (found) await records.save({ ...record, machines });
}

function isSame(one: Merged, other: Merged): boolean {
  return one.base === other.base && one.layers.join() === other.layers.join();
}
