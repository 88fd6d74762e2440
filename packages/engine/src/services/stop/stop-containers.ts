import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { observe } from '../observe.ts';
import { endOf } from '../start/rendered.ts';
import { ownerLabel, recordOf, type ServicesContext } from '../services-context.ts';

const stopTimeoutMs = 300_000;

/** Stops the containers; they, their volumes and networks stay. */
export const stopContainers: Step<ServicesContext> = {
  label: 'Stopping containers',
  run: async (context, voice) => {
    const { tools, id } = context;
    const docker = await tools.docker(voice);
    await observe(context, docker.api, 'stopping');
    const { compose } = tools.records.files(id);
    const running = (await docker.api.containers(ownerLabel(id))).filter(({ exitCode }) => exitCode === null);
    if (running.length > 0) {
      const { exitCode, stderr } = await docker.compose(
        projectName(recordOf(context).order),
        compose,
        ['stop'],
        {
          timeoutMs: stopTimeoutMs,
          onLine: (line) => voice.log(line),
        },
      );
      // The file may be gone; the containers are known by their label all the same.
      if (exitCode !== 0) {
        voice.log(endOf(stderr));
        for (const container of running)
          await docker.try(['stop', container.id], { timeoutMs: stopTimeoutMs });
      }
    }
    await observe(context, docker.api, 'stopped');
  },
};
