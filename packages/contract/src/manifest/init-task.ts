import { z } from 'zod';
import type { DeepReadonly } from './deep-readonly.ts';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';
import { userNameSchema } from './user.ts';

export const taskNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, { error: 'manifest-bad-task-name' });

const taskConditionSchema = noun('TaskCondition', 'A choice of the person who starts the playground.', {
  key: z.string().min(1).max(200).describe('Key of an init condition.'),
  value: z.string().max(1000).describe('The task runs only when this value was chosen.'),
});

export const initTaskSchema = noun(
  'InitTask',
  'A script that runs inside a machine.',
  {
    name: taskNameSchema.optional().describe('Written by other clients; the key of the task is its name.'),
    machine: nameSchema.optional().describe('Machine on which it runs. Default: the first one.'),
    init: z
      .boolean()
      .default(false)
      .describe('Run once, before the playground counts as ready. Otherwise repeat until it succeeds.'),
    helper: z.boolean().default(false).describe('Repeat for as long as the machine runs, hidden from lists.'),
    user: userNameSchema.default('root').describe('User that runs it.'),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(60)
      .describe('Seconds after which a run is stopped. `timeout_seconds` is accepted too.'),
    needs: z
      .array(taskNameSchema)
      .max(100)
      .default([])
      .describe(
        'Tasks that must have succeeded before. One that does not exist under the chosen conditions is not waited for.',
      ),
    run: z
      .string()
      .min(1)
      .describe(
        'The script, run by bash, or by sh in an image without it. `x(.needs.TASK.stdout)` (`stderr`, `exit_code`) stands for what a needed task said, `x(.input.KEY)` for a chosen condition, `x(.input)` for what was given to the task; all are data there, never code. With `x(.input)` the task waits until it was given something.',
      ),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*=/, { error: 'manifest-bad-variable' }))
      .max(100)
      .default([])
      .describe('Environment variables, each as `NAME=value`; values may hold templates as in `run`.'),
    status: z.int().optional().describe('Written by the platform; not for authors.'),
    conditions: z
      .array(taskConditionSchema)
      .max(32)
      .default([])
      .describe('Choices under which the task exists at all; all of them must hold.'),
    hintcheck: z
      .string()
      .optional()
      .describe(
        'Script run after a failed run; what it prints is shown as a hint, its exit code does not count.',
      ),
    failcheck: z
      .string()
      .optional()
      .describe('Script run before each run; if it fails, task and playground have failed.'),
    destination: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'File that what was given to the task is written to, as its user, before it is run; relative to the user’s home. The task waits until it was given something.',
      ),
  },
  { aliases: { timeout_seconds: 'timeoutSeconds' } },
);

const tasksLimit = 200;

/** Init tasks by name, at most 200. */
export const initTasksSchema = z
  .record(taskNameSchema, initTaskSchema)
  .refine((tasks) => Object.keys(tasks).length <= tasksLimit, { error: 'manifest-too-many-tasks' });

export type InitTask = DeepReadonly<z.output<typeof initTaskSchema>>;
