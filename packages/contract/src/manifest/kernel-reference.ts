import { z } from 'zod';
import { kernelNamePattern } from '../kernel.ts';
import { noun } from './noun.ts';
import { snapshotReferenceSchema } from './snapshot-reference.ts';

/** The kernel of a machine that names none. */
export const defaultKernel = '6.1';

// A version that was written without quotes arrives as a number: 6.1.
const kernelName = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(kernelNamePattern, { error: 'manifest-bad-kernel' }));

const kernelObject = noun('Kernel', 'The kernel of a machine.', {
  source: kernelName.describe('Name of the kernel, as `6.1`.'),
  snapshot: snapshotReferenceSchema.optional().describe('Written by the platform; not for authors.'),
});

/** `kernel: "6.1"` or `kernel: {source: "6.1"}`; the second form is the canonical one. */
export const kernelReferenceSchema = z.union([
  kernelName.transform((source): z.output<typeof kernelObject> => ({ source })),
  kernelObject,
]);

export type KernelReference = Readonly<z.output<typeof kernelObject>>;
