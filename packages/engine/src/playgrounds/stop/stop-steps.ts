import type { Step } from '../../operations/step.ts';
import { removeNetworks } from './remove-networks.ts';
import { computeDigests } from '../cut/compute-digests.ts';
import type { StartContext } from '../start/start-context.ts';
import { keepDrives } from './keep-drives.ts';
import { manners } from './shut-down.ts';
import { stopMachines } from './stop-machines.ts';
import { suspendMachines } from './suspend-machines.ts';

/** The steps of `playground.stop`: what is left is a snapshot of the drives, beside keys and console logs. */
export function stopSteps(force: boolean, snapshotId: string): readonly Step<StartContext>[] {
  return [
    stopMachines(force ? manners.cut : manners.orderly),
    keepDrives(snapshotId),
    computeDigests(snapshotId),
    removeNetworks,
  ];
}

/** The steps of `playground.suspend`: the same with the machines’ memory. */
export function suspendSteps(snapshotId: string): readonly Step<StartContext>[] {
  return [suspendMachines(snapshotId), computeDigests(snapshotId), removeNetworks];
}
