import { z } from 'zod';

export const acceleratorClasses = ['kvm', 'nested', 'tcg'] as const;

/** The verdict of the accelerator probe, with what it saw. */
export const acceleratorSchema = z
  .object({
    class: z.enum(acceleratorClasses),
    evidence: z.array(z.string()).describe('What was tried and seen, one sentence each'),
  })
  .describe('How machines run on this host');

/** What the engine says about its host. */
export const playroomSchema = z
  .object({
    connected: z.boolean(),
    version: z.string().nullable(),
    accelerator: acceleratorSchema.nullable(),
    cpuCount: z.int().nullable(),
    memoryBudgetBytes: z.int().nullable(),
    memoryReservedBytes: z.int(),
  })
  .describe('The playroom of this server');

export type Accelerator = z.infer<typeof acceleratorSchema>;
export type AcceleratorClass = Accelerator['class'];
export type Playroom = z.infer<typeof playroomSchema>;
