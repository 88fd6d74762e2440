import type { Step } from '../../operations/step.ts';
import { removeNetworks } from './remove-networks.ts';
import { secureDrives } from './secure-drives.ts';
import { manners, type StopContext } from './shut-down.ts';
import { stopMachines } from './stop-machines.ts';

/** The steps of `playground.stop`: what is left on the host are drives, keys and console logs. */
export function stopSteps(force: boolean): readonly Step<StopContext>[] {
  return [stopMachines(force ? manners.cut : manners.orderly), secureDrives, removeNetworks];
}
