import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { listNames } from '@playhouse/contract/manifest/closest';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import type { HandlersOf } from './handlers.ts';

export function createTaskHandlers(plane: ControlPlane): HandlersOf<'task'> {
  return {
    'task.log': async ({ parameters, query }) => {
      const { task } = parameters;
      const { id, name, tasks, status } = await getPlayground(plane.store.database, parameters.playground);
      // What a destroyed playground had on disk is gone with it.
      if (status === 'destroyed')
        throw new PlayhouseError('playground-state', { playground: name, status, action: 'read' });
      const names = tasks.map((each) => each.name);
      if (!names.includes(task))
        throw new PlayhouseError('task-unknown', { playground: name, task, known: listNames(task, names) });
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
  };
}
