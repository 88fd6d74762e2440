// What the engine knows of a snapshot, on disk as snapshots/<id>.json: what each machine was made of at the cut, and all that it
// takes to begin with it again.
import { identifierSchema, instantSchema } from '@playhouse/contract/identifier';
import { playgroundOrderSchema } from '@playhouse/contract/link/command';
import { snapshotFailureSchema, snapshotOrigins } from '@playhouse/contract/snapshot';
import { z } from 'zod';
import { driveChainSchema } from '../layers/drive-chain.ts';
import { servicesVersionSchema } from '../services/services-version.ts';
import { taskStateSchema } from '../tasks/task-graph.ts';
import { memoryFitSchema } from './memory-fit.ts';

const machineMemorySchema = z.object({
  /** The memory image. */
  layer: z.string(),
  /** State of the devices, in base64. */
  devices: z.string(),
  fit: memoryFitSchema,
});

const snapshotMachineSchema = z.object({
  name: z.string(),
  hostKey: z.string().nullable(),
  machineId: z.string().nullable(),
  drives: z.array(driveChainSchema),
  /** Null for a machine that was off, and in a snapshot of drives alone. */
  memory: machineMemorySchema.nullable(),
});

/** What a playground of Compose services was made of, with its secrets as its record has them, sealed. */
const snapshotServicesSchema = servicesVersionSchema.extend({
  /** Named as the file names them. */
  volumes: z.array(z.object({ name: z.string(), layer: z.string() })),
  /** Working copies and their histories, for forks; null: whoever begins with it clones anew. */
  checkouts: z.array(z.object({ service: z.string(), layer: z.string() })).nullable(),
});

export const snapshotRecordSchema = z.object({
  id: identifierSchema,
  /** The playground’s as it was. */
  order: playgroundOrderSchema,
  origin: z.enum(snapshotOrigins),
  parentId: identifierSchema.nullable(),
  savedAs: z.string().nullable(),
  createdAt: instantSchema,
  offloadedAt: instantSchema.nullable(),
  verifiedAt: instantSchema.nullable(),
  /** What was wrong when the vault’s copy was last read. */
  verifyFailure: snapshotFailureSchema.nullable().default(null),
  /** Startup files were written once for this. */
  startupId: z.string(),
  tasks: z.record(z.string(), taskStateSchema),
  /** What had been given to them. */
  inputs: z.record(z.string(), z.string()).default({}),
  machines: z.array(snapshotMachineSchema),
  /** Null when it is of machines; of services there are no machines, and `order` has no more than a name. */
  services: snapshotServicesSchema.nullable().default(null),
});

export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
export type SnapshotMachine = z.infer<typeof snapshotMachineSchema>;
export type SnapshotServices = z.infer<typeof snapshotServicesSchema>;
export type SnapshotMemory = z.infer<typeof machineMemorySchema>;

/** What a snapshot is made of, or a playground that is about to be started. */
export interface Made {
  readonly machines: readonly Pick<SnapshotMachine, 'drives' | 'memory'>[];
  readonly services?: Pick<SnapshotServices, 'volumes' | 'checkouts'> | null;
}

/** True when machines go on where they were. */
export function hasMemory({ machines }: Pick<SnapshotRecord, 'machines'>): boolean {
  return machines.some(({ memory }) => memory !== null);
}

/** Ids of all layers that it is made of. */
export function layersOf({ machines, services }: Made): readonly string[] {
  const drives = machines.flatMap(({ drives, memory }) => [
    ...drives.flatMap(({ layers }) => layers),
    ...(memory ? [memory.layer] : []),
  ]);
  const folders = [...(services?.volumes ?? []), ...(services?.checkouts ?? [])];
  return [...drives, ...folders.map(({ layer }) => layer)];
}
