import type { Step } from '../../operations/step.ts';
import { bootMachines } from '../start/boot-machines.ts';
import type { StartContext } from '../start/start-context.ts';
import { waitForSsh } from '../start/wait-for-ssh.ts';
import { wireNetworks } from '../start/wire-networks.ts';
import { manners } from '../stop/shut-down.ts';
import { stopMachines } from '../stop/stop-machines.ts';
import { goBack } from './go-back.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** The steps of `playground.rewind`: what the playground is now is kept under the operation’s id before it is left. */
export function rewindSteps(
  operationId: string,
  { snapshotId, cold }: { readonly snapshotId: string; readonly cold: boolean },
): readonly Step<StartContext>[] {
  return [
    takeSnapshot({ id: operationId, origin: 'rewind', savedAs: null, memory: true }),
    stopMachines(manners.cut),
    goBack(snapshotId, cold),
    wireNetworks,
    bootMachines,
    waitForSsh,
  ];
}
