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
    hint: 'Choose another name, or make a new version of it if it is yours: `playhouse playspec update {name} -f FILE`, or `playhouse playspec save {name} --from PLAYGROUND --update`.',
  },
  'playspec-shipped': {
    status: 409,
    message: 'The playspec `{name}` comes with Playhouse and cannot be changed or removed.',
    hint: 'Make your own from it: `playhouse playspec create --base {name} NAME`.',
  },
  'playspec-base-missing': {
    status: 422,
    message: 'A playspec of machines is made from another one, and none was named.',
    hint: 'Name it: `playhouse playspec create --base flexbox {name} -f FILE`. Only a Compose file needs no base.',
  },
  'playspec-no-origin': {
    status: 422,
    message: 'The Compose file of `{name}` was not taken from a repository.',
    hint: 'Say which one: `playhouse playspec update {name} --repository URL`.',
  },
  'playspec-sources': {
    status: 422,
    message: 'There are several things, or none, that the playspec `{name}` could be made of.',
    hint: 'Give either a manifest (`-f FILE`) or a repository (`--repository URL`); a base is for manifests and copies.',
  },
  'playspec-other-kind': {
    status: 422,
    message: 'The playspec `{name}` is made of {kind}, and what was given is {given}.',
    hint: 'A Compose file is laid over nothing: make a playspec of it, `playhouse playspec create NAME -f FILE`.',
  },
  'playspec-of-services': {
    status: 409,
    message: 'The playspec `{name}` is a Compose file: it cannot be prewarmed, nor laid over.',
    hint: 'Start it; values of its variables are given with `--variable KEY=VALUE`.',
  },
  'playspec-stateful': {
    status: 409,
    message:
      'Volumes of `{playspec}` outlive its playgrounds, so there is one of them at a time: {playground} uses them.',
    hint: 'Go on with that one, or destroy it: its volumes stay. A fork of it (`playhouse playground fork {playground}`) has volumes of its own.',
  },
  'volumes-in-use': {
    status: 409,
    message: '{playground} uses the volumes of the playspec `{playspec}`.',
    hint: 'Destroy it first: `playhouse playground destroy {playground}`.',
  },
  'playspec-not-ready': {
    status: 409,
    message: 'Version {version} of the playspec `{name}` is still being saved.',
    hint: 'Follow it with `playhouse logs {operation} --follow`, then start it.',
  },
  'playspec-fixed': {
    status: 422,
    message: 'The playspec `{playspec}` begins with a snapshot, which has its {what} already.',
    hint: 'Leave them as they are, or start what it was made from: `playhouse playground start {base}`.',
  },
  'prewarm-needless': {
    status: 409,
    message: 'The playspec `{name}` begins with a snapshot already.',
    hint: 'If its starts are to go on with memory, save it with that: `playhouse playspec save {name} --from PLAYGROUND --memory --update`.',
  },
  'spare-needs-prewarm': {
    status: 409,
    message: 'The playspec `{name}` is not prewarmed: there is nothing that a spare copy could be made of.',
    hint: 'Prewarm it first: `playhouse playspec prewarm {name}`.',
  },
  'spare-lost': {
    status: 500,
    message: 'The spare copy of `{name}` is of no use: {detail}',
    hint: 'It is made anew, later each time that it fails; starts go on from memory meanwhile. To give it up: `playhouse playspec spare {name} --drop`.',
  },
  'prewarm-failed': {
    status: 500,
    message: 'The playspec `{name}` could not be prewarmed: {detail}',
    hint: 'Its starts boot as before. Look at `playhouse playspec show {name}`, then try again with `playhouse playspec prewarm {name}`.',
  },
} as const satisfies Record<string, ErrorDefinition>;
