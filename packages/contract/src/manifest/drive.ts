import { z } from 'zod';
import { imageReferenceExpression, longestImageReference } from '../image-reference.ts';
import { noun } from './noun.ts';
import { gibibyte, sizeSchema } from './size.ts';
import { snapshotReferenceSchema } from './snapshot-reference.ts';

const sourcePattern = new RegExp(`^(?:${imageReferenceExpression}|[a-z0-9][a-z0-9._-]{0,127})$`);

export const filesystems = ['ext4', 'ext3', 'ext2', 'xfs', 'btrfs'] as const;

/** All drives of a playground together, in bytes. */
export const drivesLimit = 240 * gibibyte;

/** The most drives that one machine can have: with those of the platform they are /dev/vda to /dev/vdz. */
export const machineDrivesLimit = 24;

/** Bytes of a drive whose size is left open. It costs nothing until it is written. */
export const defaultDriveBytes = 10 * gibibyte;

export const driveSchema = noun(
  'Drive',
  'A block device of the machine: /dev/vda, /dev/vdb … in the order of the list. Without source, mount and filesystem it is raw.',
  {
    source: z
      .string()
      .max(longestImageReference)
      .regex(sourcePattern, { error: 'manifest-bad-source' })
      .optional()
      .describe('Where the content comes from: a named source (`debian-12`) or `oci://REGISTRY/NAME:TAG`.'),
    mount: z
      .string()
      .regex(/^\/(?!.*(^|\/)\.\.?(\/|$))[^\s\\]*$/, { error: 'manifest-bad-mount' })
      .transform(
        (value) =>
          `/${value
            .split('/')
            .filter((part) => part !== '')
            .join('/')}`,
      )
      .optional()
      .describe(
        'Where the drive is mounted, before any startup file is written; it is in /etc/fstab too. Exactly one drive has `/`, and that one has a source. A mounted drive without source is formatted.',
      ),
    size: sizeSchema(gibibyte, 100 * gibibyte)
      .optional()
      .describe(
        'Size, 1GiB to 100GiB; all drives of a playground together at most 240GiB. A drive with a source is at least as large as that, also when a smaller size is written. Default: 10GiB.',
      ),
    filesystem: z
      .enum(filesystems)
      .optional()
      .describe(
        'File system of a drive without source. Default: ext4 when it is mounted, else none. A drive with a source keeps that of its source, which is ext4.',
      ),
    readOnly: z.boolean().default(false).describe('Attach the drive so that it cannot be written to.'),
    persistent: z
      .boolean()
      .optional()
      .describe('Whether the content outlives a stop. Default: as the playground does.'),
    snapshot: snapshotReferenceSchema
      .optional()
      .describe('Written by the platform together with `source: snapshot`; not for authors.'),
  },
);

export type ManifestDrive = Readonly<z.output<typeof driveSchema>>;
