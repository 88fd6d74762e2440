import { z } from 'zod';
import { instantSchema } from './identifier.ts';
import { operationSchema } from './operation.ts';
import { playgroundSchema } from './playground.ts';
import { taskSchema } from './task.ts';

const base = { sequence: z.int(), at: instantSchema };

/**
 * One message of the event feed. Each carries the whole entity as it is after the change, so that a reader that missed
 * some only needs the latest.
 */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('operation'), operation: operationSchema }),
  z.object({ ...base, kind: z.literal('playground'), playground: playgroundSchema }),
  z.object({ ...base, kind: z.literal('task'), playgroundId: z.string(), task: taskSchema }),
  /** The end of its lifetime is near: told once, minutes before. */
  z.object({ ...base, kind: z.literal('expiring'), playground: playgroundSchema }),
  z.object({ ...base, kind: z.literal('log'), operationId: z.string(), lines: z.array(z.string()) }),
  z.object({ ...base, kind: z.literal('engine'), connected: z.boolean() }),
]);

export type Event = z.infer<typeof eventSchema>;
