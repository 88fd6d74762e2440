import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { observe } from '../observe.ts';
import { endOf } from '../start/rendered.ts';
import { ownerLabel, recordOf, type ServicesContext } from '../services-context.ts';

const stopTimeoutMs = 300_000;

/** Stops the containers; they, their volumes and networks stay. By force they are killed, and not given the time that they ask for. */
export function stopContainers(force: boolean): Step<ServicesContext> {
  const grace = force ? ['-t', '0'] : [];
  return {
    label: 'Stopping containers',
    run: async (context, voice) => {
      const { tools, id } = context;
      const docker = await tools.docker(voice);
      await observe(context, docker.api, 'stopping');
      const { compose } = tools.records.files(id);
      const containers = await docker.api.containers(ownerLabel(id));
      const running = containers.filter(({ exitCode }) => exitCode === null);
      if (running.length > 0) {
        const project = projectName(recordOf(context).order);
        const options = { timeoutMs: stopTimeoutMs, onLine: (line: string) => voice.log(line) };
        const { exitCode, stderr } = await docker.compose(project, compose, ['stop', ...grace], options);
        // The file may be gone; the containers are known by their label all the same.
        if (exitCode !== 0) {
          voice.log(endOf(stderr));
          for (const container of running)
            await docker.try(['stop', ...grace, container.id], { timeoutMs: stopTimeoutMs });
        }
      }
      await observe(context, docker.api, 'stopped');
    },
  };
}
