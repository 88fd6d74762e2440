import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step } from '../../operations/step.ts';
import type { ServicesContext } from '../services-context.ts';
import { stopContainers } from '../stop/stop-containers.ts';
import { cutVolumes } from './cut-volumes.ts';

/** Keeps what the playground is now. Once gone back, that is nowhere else: a failure must not take it away. */
export function keepBefore(operationId: string): Step<ServicesContext> {
  const { label, run } = cutVolumes({ id: operationId, origin: 'rewind', savedAs: null });
  return {
    label,
    run,
    undo: async ({ tools, id, standStill }) => {
      const docker = await tools.dockerIfThere();
      if (docker !== null) await standStill.end(id, docker);
    },
  };
}

const stopAsAsked = stopContainers(false);

/** From here on a failure is the playground’s: it does not run any more as it did. */
export const stopForNow: Step<ServicesContext> = {
  ...stopAsAsked,
  run: async (context, voice) => {
    await context.tools.records.change(context.id, { state: 'stopping' });
    await stopAsAsked.run(context, voice);
  },
};

/** Has the volumes filled with what is in a snapshot, whatever they have. Volumes that it does not have stay as they are. */
export function goBackServices(snapshotId: string): Step<ServicesContext> {
  return {
    label: 'Going back',
    run: async ({ tools, id, changed }) => {
      const { services } = tools.snapshots.get(snapshotId);
      if (services === null)
        throw new PlayhouseError('snapshot-incomplete', {
          snapshot: snapshotId,
          detail: 'it is of machines.',
        });
      const filling = services.volumes.map(({ name }) => name);
      const rewoundAt = new Date().toISOString();
      await tools.records.change(id, { snapshotId, rewoundAt, filling, state: 'starting' });
      changed();
    },
  };
}
