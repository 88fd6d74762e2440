// The document that a bug report needs: what the server knows of a playground, and what its engine does.
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { formatManifest } from '@playhouse/contract/manifest/format-manifest';
import type { Operation } from '@playhouse/contract/operation';
import type { PlaygroundDebug } from '@playhouse/contract/services-debug';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { findInventory } from '../store/inventory.ts';
import { readLog } from '../store/operation-logs.ts';
import { listOperations } from '../store/operations.ts';
import { toPublicPlayground } from '../store/playgrounds.ts';
import { lastLines } from './last-lines.ts';

const operationLimit = 10;

/**
 * Says as much as it can: an engine that is away or does not answer is one of the troubles.
 * @throws PlayhouseError playground-unknown
 */
export async function describePlayground(
  plane: ControlPlane,
  version: string,
  reference: string,
): Promise<PlaygroundDebug> {
  const { database } = plane.store;
  const playground = await getPlayground(database, reference);
  const { id, stack, manifest } = playground;
  const troubles: PlaygroundDebug['troubles'] = [];
  const known = await findInventory(database);
  const asks = stack !== null && playground.status !== 'destroyed';
  const services = asks
    ? await plane.engine.ask({ kind: 'services.debug', playgroundId: id }).then(
        ({ debug }) => debug,
        (error: unknown) => {
          troubles.push({ about: 'playroom', detail: toErrorBody(error).message });
          return null;
        },
      )
    : null;
  const operations = await listOperations(database, { limit: operationLimit, playgroundId: id });
  const endOfLog = async ({ status, id: operationId }: Operation) => {
    if (status === 'succeeded') return [];
    return lastLines(await readLog(database, operationId, 0));
  };
  return {
    at: plane.now().toISOString(),
    version,
    engine: {
      connected: plane.engine.connected,
      version: known?.version ?? null,
      runsOn: known?.inventory.runsOn ?? null,
    },
    playground: toPublicPlayground(playground),
    manifest: stack === null ? formatManifest(manifest) : null,
    services,
    operations: await Promise.all(
      operations.map(async (operation) => ({ ...operation, lastLines: await endOfLog(operation) })),
    ),
    troubles,
  };
}
