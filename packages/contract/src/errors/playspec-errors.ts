import type { ErrorDefinition } from './error-definition.ts';

/** Errors about the catalog. */
export const playspecErrors = {
  'playspec-unknown': {
    status: 404,
    message: 'There is no playspec called `{name}`.',
    hint: 'Use one of: {known}.',
  },
  'playspec-version-unknown': {
    status: 404,
    message: 'The playspec `{name}` has no version {version}; its newest one is {newest}.',
    hint: 'Run `playhouse playspec versions {name}` to see what there is.',
  },
  'playspec-exists': {
    status: 409,
    message: 'There is a playspec called `{name}` already.',
    hint: 'Choose another name, or make a new version of it with `playhouse playspec update {name} -f FILE` if it is yours.',
  },
  'playspec-shipped': {
    status: 409,
    message: 'The playspec `{name}` comes with Playhouse and cannot be changed or removed.',
    hint: 'Make your own from it: `playhouse playspec create --base {name} NAME`.',
  },
} as const satisfies Record<string, ErrorDefinition>;
