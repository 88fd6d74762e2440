import { createOpenApiDocument } from '@playhouse/contract/routes/openapi';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { readOccupancy } from '../store/playgrounds.ts';
import type { HandlersOf } from './handlers.ts';

/** What the running server is. */
export interface Build {
  readonly version: string;
  /** Digest of the code the server was started from; whoever starts it computes it. */
  readonly codeDigest: string;
}

export function createSystemHandlers(plane: ControlPlane, build: Build): HandlersOf<'system'> {
  const { database } = plane.store;
  return {
    'system.health': () => ({ ...build, engineConnected: plane.engine.connected }),
    'system.playroom': async () => {
      const known = await findInventory(database);
      return {
        playroom: {
          connected: plane.engine.connected,
          version: known?.version ?? null,
          accelerator: known?.inventory.accelerator ?? null,
          cpuCount: known?.inventory.cpuCount ?? null,
          memoryBudgetBytes: known?.inventory.memoryBudgetBytes ?? null,
          memoryReservedBytes: (await readOccupancy(database)).ramBytes,
        },
      };
    },
    'system.openapi': () => createOpenApiDocument(build.version),
  };
}
