import { z } from 'zod';
import { noun } from './noun.ts';

const initConditionSchema = noun('InitCondition', 'One choice offered at the start.', {
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
    .describe('Regular expression that a typed value must match.'),
});

export const initConditionsSchema = noun(
  'InitConditions',
  'What the person who starts the playground can choose.',
  {
    values: z.array(initConditionSchema).max(32).describe('The choices.'),
  },
);

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

export type InitConditions = Readonly<z.output<typeof initConditionsSchema>>;
