import { z } from 'zod';

/** A named guest kernel with its modules, as known to a playroom. */
export const kernelSchema = z
  .object({
    name: z.string().describe('As used in `kernel.source`, for example `6.1`'),
    release: z.string().nullable().describe('`uname -r` inside the machine; null until installed'),
    installed: z.boolean(),
    digest: z.string().nullable().describe('`sha256:…` of the kernel image'),
  })
  .describe('A kernel');

export type Kernel = z.infer<typeof kernelSchema>;
