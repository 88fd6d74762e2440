// The steps of the operations on a single machine. The context’s `only` says which.
import type { Command } from '@playhouse/contract/link/command';
import type { Step } from '../operations/step.ts';
import { bootMachines } from './start/boot-machines.ts';
import type { StartContext } from './start/start-context.ts';
import { waitForSsh } from './start/wait-for-ssh.ts';
import { secureDrives } from './stop/secure-drives.ts';
import { manners } from './stop/shut-down.ts';
import { stopMachines } from './stop/stop-machines.ts';

export type MachineCommand = Extract<Command, { kind: `machine.${string}` }>;

export function machineSteps({
  kind,
  force,
}: Pick<MachineCommand, 'kind' | 'force'>): readonly Step<StartContext>[] {
  if (kind === 'machine.stop') return [stopMachines(force ? manners.cut : manners.orderly), secureDrives];
  const manner = kind === 'machine.reboot' ? manners.reboot : manners.powerCycle;
  return [stopMachines(manner), bootMachines, waitForSsh];
}
