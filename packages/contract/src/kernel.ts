import { z } from 'zod';

/** The name of a kernel as manifests write it. */
export const kernelNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const kernelNameSchema = z.string().regex(kernelNamePattern);

/** Debian suite of a kernel package when none is named: the newest stable one. */
export const defaultKernelSuite = 'trixie';

const absolutePath = z
  .string()
  .regex(/^\/[^\0]*$/)
  .max(4096);

/** Where a kernel comes from. Paths are on the host of the playroom, and are read by its engine. */
export const kernelOriginSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('package'),
    package: z
      .string()
      .regex(/^[a-z0-9][a-z0-9+.-]{1,127}$/)
      .describe('Debian package that is a kernel image, or depends on one'),
    suite: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .describe('Debian suite, as `trixie`'),
  }),
  z.object({ kind: z.literal('deb'), path: absolutePath.describe('A Debian kernel package') }),
  z.object({
    kind: z.literal('image'),
    path: absolutePath.describe('A bootable kernel image (bzImage)'),
    modules: absolutePath.nullable().describe('Its `lib/modules/<release>`; null when all is built in'),
  }),
]);

/** A named guest kernel with its modules, as known to a playroom. */
export const kernelSchema = z
  .object({
    name: z.string().describe('As used in `kernel.source`, for example `6.1`'),
    release: z.string().nullable().describe('`uname -r` inside the machine; null until installed'),
    installed: z.boolean(),
    digest: z.string().nullable().describe('`sha256:…` of the kernel image'),
    official: z
      .boolean()
      .describe('Comes with Playhouse: installed by the first start that names it, if it is not there yet'),
    origin: kernelOriginSchema.nullable().describe('Where it comes from'),
    sizeBytes: z.int().nullable().describe('What it takes on disk; null until installed'),
  })
  .describe('A kernel');

export type Kernel = z.infer<typeof kernelSchema>;
export type KernelOrigin = z.infer<typeof kernelOriginSchema>;

/** Where a kernel comes from, in a few words. */
export function describeOrigin(origin: KernelOrigin): string {
  if (origin.kind === 'package') return `Debian ${origin.suite}: ${origin.package}`;
  return origin.path;
}
