import { z } from 'zod';
import type { DeepReadonly } from './deep-readonly.ts';
import { isPattern } from './matches-pattern.ts';
import { noun } from './noun.ts';

export const initConditionSchema = noun('InitCondition', 'One choice offered at the start.', {
  key: z.string().min(1).max(200).describe('Name of the choice, as shown.'),
  default: z.string().max(1000).optional().describe('Value when nothing is chosen.'),
  options: z
    .array(z.string().max(1000))
    .max(100)
    .optional()
    .describe('Values to choose from; any text when absent.'),
  nullable: z.boolean().default(false).describe('The choice may be left open.'),
  placeholder: z.string().max(1000).optional().describe('Example shown in the empty field.'),
  validationRegex: z
    .string()
    .max(1000)
    .refine(isPattern, { error: 'manifest-bad-pattern' })
    .optional()
    .describe(
      'Regular expression (RE2) that a typed value must match somewhere; anchor it with `^` and `$`.',
    ),
});

export const initConditionsSchema = noun(
  'InitConditions',
  'What the person who starts the playground can choose.',
  {
    values: z.array(initConditionSchema).max(32).describe('The choices.'),
  },
);

export type InitConditions = DeepReadonly<z.output<typeof initConditionsSchema>>;
