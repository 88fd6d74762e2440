// What is different between two playgrounds, or snapshots of them.
import { z } from 'zod';

/** Files, and packages, that are told of one drive at most. */
export const comparisonLimit = 20_000;

export const changedFileSchema = z.object({
  change: z.enum(['added', 'removed', 'changed']),
  path: z.string().describe('From the top of the drive: `/etc/hosts`'),
  sizeBefore: z.int().nullable().describe('In bytes; null where it is not there'),
  sizeAfter: z.int().nullable(),
});

export const changedPackageSchema = z.object({
  name: z.string(),
  before: z.string().nullable().describe('Its version; null where it is not installed'),
  after: z.string().nullable(),
});

export const comparedDriveSchema = z.object({
  device: z.string().describe('As the machine sees it: `/dev/vda`'),
  mount: z.string().nullable(),
  unreadable: z
    .string()
    .nullable()
    .describe('Why its files could not be compared: no file system that can be read'),
  files: z.array(changedFileSchema).describe('By path'),
  truncated: z.boolean().describe('True when there are more than are told'),
});

export const comparedMachineSchema = z.object({
  name: z.string(),
  presence: z.enum(['both', 'added', 'removed']).describe('Where there is such a machine'),
  drives: z.array(comparedDriveSchema),
  packages: z.array(changedPackageSchema).describe('Of dpkg and apk, by name'),
  ports: z.object({
    before: z.array(z.string()).nullable().describe('As `tcp 0.0.0.0:22`; null where nobody knows'),
    after: z.array(z.string()).nullable().describe('Known of machines that run'),
  }),
});

export const comparisonSchema = z
  .object({
    from: z.string().describe('What was named first'),
    to: z.string(),
    machines: z.array(comparedMachineSchema),
  })
  .describe('What is different between two playgrounds or snapshots');

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparedMachine = z.infer<typeof comparedMachineSchema>;
export type ComparedDrive = z.infer<typeof comparedDriveSchema>;
export type ChangedFile = z.infer<typeof changedFileSchema>;
export type ChangedPackage = z.infer<typeof changedPackageSchema>;
