import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { identifierSchema, instantSchema } from './identifier.ts';

export const operationKinds = [
  'playground.start',
  'playground.stop',
  'playground.restart',
  'playground.suspend',
  'playground.snapshot',
  'playground.rewind',
  'playground.rollout',
  'playground.hard-restart',
  'playground.heal',
  'playground.destroy',
  'machine.stop',
  'machine.restart',
  'machine.reboot',
  'source.bake',
  'kernel.add',
  'kernel.remove',
  'source.pull',
  'source.remove',
  'snapshot.remove',
  'volume.remove',
  'vault.verify',
  'vault.drill',
  'snapshot.compare',
] as const;
export const operationStatuses = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const stepStatuses = ['pending', 'running', 'done', 'failed'] as const;

/** How far a step is, when a size is known: `done` of `total` in `unit`. */
export const progressSchema = z.object({
  done: z.number(),
  total: z.number(),
  unit: z.enum(['bytes', 'packages', 'machines', 'tasks', 'percent']),
});

export const stepSchema = z
  .object({
    label: z.string(),
    status: z.enum(stepStatuses),
    startedAt: instantSchema.nullable(),
    /** Time spent in the step so far or in all, in milliseconds of the engine’s monotonic clock. */
    durationMs: z.number().nullable(),
    detail: z.string().nullable().describe('What the step is at, in a few words'),
    progress: progressSchema.nullable(),
  })
  .describe('A named step of an operation');

/** One long-running action with named steps, progress, log, error and cancel. */
export const operationSchema = z
  .object({
    id: identifierSchema,
    kind: z.enum(operationKinds),
    subject: z
      .object({
        kind: z.enum(['playground', 'machine', 'source', 'kernel', 'snapshot', 'vault', 'playspec']),
        id: z.string(),
        name: z.string(),
      })
      .describe('What it is about; a machine has the id of its playground'),
    status: z.enum(operationStatuses),
    steps: z.array(stepSchema),
    error: errorBodySchema.extend({ step: z.string().nullable() }).nullable(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
    endedAt: instantSchema.nullable(),
  })
  .describe('An operation');

export type Operation = z.infer<typeof operationSchema>;
export type OperationKind = Operation['kind'];
export type OperationStatus = Operation['status'];
export type Step = z.infer<typeof stepSchema>;
export type Progress = z.infer<typeof progressSchema>;

/** True when a playground or a machine of it is the subject: whose id is the playground’s in either case. */
export function isOnPlayground({ kind }: Pick<Operation['subject'], 'kind'>): boolean {
  return kind === 'playground' || kind === 'machine';
}

/**
 * True when the operation can be cancelled. Stopping and destroying only go forward: what was told to end cannot be called
 * back, so a stop is ended by a restart.
 */
export function isCancellable(kind: OperationKind): boolean {
  return !['playground.stop', 'playground.suspend', 'playground.destroy', 'machine.stop'].includes(kind);
}

/** True when nothing more will happen to the operation. */
export function hasEnded(status: OperationStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
