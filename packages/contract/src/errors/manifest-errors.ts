import type { ErrorDefinition } from './error-definition.ts';

/** Faults of a manifest. Every one but `manifest-invalid`, their envelope, is shown as a located problem. */
export const manifestErrors = {
  'manifest-invalid': {
    status: 422,
    message: 'The manifest {file} cannot be used; problems found: {count}.',
    hint: 'Mend the places shown and try again; docs/manifest.md describes every field.',
  },
  'manifest-too-large': {
    status: 413,
    message: 'The manifest is {size} large, but {limit} is the most.',
    hint: 'Put large files into a source image or fetch them in an init task.',
  },
  'manifest-empty': {
    status: 422,
    message: 'The manifest is empty.',
    hint: 'Begin with `kind: playground`; examples/one-machine.yaml is a good start.',
  },
  'manifest-syntax': {
    status: 422,
    message: 'This is not valid YAML: {detail}.',
    hint: 'Check indentation (spaces, never tabs), colons, brackets and quotes around this place.',
  },
  'manifest-too-deep': {
    status: 422,
    message: 'The manifest nests values too deeply to be read.',
    hint: 'No field of a manifest is deeper than ten levels; remove the extra brackets.',
  },
  'manifest-many-documents': {
    status: 422,
    message: 'The file holds more than one YAML document.',
    hint: 'Keep one manifest per file: remove the `---` line and what follows it.',
  },
  'manifest-duplicate-key': {
    status: 422,
    message: 'This field is written twice in the same place.',
    hint: 'Keep one of the two; a second one would silently hide the first.',
  },
  'manifest-alias-bomb': {
    status: 422,
    message: 'The aliases (`*name`) of this manifest unfold into far more data than it shows.',
    hint: 'Use at most {limit} aliases, and do not nest aliases inside anchors; write the values out.',
  },
  'manifest-unknown-field': {
    status: 422,
    message: 'There is no field `{field}` here.',
    hint: '{advice}',
  },
  'manifest-misplaced-field': {
    status: 422,
    message: 'There is no field `{field}` here; it belongs inside `{parent}`.',
    hint: '{advice}',
  },
  'manifest-field-moved': {
    status: 200,
    message: '`{field}` stands one level too far left; it was taken as a part of the `{parent}` above it.',
    hint: 'Indent it by two more spaces to say so.',
  },
  'manifest-missing-field': {
    status: 422,
    message: 'The field `{field}` is missing.',
    hint: 'Add `{field}: …` here. {meaning}',
  },
  'manifest-wrong-type': {
    status: 422,
    message: 'Expected {expected}, found {actual}.',
    hint: '{advice}',
  },
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
  'manifest-bad-address': {
    status: 422,
    message: '`{value}` is not an IPv4 address.',
    hint: 'Write four numbers from 0 to 255, as in 172.16.0.10; a mask such as /24 may follow an interface’s address.',
  },
  'manifest-bad-subnet': {
    status: 422,
    message: '`{value}` is not an IPv4 subnet that a network can use.',
    hint: 'Write ADDRESS/PREFIX with a prefix from 8 to 29, as in 172.16.0.0/24.',
  },
  'manifest-subnet-host-bits': {
    status: 422,
    message: '`{value}` names a host, not a subnet.',
    hint: 'Write {subnet}.',
  },
  'manifest-subnet-reserved': {
    status: 422,
    message: 'The subnet {subnet} overlaps {reserved}, which is reserved for {purpose}.',
    hint: 'Choose a private range, as in 172.16.0.0/24, 10.0.0.0/16 or 192.168.1.0/24.',
  },
  'manifest-bad-egress': {
    status: 422,
    message: '`{value}` is no place that machines could be let out to.',
    hint: 'Write a subnet without host bits (203.0.113.0/24), an IPv4 address, or a domain name (example.com stands for all below it too, so no `*`).',
  },
  'manifest-duplicate-network': {
    status: 422,
    message: 'Two networks are called `{name}`.',
    hint: 'Give each network its own name.',
  },
  'manifest-subnet-clash': {
    status: 422,
    message: 'The subnet {subnet} of network `{name}` overlaps {otherSubnet} of network `{other}`.',
    hint: 'Give the networks subnets that share no address.',
  },
  'manifest-gateway-outside-subnet': {
    status: 422,
    message: 'The gateway {address} cannot be used on the subnet {subnet}.',
    hint: 'Choose an address from {first} to {last}, or leave the gateway out: the first free address is taken.',
  },
  'manifest-subnet-full': {
    status: 422,
    message:
      'The subnet {subnet} of network `{name}` has {capacity} usable addresses, but {needed} are needed.',
    hint: 'Choose a smaller prefix (a larger subnet); one address of each network is its gateway.',
  },
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
  'manifest-interface-without-network': {
    status: 422,
    message: 'The first interface of machine `{machine}` does not say its network.',
    hint: 'Add `network: {suggestion}`.',
  },
  'manifest-unknown-network': {
    status: 422,
    message: 'There is no network called `{name}`.',
    hint: '{advice}',
  },
  'manifest-address-outside-subnet': {
    status: 422,
    message: 'The address {address} is outside the subnet {subnet} of network `{network}`.',
    hint: 'Choose an address from {first} to {last}, or leave it out: the first free one is taken.',
  },
  'manifest-address-reserved': {
    status: 422,
    message: 'The address {address} is the {role} address of network `{network}`.',
    hint: 'Choose another address from {first} to {last}, or leave it out: the first free one is taken.',
  },
  'manifest-address-taken': {
    status: 422,
    message: 'The address {address} is already that of machine `{other}` on network `{network}`.',
    hint: 'Choose another address, or leave it out: the first free one is taken.',
  },
  'manifest-address-mask': {
    status: 422,
    message: 'The mask of {address} is not that of its subnet {subnet}.',
    hint: 'Leave the mask out; the subnet of network `{network}` decides.',
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
  'manifest-too-many-tasks': {
    status: 422,
    message: 'The manifest has more than 200 init tasks.',
    hint: 'Put several commands into the `run` of one task, or bake the work into a source.',
  },
  'manifest-unknown-task': {
    status: 422,
    message: 'There is no init task called `{name}`.',
    hint: '{advice}',
  },
  'manifest-task-cycle': {
    status: 422,
    message: 'The init tasks wait for each other: {cycle}.',
    hint: 'Remove one of these `needs`. A task without `init` also waits for every init task of its machine.',
  },
  'manifest-bad-variable': {
    status: 422,
    message: '`{value}` is not an environment variable.',
    hint: 'Write `NAME=value`; a name has letters, digits and underscores and begins with none of the digits.',
  },
  'manifest-bad-template': {
    status: 422,
    message: '`{template}` cannot be filled in: {reason}.',
    hint: '{advice}',
  },
  'manifest-condition-value': {
    status: 422,
    message: '`{value}` is not among the options of the init condition `{key}`.',
    hint: 'Use one of: {options}.',
  },
  'manifest-unknown-condition': {
    status: 422,
    message: 'There is no init condition with the key `{key}`.',
    hint: '{advice}',
  },
  'manifest-duplicate-condition': {
    status: 422,
    message: 'Two init conditions have the key `{key}`.',
    hint: 'Give each its own key.',
  },
  'manifest-condition-default': {
    status: 422,
    message: 'The default `{value}` of the init condition `{key}` is not a value that it accepts.',
    hint: 'It accepts: {accepted}.',
  },
  'manifest-two-access-rules': {
    status: 422,
    message: 'Both `access` and `accessControl` say who may use the playground.',
    hint: 'Remove `access`; it is the older form.',
  },
  'manifest-other-name': {
    status: 422,
    message: 'The manifest calls itself `{written}`, but the playspec is `{name}`.',
    hint: 'Write `name: {name}`, or remove the line.',
  },
  'manifest-no-title': {
    status: 422,
    message: 'A playground that is published needs a title.',
    hint: 'Add `title: …` with 5 to 120 characters at the top.',
  },
  'manifest-unsupported': {
    status: 422,
    message: '`{field}` cannot be run yet by this version: {reason}.',
    hint: '{advice}',
  },
  'manifest-scaled': {
    status: 200,
    message: 'Machine {machine} gets {given} instead of {asked}: this server allows no more.',
    hint: 'Nothing needs to be done; the administrator sets `limits` in the configuration (docs/configuration.md).',
  },
  'manifest-ignored': {
    status: 200,
    message: '`{field}` is accepted and has no effect: {reason}.',
    hint: 'Nothing needs to be done.',
  },
  'manifest-machine-type': {
    status: 200,
    message:
      'Machine `{machine}` has {count} devices and a microvm has room for {room}, so it runs as `{type}`, with a PCI bus.',
    hint: 'Nothing needs to be done: names of devices are the same, it only boots a little later.',
  },
} as const satisfies Record<string, ErrorDefinition>;
