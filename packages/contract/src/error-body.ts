import { z } from 'zod';

export const problemSchema = z
  .object({
    code: z.string(),
    file: z.string(),
    line: z.int(),
    column: z.int(),
    path: z.string(),
    message: z.string(),
    hint: z.string(),
  })
  .describe('One located fault of a user’s file');

export const errorBodySchema = z
  .object({
    code: z.string().describe('Code of the error catalogue (docs/errors.md)'),
    message: z.string(),
    hint: z.string().describe('How to mend it'),
    problems: z.array(problemSchema).optional(),
  })
  .describe('An error of the catalogue');

export const apiErrorSchema = z.object({ error: errorBodySchema });
