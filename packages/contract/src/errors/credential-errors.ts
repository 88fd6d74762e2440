import type { ErrorDefinition } from './error-definition.ts';

/** Errors of what opens private repositories and registries. */
export const credentialErrors = {
  'credential-unknown': {
    status: 404,
    message: 'You have no credential `{name}`.',
    hint: 'See those that you have: `playhouse credential list`.',
  },
  'credential-invalid': {
    status: 422,
    message: 'The credential `{name}` cannot be used: {detail}.',
    hint: 'Mend it and add it again; `playhouse credential add --help` has examples.',
  },
  'credential-limit': {
    status: 409,
    message: 'You have {count} credentials already, as many as one may have.',
    hint: 'Remove one that is not needed any more.',
  },
  'host-key-unknown': {
    status: 422,
    message: 'The host of the Git repository {repository} is not known by its key: {detail}',
    hint: 'Make sure whose key it is, then add the credential again with the host’s present keys: `ssh-keyscan HOST` prints them.',
  },
} as const satisfies Record<string, ErrorDefinition>;
