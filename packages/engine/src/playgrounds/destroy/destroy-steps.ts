// The steps of `playground.destroy`. They only go forward: each is repeated until it succeeds, none is undone.
import type { Step } from '../../operations/step.ts';
import { machineFiles } from '../machine-specification.ts';
import { machinesOf, type StartContext } from '../start/start-context.ts';
import { removeNetworks } from '../stop/remove-networks.ts';

type DestroyContext = Pick<StartContext, 'tools' | 'id' | 'unwatch'>;

const stopMachines: Step<DestroyContext> = {
  label: 'Stopping machines',
  run: async (context, voice) => {
    for (const { machine } of machinesOf(context)) {
      voice.detail(machine.manifest.name);
      context.unwatch(machine.manifest.name);
      await context.tools.driver.kill(machineFiles(context.tools.paths, context.id, machine));
    }
    await context.tools.cgroups.remove(context.id);
  },
};

const deleteDrives: Step<DestroyContext> = {
  label: 'Deleting drives',
  // Its snapshots go with it, but for those that were saved: nothing names them any more, so the next collection takes them.
  run: async ({ tools, id }) => await tools.records.remove(id),
};

export const destroySteps: readonly Step<DestroyContext>[] = [stopMachines, removeNetworks, deleteDrives];
