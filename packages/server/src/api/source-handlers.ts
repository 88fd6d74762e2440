import { ownersListed } from '../auth/may.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findSource, usersOf } from '../catalog/find-source.ts';
import { bakeSource } from '../operations/bake-source.ts';
import { pullSource } from '../operations/pull-source.ts';
import { removeSource } from '../operations/remove-source.ts';
import { findInventory } from '../store/inventory.ts';
import type { HandlersOf } from './handlers.ts';

/**
 * Sources and registries. Sources are shown as last told while the engine is away. Credentials are passed on to the engine
 * and neither kept nor logged here.
 */
export function createSourceHandlers(plane: ControlPlane): HandlersOf<'source' | 'registry'> {
  const { database } = plane.store;
  return {
    'source.list': async () => ({ sources: (await findInventory(database))?.inventory.sources ?? [] }),
    'source.get': async ({ parameters: { name } }, caller) => {
      const source = await findSource(database, name);
      const usedBy = await usersOf(database, source.name, ownersListed(caller));
      return { source: { ...source, usedBy: [...usedBy] } };
    },
    'source.bake': async ({ parameters }) => ({ operation: await bakeSource(plane, parameters.name) }),
    'source.pull': async ({ parameters }) => ({ operation: await pullSource(plane, parameters.name) }),
    'source.remove': async ({ parameters }) => ({ operation: await removeSource(plane, parameters.name) }),
    'registry.list': async () => ({ registries: await registries(plane, { kind: 'registry.list' }) }),
    'registry.login': async ({ body: credential }) => ({
      registries: await registries(plane, { kind: 'registry.login', credential }),
    }),
    'registry.logout': async ({ parameters: { registry } }) => ({
      registries: await registries(plane, { kind: 'registry.logout', registry }),
    }),
  };
}

async function registries(plane: ControlPlane, question: RegistryQuestion) {
  return (await plane.engine.ask(question)).registries;
}

type RegistryQuestion = Extract<Parameters<ControlPlane['engine']['ask']>[0], { kind: `registry.${string}` }>;
