// Heals playgrounds of services that are not what was rolled out: a container is gone, or another one is in its place. What it begins
// is an operation that everybody sees, and takes up nothing that is new.
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { acceptHeal } from '../operations/rollout-playground.ts';
import { announce, getPlayground } from '../operations/accepted.ts';
import { activeOnPlayground, listOperations } from '../store/operations.ts';
import { listServicePlaygrounds, type StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';

/** What does not stay healed is not healed again and again. */
const againAfterMs = 10 * 60_000;
const lookedBack = 30;

export async function tendDrift(plane: ControlPlane, logger: Logger): Promise<void> {
  const { store, engine } = plane;
  if (!engine.connected) return;
  for (const { id, name } of (await listServicePlaygrounds(store.database)).filter(hasDrifted)) {
    await heal(plane, logger, id).catch((error: unknown) => {
      logger.error({ err: error, playground: name }, 'what drifted could not be healed; trying again');
    });
  }
}

export function hasDrifted({ status, services }: Pick<StoredPlayground, 'status' | 'services'>): boolean {
  if (status !== 'running' && status !== 'has_changes') return false;
  return services.some(({ drift }) => (drift ?? null) !== null);
}

/** Decided and begun in one transaction. */
async function heal(plane: ControlPlane, logger: Logger, id: string): Promise<void> {
  const work = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    if (!hasDrifted(found) || (await activeOnPlayground(transaction, id)).length > 0) return null;
    if (await wasHealedLately(transaction, plane, id)) return null;
    return await acceptHeal(plane, transaction, found);
  });
  if (work === null) return;
  const { name, services } = work.playground;
  const drift = services.flatMap((service) => (service.drift ? `${service.name}: ${service.drift}` : []));
  logger.warn({ playground: name, drift }, 'a playground is not what was rolled out; it is healed');
  announce(plane, work.playground, work.operation);
}

async function wasHealedLately(
  database: Database,
  { now }: ControlPlane,
  playgroundId: string,
): Promise<boolean> {
  const operations = await listOperations(database, { playgroundId, limit: lookedBack });
  const last = operations.find(({ kind }) => kind === 'playground.heal');
  return last !== undefined && now().getTime() - Date.parse(last.createdAt) < againAfterMs;
}
