import { z } from 'zod';
import { errorBodySchema } from '../error-body.ts';
import { identifierSchema } from '../identifier.ts';
import { kernelSchema } from '../kernel.ts';
import { machineSchema } from '../machine.ts';
import { operationStatuses, stepSchema } from '../operation.ts';
import { acceleratorSchema } from '../playroom.ts';
import { serviceSchema } from '../service.ts';
import { sourceSchema } from '../source.ts';
import { taskSchema } from '../task.ts';

const failureSchema = errorBodySchema.extend({ step: z.string().nullable() }).nullable();

/** The whole state of an operation on the engine. A later revision replaces an earlier one. */
export const operationReportSchema = z.object({
  operationId: identifierSchema,
  revision: z.int(),
  status: z.enum(operationStatuses),
  steps: z.array(stepSchema),
  error: failureSchema,
});

/** The whole state of a playground on the engine. A later revision replaces an earlier one. */
export const playgroundReportSchema = z.object({
  playgroundId: identifierSchema,
  revision: z.int(),
  /** What the engine found or brought about; the server maps it onto the life cycle. */
  state: z.enum([
    'starting',
    'running',
    'stopping',
    'stopped',
    'completed',
    'error',
    'destroying',
    'destroyed',
  ]),
  machines: z.array(machineSchema),
  tasks: z.array(taskSchema).default([]),
  services: z.array(serviceSchema).default([]),
  /** The snapshot that it was last started from or that it left when it was stopped. */
  snapshotId: identifierSchema.nullable().default(null),
  /** True while it is stopped and its memory is kept. */
  suspended: z.boolean().default(false),
  error: failureSchema,
});

/** What a playroom has: told at hello and whenever it changes. */
export const inventorySchema = z.object({
  accelerator: acceleratorSchema.nullable(),
  /** What machines run on, as `qemu 7.2 tcg`: memory that was kept under another is of no use. */
  runsOn: z.string().default(''),
  cpuCount: z.int(),
  memoryBudgetBytes: z.int(),
  sources: z.array(sourceSchema),
  kernels: z.array(kernelSchema),
});

export type OperationReport = z.infer<typeof operationReportSchema>;
export type PlaygroundReport = z.infer<typeof playgroundReportSchema>;
export type Inventory = z.infer<typeof inventorySchema>;
