import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { acceptDrill } from '../operations/drill-vault.ts';
import { activeOperations, drilledSince } from '../store/operations.ts';

const vault = { kind: 'vault', id: 'vault' } as const;

/**
 * Has the vault drilled when the last drill, or on a new installation the first operation, is long enough ago. While something
 * else is done with the vault, or the engine is away, it waits.
 */
export async function tendDrills(plane: ControlPlane, logger: Logger): Promise<void> {
  const { store, engine, drillEveryMs } = plane;
  if (drillEveryMs === 0 || !engine.connected) return;
  const operation = await store.transaction(async (transaction) => {
    const since = await drilledSince(transaction, 'vault.drill');
    if (since === null || plane.now().getTime() - Date.parse(since) < drillEveryMs) return null;
    if ((await activeOperations(transaction, vault)).length > 0) return null;
    return await acceptDrill(plane, transaction, null);
  });
  if (operation === null) return;
  logger.info({ operation: operation.id }, 'the vault is drilled');
  plane.feed.publish({ kind: 'operation', operation });
  engine.nudge();
}
