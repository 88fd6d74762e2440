import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { observe } from '../observe.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { composeFault } from '../start/compose-fault.ts';
import { promote } from './roll-out.ts';

const downTimeoutMs = 300_000;

/** Removes all containers and networks; named volumes stay. Everything that the new ones need is there by now. */
export const removeAll: Step<ServicesContext> = {
  label: 'Removing containers',
  run: async (context, voice) => {
    const { tools, id } = context;
    const { compose, nextCompose } = tools.records.files(id);
    if (tools.records.find(id)?.next === null) return;
    const docker = await tools.docker(voice);
    await tools.records.change(id, { state: 'starting' });
    await observe(context, docker.api, 'starting');
    if (existsSync(nextCompose)) {
      const project = projectName(recordOf(context).order);
      const options = { timeoutMs: downTimeoutMs, onLine: (line: string) => voice.log(line) };
      // Volumes that have no name go with their containers: nobody would find them again.
      for (const words of [
        ['rm', '--stop', '--force', '--volumes'],
        ['down', '--remove-orphans'],
      ]) {
        const { exitCode, stderr } = await docker.compose(project, compose, words, options);
        if (exitCode !== 0)
          throw new PlayhouseError('services-not-healthy', { detail: composeFault(stderr) });
      }
      await rename(nextCompose, compose);
    }
    await promote(context);
  },
};
