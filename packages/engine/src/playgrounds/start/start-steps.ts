// The steps of `playground.start`, in order.
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import { selectTasks } from '@playhouse/contract/manifest/select-tasks';
import type { Step } from '../../operations/step.ts';
import { bootMachines } from './boot-machines.ts';
import { prepareDrives } from './prepare-drives.ts';
import { pullImages } from './pull-images.ts';
import { runInitTasks } from './run-init-tasks.ts';
import type { StartContext } from './start-context.ts';
import { waitForSsh } from './wait-for-ssh.ts';
import { wireNetworks } from './wire-networks.ts';

export const startSteps: readonly Step<StartContext>[] = [
  pullImages,
  prepareDrives,
  wireNetworks,
  bootMachines,
  waitForSsh,
];

/** All that a start can have. */
export const allStartSteps: readonly Step<StartContext>[] = [...startSteps, runInitTasks];

/** The steps for one playground: the last is there only when there are init tasks to run. */
export function startStepsOf({
  manifest,
  conditions,
}: Pick<PlaygroundOrder, 'manifest' | 'conditions'>): readonly Step<StartContext>[] {
  const hasInitTasks = selectTasks(manifest.playground, conditions).some(({ kind }) => kind === 'init');
  return hasInitTasks ? allStartSteps : startSteps;
}
