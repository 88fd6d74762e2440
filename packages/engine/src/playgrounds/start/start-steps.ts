// The steps of `playground.start`, in order.
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import { selectTasks } from '@playhouse/contract/manifest/select-tasks';
import type { Step } from '../../operations/step.ts';
import { bootMachines } from './boot-machines.ts';
import { holdMachines } from './hold-machines.ts';
import { prepareDrives } from './prepare-drives.ts';
import { pullImages } from './pull-images.ts';
import { runInitTasks } from './run-init-tasks.ts';
import type { StartContext } from './start-context.ts';
import { takeUpSnapshot } from './take-up-snapshot.ts';
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

/** What makes a playground ready for whoever comes next. */
const spareSteps: readonly Step<StartContext>[] = [...startSteps, holdMachines];

/** How a playground is started. */
export interface StartManner {
  /** True when it may have a snapshot to begin with. */
  readonly again: boolean;
  /** True boots even where memory was kept. */
  readonly cold: boolean;
}

/** The steps for one playground. Init tasks are there only when there are any to run; a spare one has none: its snapshot has them done. */
export function startStepsOf(
  { manifest, conditions, from, spare }: Pick<PlaygroundOrder, 'manifest' | 'conditions' | 'from' | 'spare'>,
  { again, cold }: StartManner,
): readonly Step<StartContext>[] {
  const hasInitTasks = selectTasks(manifest.playground, conditions).some(({ kind }) => kind === 'init');
  const usual = hasInitTasks ? allStartSteps : startSteps;
  const steps = spare ? spareSteps : usual;
  return again || from !== null ? [takeUpSnapshot(cold), ...steps] : steps;
}
