import { z } from 'zod';
import { noun } from './noun.ts';

const principalSchema = z
  .string()
  .regex(/^(owner|anyone|authenticated|instructor|nobody|(github|user|student|has-pack):[A-Za-z0-9._-]+)$/, {
    error: 'manifest-bad-principal',
  });

const principals = z.array(principalSchema).min(1).max(100);

export const accessControlSchema = noun(
  'AccessControl',
  'Who may use the playground: owner, anyone, authenticated, instructor, nobody, github:HANDLE, user:ID, student:TRAINING, has-pack:NAME.',
  {
    canList: principals.describe('Who sees it in the catalog.'),
    canRead: principals.describe('Who can read its page and manifest.'),
    canStart: principals.describe('Who can start it.'),
  },
);

export type AccessControl = {
  readonly [Right in keyof z.output<typeof accessControlSchema>]: readonly string[];
};

export const legacyAccessSchema = noun('Access', 'The older form of accessControl.', {
  mode: z.enum(['private', 'public']).describe('`private`: the owner only. `public`: anyone.'),
});

/** Who may use a playspec that does not say so: its owner alone. */
export const ownersOnly: AccessControl = { canList: ['owner'], canRead: ['owner'], canStart: ['owner'] };

/** Who may use what comes with Playhouse: whoever has a token; everybody may look at it. */
export const everyones: AccessControl = {
  canList: ['anyone'],
  canRead: ['anyone'],
  canStart: ['authenticated'],
};

/** What the older `access.mode` means in the words of today. */
export function accessControlOfMode(mode: 'private' | 'public'): AccessControl {
  const who = mode === 'private' ? 'owner' : 'anyone';
  return { canList: [who], canRead: [who], canStart: [who] };
}
