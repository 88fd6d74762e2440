// The steps of `playground.start`, in order. The last of the design’s steps, “Running init tasks”, comes with init tasks.
import type { Step } from '../../operations/step.ts';
import { bootMachines } from './boot-machines.ts';
import { prepareDrives } from './prepare-drives.ts';
import { pullImages } from './pull-images.ts';
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
