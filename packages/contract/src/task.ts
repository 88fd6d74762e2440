import { z } from 'zod';
import { instantSchema } from './identifier.ts';

export const taskKinds = ['init', 'regular', 'helper'] as const;

/** In the order in which a task can have them: within one attempt a task never goes back. */
export const taskStatuses = ['created', 'blocked', 'running', 'failed', 'completed'] as const;

/** Whether a task takes an input, and has it. */
export const taskInputs = ['none', 'awaited', 'given'] as const;

const longestInput = 16_384;

/** What is given to a task: any text without NUL, which no variable can hold. */
export const taskInputSchema = z
  .string()
  .min(1)
  .max(longestInput)
  .refine((text) => !text.includes('\0'), 'expected a text without NUL');

/** One init task of a playground as it is now. */
export const taskSchema = z
  .object({
    name: z.string(),
    kind: z
      .enum(taskKinds)
      .describe(
        '`init` runs once and holds up the start; `regular` until it succeeds; `helper` all the time',
      ),
    machine: z.string(),
    user: z.string(),
    needs: z.array(z.string()).describe('Tasks that must have succeeded before'),
    status: z.enum(taskStatuses),
    input: z
      .enum(taskInputs)
      .default('none')
      .describe(
        '`awaited`: the task is not run before it was given an input; `given`: it was; `none`: it takes none',
      ),
    attempt: z
      .int()
      .describe('Grows by one when a failed task is tried again; the status never goes back within one'),
    exitCode: z
      .int()
      .nullable()
      .describe('Of the last run that ended; null when none did or a signal ended it'),
    timedOut: z.boolean().describe('The last run was stopped at its time limit'),
    hint: z.string().nullable().describe('What `hintcheck` or `failcheck` said after the last failed run'),
    startedAt: instantSchema.nullable().describe('When this attempt ran first'),
    endedAt: instantSchema.nullable().describe('When it succeeded first, or failed for good'),
  })
  .describe('An init task of a playground');

export type Task = z.infer<typeof taskSchema>;
export type TaskKind = Task['kind'];
export type TaskStatus = Task['status'];

/** True when nothing more is expected of the task in this attempt. */
export function hasSettled(status: TaskStatus): boolean {
  return status === 'failed' || status === 'completed';
}

/** Part of a task’s log. */
export const taskLogSchema = z.object({
  offset: z.int().describe('Where the chunk begins, in bytes'),
  nextOffset: z.int().describe('Where to read on'),
  content: z.string(),
});

export type TaskLog = z.infer<typeof taskLogSchema>;
