import { z } from 'zod';
import { filesystems } from './manifest/drive.ts';

/** One drive of a machine as it is. */
export const machineDriveSchema = z
  .object({
    device: z.string().describe('As the machine sees it: `/dev/vda` is the first of its manifest'),
    sizeBytes: z.int(),
    source: z.string().nullable().describe('Where the content came from; null for a drive that began empty'),
    filesystem: z.enum(filesystems).nullable().describe('What it was formatted with; null for a raw drive'),
    mount: z.string().nullable().describe('Where the platform mounts it'),
    readOnly: z.boolean(),
  })
  .describe('A drive of a machine');

export type MachineDrive = z.infer<typeof machineDriveSchema>;
