import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { cancelOperation, getOperation } from '../operations/cancel-operation.ts';
import { readLog } from '../store/operation-logs.ts';
import { listOperations, withoutRevision } from '../store/operations.ts';
import type { HandlersOf } from './handlers.ts';

export function createOperationHandlers(plane: ControlPlane): HandlersOf<'operation'> {
  const { database } = plane.store;
  return {
    'operation.list': async ({ query: { limit, playground } }) => {
      const playgroundId =
        playground === undefined ? undefined : (await getPlayground(database, playground)).id;
      return { operations: [...(await listOperations(database, { limit, playgroundId }))] };
    },
    'operation.get': async ({ parameters }) => ({
      operation: withoutRevision(await getOperation(database, parameters.operation)),
    }),
    'operation.logs': async ({ parameters, query }) => {
      const { id } = await getOperation(database, parameters.operation);
      return { lines: await readLog(database, id, query.after) };
    },
    'operation.cancel': async ({ parameters }) => ({
      operation: await cancelOperation(plane, parameters.operation),
    }),
  };
}
