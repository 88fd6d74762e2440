import { formatManifest } from '@playhouse/contract/manifest/format-manifest';
import { ownersListed } from '../auth/may.ts';
import { userOf } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { destroyPlayground } from '../operations/destroy-playground.ts';
import { offeredConditions } from '../operations/offered-conditions.ts';
import { retryPlayground } from '../operations/start-again.ts';
import { setLifetime } from '../operations/set-lifetime.ts';
import { startPlayground } from '../operations/start-playground.ts';
import { listPlaygrounds, toPublicPlayground } from '../store/playgrounds.ts';
import { askCosts, costsOf } from '../snapshots/ask-costs.ts';
import type { ForkRoute } from './fork-handlers.ts';
import type { HandlersOf } from './handlers.ts';
import type { LogRoute } from './log-handlers.ts';
import type { ServicesRoute } from './services-handlers.ts';

export function createPlaygroundHandlers(
  plane: ControlPlane,
): Omit<HandlersOf<'playground'>, ForkRoute | LogRoute | ServicesRoute> {
  const { database } = plane.store;
  return {
    'playground.start': ({ body }, caller) => startPlayground(plane, body, userOf(caller)),
    'playground.conditions': async ({ body }) => ({ conditions: await offeredConditions(database, body) }),
    'playground.list': async ({ query: { all, costs: wanted } }, caller) => {
      const found = await listPlaygrounds(database, { all, hidden: all, owner: ownersListed(caller) });
      const costs = wanted ? await askCosts(plane) : null;
      const ids = found.map(({ id }) => id);
      return { playgrounds: found.map(toPublicPlayground), costs: costsOf(costs?.playgrounds, ids) };
    },
    'playground.get': async ({ parameters, query }) => {
      const playground = toPublicPlayground(await getPlayground(database, parameters.playground));
      const costs = query.costs ? await askCosts(plane) : null;
      return { playground, cost: costs?.playgrounds[playground.id] ?? null };
    },
    'playground.retry': ({ parameters }) => retryPlayground(plane, parameters.playground),
    'playground.destroy': ({ parameters }) => destroyPlayground(plane, parameters.playground),
    'playground.lifetime': async ({ parameters, body }) => ({
      playground: await setLifetime(plane, parameters.playground, body),
    }),
    'playground.manifest': async ({ parameters }) => {
      const { manifest, stack } = await getPlayground(database, parameters.playground);
      return { manifest: stack?.compose.text ?? formatManifest(manifest) };
    },
    'playground.tasks': async ({ parameters, query: { kind, machine } }) => {
      const { tasks } = await getPlayground(database, parameters.playground);
      const asked = tasks.filter(
        (task) =>
          (kind === undefined || task.kind === kind) && (machine === undefined || task.machine === machine),
      );
      return { tasks: asked };
    },
    'playground.machines': async ({ parameters }) => ({
      machines: (await getPlayground(database, parameters.playground)).machines,
    }),
  };
}
