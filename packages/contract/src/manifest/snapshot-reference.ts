import { z } from 'zod';
import { noun } from './noun.ts';

export const snapshotReferenceSchema = noun(
  'SnapshotReference',
  'A snapshot that the platform restores from.',
  {
    id: z.string().min(1).max(200).describe('Id of the snapshot.'),
    leaseId: z.string().min(1).max(200).optional().describe('Id of the lease that keeps the snapshot.'),
  },
);
