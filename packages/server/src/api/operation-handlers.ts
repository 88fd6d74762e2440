import { authorize } from '../auth/authorize.ts';
import { ownersListed } from '../auth/may.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { cancelOperation, getOperation } from '../operations/cancel-operation.ts';
import { readLog } from '../store/operation-logs.ts';
import { listOperations, withoutRevision } from '../store/operations.ts';
import type { HandlersOf } from './handlers.ts';

export function createOperationHandlers(plane: ControlPlane): HandlersOf<'operation'> {
  const { database } = plane.store;
  return {
    'operation.list': async ({ query: { limit, playground } }, caller) => {
      const owner = ownersListed(caller);
      if (playground === undefined)
        return { operations: [...(await listOperations(database, { limit, owner }))] };
      await authorize(database, 'playground', caller, { parameters: { playground } });
      const { id: playgroundId } = await getPlayground(database, playground);
      return { operations: [...(await listOperations(database, { limit, owner, playgroundId }))] };
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
