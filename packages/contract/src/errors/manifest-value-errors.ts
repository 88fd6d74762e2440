import type { ErrorDefinition } from './error-definition.ts';

/** Values of a manifest that do not have the form they need. */
export const manifestValueErrors = {
  'manifest-bad-value': {
    status: 422,
    message: '`{value}` is not one of the values allowed here.',
    hint: '{advice}',
  },
  'manifest-bad-length': {
    status: 422,
    message: 'The text is {length} characters long; it must be {bound} {limit}.',
    hint: 'Make it {remedy}.',
  },
  'manifest-bad-number': {
    status: 422,
    message: '{value} is too {fault}; it must be {bound} {limit}.',
    hint: 'Write a whole number that is {bound} {limit}.',
  },
  'manifest-bad-count': {
    status: 422,
    message: 'The list has {length} entries; it must have {bound} {limit}.',
    hint: '{remedy} entries.',
  },
  'manifest-bad-name': {
    status: 422,
    message: '`{value}` cannot be used as a name, because it becomes a host name or part of one.',
    hint: 'Use 1–63 lower-case letters, digits and inner dashes, as in `vm-1`.',
  },
  'manifest-bad-user-name': {
    status: 422,
    message: '`{value}` cannot be the name of a Linux user.',
    hint: 'Use letters, digits, `_`, `.` and `-`, beginning with a letter or `_`, at most 32 characters.',
  },
  'manifest-bad-task-name': {
    status: 422,
    message: '`{value}` cannot be the name of an init task.',
    hint: 'Use letters, digits, `_` and `-`, beginning with a letter or digit, at most 63 characters.',
  },
  'manifest-bad-kernel': {
    status: 422,
    message: '`{value}` cannot be the name of a kernel.',
    hint: 'Write a version in quotes, as in "6.1"; `playhouse kernel list` shows what there is.',
  },
  'manifest-bad-source': {
    status: 422,
    message: '`{value}` is neither the name of a source nor an `oci://` reference.',
    hint: 'Write a name as in `debian-12` (see `playhouse source list`) or `oci://REGISTRY/NAME:TAG`.',
  },
  'manifest-bad-size': {
    status: 422,
    message: '`{value}` is not a size.',
    hint: 'Write a number and a unit: `512MiB`, `4GiB` (`4G`, `4Gi` and `4GB` mean the same).',
  },
  'manifest-size-range': {
    status: 422,
    message: '`{value}` is out of range: the size must be from {minimum} to {maximum}.',
    hint: 'Choose a size from {minimum} to {maximum}.',
  },
  'manifest-bad-path': {
    status: 422,
    message: '`{value}` is not an absolute path of a machine.',
    hint: 'Begin with `/` and use no `..`, as in `/etc/motd`.',
  },
  'manifest-bad-mount': {
    status: 422,
    message: '`{value}` cannot be a mount point.',
    hint: 'Write an absolute directory without blanks and without `..`, as in `/` or `/data`.',
  },
  'manifest-bad-owner': {
    status: 422,
    message: '`{value}` is not an owner.',
    hint: 'Write `USER:GROUP` with names or numbers, as in `0:0` or `laborant:laborant`.',
  },
  'manifest-bad-mode': {
    status: 422,
    message: '`{value}` is not a file mode.',
    hint: 'Write three or four octal digits in quotes, as in "644" or "755".',
  },
  'manifest-bad-principal': {
    status: 422,
    message: '`{value}` does not say who is meant.',
    hint: 'Use owner, anyone, authenticated, instructor, nobody, github:HANDLE, user:ID, student:TRAINING or has-pack:NAME.',
  },
  'manifest-bad-url': {
    status: 422,
    message: '`{value}` is not a web address.',
    hint: 'Write it in full, beginning with `https://` or `http://`.',
  },
  'manifest-bad-registry-auth': {
    status: 422,
    message: 'The registry credentials are not of the form user:password.',
    hint: 'Write "USER:PASSWORD" in quotes.',
  },
  'manifest-bad-pattern': {
    status: 422,
    message: '`{value}` is not a regular expression of the RE2 syntax.',
    hint: 'Check brackets and backslashes, and put the pattern in single quotes. Look-around and back-references do not exist there.',
  },
} as const satisfies Record<string, ErrorDefinition>;
