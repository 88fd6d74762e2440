import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import { listNames } from '@playhouse/contract/manifest/closest';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import type { HandlersOf } from './handlers.ts';

export function createTaskHandlers(plane: ControlPlane): HandlersOf<'task'> {
  return {
    'task.log': async ({ parameters: { playground, task }, query }) => {
      const { id } = await requireTask(plane, playground, task, 'read');
      const offset = query.offset ?? null;
      const { log } = await plane.engine.ask({
        kind: 'task.log',
        playgroundId: id,
        task,
        offset,
        limit: query.limit,
      });
      return { log };
    },
    'task.input': async ({ parameters, body: { input } }) => {
      const { id } = await requireTask(plane, parameters.playground, parameters.task, 'given an input');
      const { task } = await plane.engine.ask({
        kind: 'task.input',
        playgroundId: id,
        task: parameters.task,
        input,
      });
      return { task };
    },
  };
}

/** The playground, when it has the task. @throws PlayhouseError playground-unknown, playground-state, task-unknown */
async function requireTask(plane: ControlPlane, reference: string, task: string, action: string) {
  const playground = await getPlayground(plane.store.database, reference);
  const { name, tasks, status } = playground;
  // What a destroyed playground had on disk is gone with it.
  if (status === 'destroyed') throw wrongState({ name, status }, action);
  const names = tasks.map((each) => each.name);
  if (names.includes(task)) return playground;
  throw new PlayhouseError('task-unknown', { playground: name, task, known: listNames(task, names) });
}
