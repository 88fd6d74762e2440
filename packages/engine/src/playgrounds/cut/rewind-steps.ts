import type { Step } from '../../operations/step.ts';
import { bootMachines } from '../start/boot-machines.ts';
import type { StartContext } from '../start/start-context.ts';
import { waitForSsh } from '../start/wait-for-ssh.ts';
import { wireNetworks } from '../start/wire-networks.ts';
import { manners } from '../stop/shut-down.ts';
import { stopMachines } from '../stop/stop-machines.ts';
import { goBack } from './go-back.ts';
import { settleCut } from './settle-cut.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** The steps of `playground.rewind`: what the playground is now is kept under the operation’s id before it is left. */
export function rewindSteps(
  operationId: string,
  { snapshotId, cold }: { readonly snapshotId: string; readonly cold: boolean },
): readonly Step<StartContext>[] {
  const { label, run } = takeSnapshot({ id: operationId, origin: 'rewind', savedAs: null, memory: true });
  return [
    // Once gone back, what the playground was is nowhere but in this snapshot: a failure must not take it away.
    { label, run, undo: settleCut },
    stopMachines(manners.cut),
    goBack(snapshotId, cold),
    wireNetworks,
    bootMachines,
    waitForSsh,
  ];
}
