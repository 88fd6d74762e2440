import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { RouteName } from '@playhouse/contract/routes/route-table';
import { userOf } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getOperation } from '../operations/cancel-operation.ts';
import { comparePlaygrounds } from '../operations/compare.ts';
import { snapshotPlayground } from '../operations/cut-playground.ts';
import { forkPlayground } from '../operations/fork-playground.ts';
import { rewindPlayground } from '../operations/rewind-playground.ts';
import { restartPlayground } from '../operations/start-again.ts';
import { stopPlayground } from '../operations/stop-playground.ts';
import { suspendPlayground } from '../operations/suspend-playground.ts';
import { forkTree } from '../snapshots/fork-tree.ts';
import type { Handlers } from './handlers.ts';

/** Routes of a playground that have to do with its snapshots: what it leaves, goes on from, and what is made of it. */
export type ForkRoute = Extract<
  RouteName,
  `playground.${'stop' | 'suspend' | 'restart' | 'fork' | 'snapshot' | 'rewind' | 'tree' | 'diff' | 'diff-result'}`
>;

export function createForkHandlers(plane: ControlPlane): Pick<Handlers, ForkRoute> {
  return {
    'playground.stop': ({ parameters, query }) => stopPlayground(plane, parameters.playground, query.force),
    'playground.suspend': ({ parameters }) => suspendPlayground(plane, parameters.playground),
    'playground.restart': ({ parameters, query }) =>
      restartPlayground(plane, parameters.playground, query.cold),
    'playground.fork': ({ parameters, body }, caller) =>
      forkPlayground(plane, parameters.playground, body, userOf(caller)),
    'playground.snapshot': ({ parameters, body }) =>
      snapshotPlayground(plane, parameters.playground, body.memory),
    'playground.rewind': ({ parameters, body }, caller) =>
      rewindPlayground(plane, parameters.playground, body, caller),
    'playground.diff': ({ body }, caller) => comparePlaygrounds(plane, body, caller),
    'playground.diff-result': async ({ parameters: { operation: operationId } }) => {
      const { kind } = await getOperation(plane.store.database, operationId);
      if (kind !== 'snapshot.compare')
        throw new PlayhouseError('comparison-unknown', { operation: operationId });
      const { comparison } = await plane.engine.ask({ kind: 'comparison.get', operationId });
      return { comparison };
    },
    'playground.tree': ({ parameters }, caller) => forkTree(plane, parameters.playground, caller),
  };
}
