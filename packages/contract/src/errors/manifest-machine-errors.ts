import type { ErrorDefinition } from './error-definition.ts';

/** Machines and drives of a manifest, and the page around them. */
export const manifestMachineErrors = {
  'manifest-no-machines': {
    status: 422,
    message: 'The manifest has no machine.',
    hint: 'List at least one under `playground.machines`, as examples/one-machine.yaml does.',
  },
  'manifest-too-many-machines': {
    status: 422,
    message: 'The manifest has {count} machines; a playground can have {limit}.',
    hint: 'Remove some, or split them into two playgrounds.',
  },
  'manifest-duplicate-machine': {
    status: 422,
    message: 'Two machines are called `{name}`.',
    hint: 'Give each machine its own name.',
  },
  'manifest-unknown-machine': {
    status: 422,
    message: 'There is no machine called `{name}`.',
    hint: '{advice}',
  },
  'manifest-machine-not-in-base': {
    status: 422,
    message: 'The base playground `{base}` has no machine called `{name}`.',
    hint: 'Use some of its machines ({known}), or the base `flexbox`, which allows any.',
  },
  'manifest-duplicate-user': {
    status: 422,
    message: 'The user `{name}` is listed twice on machine `{machine}`.',
    hint: 'Keep one of the two.',
  },
  'manifest-two-default-users': {
    status: 422,
    message: 'Machine `{machine}` has more than one default user: `{first}` and `{name}`.',
    hint: 'Keep `default: true` on one of them.',
  },
  'manifest-no-root-drive': {
    status: 422,
    message: 'Machine `{machine}` has no root drive.',
    hint: 'Give one drive `mount: /` and a `source`, as in `source: debian-12`.',
  },
  'manifest-two-root-drives': {
    status: 422,
    message: 'Machine `{machine}` has more than one drive with `mount: /`.',
    hint: 'Keep one; mount the others elsewhere, as in `mount: /data`.',
  },
  'manifest-root-drive-source': {
    status: 422,
    message: 'The root drive of machine `{machine}` has no source, so nothing could boot from it.',
    hint: 'Add `source: debian-12` or another one; `playhouse source list` shows them.',
  },
  'manifest-root-drive-read-only': {
    status: 422,
    message: 'The root drive of machine `{machine}` is read-only, so its system could not start.',
    hint: 'Remove `readOnly: true`; the source itself is never written to.',
  },
  'manifest-duplicate-mount': {
    status: 422,
    message: 'Two drives of machine `{machine}` are mounted at `{mount}`.',
    hint: 'Give each drive its own mount point.',
  },
  'manifest-drives-too-large': {
    status: 422,
    message: 'The drives of the playground add up to {total}; {limit} is the most.',
    hint: 'Make some `size` smaller; a drive without one counts as {usual}.',
  },
  'manifest-hidden-mount': {
    status: 422,
    message: 'A drive of machine `{machine}` is mounted at `{mount}`, but {hidden} is the kernel’s own.',
    hint: 'Mount it elsewhere, as in `mount: /data`.',
  },
  'manifest-too-many-drives': {
    status: 422,
    message: 'Machine `{machine}` has {count} drives; a machine can have {limit}.',
    hint: 'Remove some, or move them to another machine.',
  },
  'manifest-snapshot-drive': {
    status: 422,
    message: 'A drive needs `source: snapshot` and `snapshot: {id, leaseId}` together.',
    hint: 'Write both, or neither.',
  },
  'manifest-duplicate-file': {
    status: 422,
    message: 'The startup file `{path}` is written twice on machine `{machine}`.',
    hint: 'Keep one, or give the later one `append: true`.',
  },
  'manifest-duplicate-tab': {
    status: 422,
    message: 'Two tabs have the id `{id}`.',
    hint: 'Give each tab its own id, or leave it out.',
  },
  'manifest-tab-incomplete': {
    status: 422,
    message: 'A tab of kind `{kind}` needs the field `{field}`.',
    hint: 'Add `{field}: …` to this tab.',
  },
  'manifest-forward-incomplete': {
    status: 422,
    message: 'A {kind} port forward needs the field `{field}`.',
    hint: 'Add `{field}: …` to this port forward.',
  },
} as const satisfies Record<string, ErrorDefinition>;
