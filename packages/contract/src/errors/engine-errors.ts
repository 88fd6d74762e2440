import type { ErrorDefinition } from './error-definition.ts';

/** Errors of the playroom: kernels, machines, networks. */
export const engineErrors = {
  'kernel-unknown': {
    status: 422,
    message: 'There is no kernel called `{kernel}`.',
    hint: 'Use one of: {known}. Run `playhouse kernel list` to see them.',
  },
  'kernel-not-ready': {
    status: 409,
    message: 'The kernel `{kernel}` is not installed on this playroom yet.',
    hint: 'Run `playhouse kernel add {kernel}`; one that does not come with Playhouse needs its package again.',
  },
  'kernel-name-reserved': {
    status: 409,
    message: 'The kernel `{kernel}` comes with Playhouse and is always made of {origin}.',
    hint: 'Give your kernel another name, or run `playhouse kernel add {kernel}` for its newest version.',
  },
  'kernel-in-use': {
    status: 409,
    message: 'The kernel `{kernel}` is used by {playgrounds}.',
    hint: 'Destroy what uses it first (`playhouse playground destroy`).',
  },
  'kernel-is-default': {
    status: 409,
    message: 'The kernel `{kernel}` is what machines run that name none, and cannot be removed.',
    hint: 'Run `playhouse kernel add {kernel}` to replace it by its newest version.',
  },
  'kernel-does-not-boot': {
    status: 422,
    message: 'The kernel `{kernel}` was tried and cannot run machines: {detail}',
    hint: 'It needs virtio (mmio, blk, net, console) and ext4 as modules or built in, and its modules must be of the same build. Nothing was changed.',
  },
  'kernel-fetch-failed': {
    status: 502,
    message: 'The kernel package `{package}` of Debian {suite} could not be fetched: {detail}',
    hint: 'Check the name of the suite, and that Debian’s packages can be reached (`apt-get update`), then try again. Nothing was left behind.',
  },
  'kernel-package-unknown': {
    status: 422,
    message: 'Debian {suite} has no kernel package `{package}`.',
    hint: 'Find its name with `apt-cache search linux-image`, and give its suite with `--suite`.',
  },
  'kernel-unusable': {
    status: 422,
    message: '`{kernel}` cannot be used as a kernel: {detail}.',
    hint: 'Give a Debian kernel package for amd64 (linux-image-…), or a bzImage with `--modules` of the same build.',
  },
  'disk-full': {
    status: 507,
    message: 'The disk that holds {path} is full.',
    hint: 'Free some space (`playhouse playground list`, `df -h {path}`), then try again. Nothing was left behind.',
  },
  'machine-failed': {
    status: 500,
    message: 'Machine {machine} did not start: {detail}',
    hint: 'See its console with `playhouse console {playground} {machine}`.',
  },
  'machine-boot-timeout': {
    status: 504,
    message:
      'Machine {machine} did not answer on SSH within {seconds} s. {detail}. Its console ends with: {tail}',
    hint: 'The image must start sshd on port 22. Look at the whole console with `playhouse console {playground} {machine}`, then `playhouse playground retry {playground}`.',
  },
  'machine-without-sshd': {
    status: 504,
    message:
      'No sshd answers on port 22 of machine {machine} after {seconds} s; is it installed? {detail} Its console ends with: {tail}',
    hint: 'Use an image that starts an SSH server on port 22, or say `noSSH: true` for a machine that nobody logs in to.',
  },
  'machine-died': {
    status: 500,
    message: 'Machine {machine} ended by itself. Its console ends with: {tail}',
    hint: 'Start it again with `playhouse playground retry {playground}`; the whole console is shown by `playhouse console {playground} {machine}`.',
  },
  'machine-configuration': {
    status: 422,
    message: 'Machine {machine} could not apply its configuration: {detail}',
    hint: 'Mend the manifest (users must exist in the image; startup files need absolute paths) and start again.',
  },
  'guest-agent-silent': {
    status: 504,
    message: 'The guest agent of machine {machine} did not answer within {seconds} s.',
    hint: 'The machine may be overloaded or have crashed: see `playhouse console {playground} {machine}`.',
  },
  'guest-agent-refused': {
    status: 502,
    message: 'The guest agent could not {action}: {detail}',
    hint: 'Check that the user and path exist inside the machine.',
  },
  'task-failed': {
    status: 422,
    message: 'The init task `{task}` failed on machine {machine}: {reason}. Its output ends with: {tail}',
    hint: 'The machines run on, so that you can look: `playhouse playground tasks {playground} --log {task}`, `playhouse ssh {playground} -m {machine}`. Then `playhouse playground retry {playground}` runs the failed tasks again.',
  },
  'task-timed-out': {
    status: 504,
    message:
      'The init task `{task}` on machine {machine} did not end within its {seconds} s and was stopped. Its output ends with: {tail}',
    hint: 'Give it a larger `timeoutSeconds`, or see where it hangs: `playhouse playground tasks {playground} --log {task}`. Then `playhouse playground retry {playground}` runs it again.',
  },
  'task-failcheck': {
    status: 422,
    message:
      'The `failcheck` of the init task `{task}` on machine {machine} says that it cannot succeed any more: {tail}',
    hint: 'Mend it on the machine (`playhouse ssh {playground} -m {machine}`), then `playhouse playground retry {playground}`, or start anew.',
  },
  'journal-missing': {
    status: 409,
    message: 'Machine {machine} keeps no systemd journal: its image has no `journalctl`.',
    hint: 'Look at its console with `playhouse console {playground} {machine}`, or into its /var/log.',
  },
  'journal-refused': {
    status: 422,
    message: 'The journal of machine {machine} cannot be read like that: {detail}',
    hint: 'Check unit, times and cursor; `man journalctl` describes their forms, and a cursor is good for its own machine only.',
  },
  'ssh-disabled': {
    status: 409,
    message: 'Machine {machine} does not allow SSH (`noSSH` in its manifest).',
    hint: 'Look at its console with `playhouse console {playground} {machine}`.',
  },
  'network-failed': {
    status: 500,
    message: 'The networks of the playground could not be wired: {detail}',
    hint: 'Run `playhouse doctor`, mend what it names, then try again.',
  },
  'limits-unavailable': {
    status: 500,
    message: 'Machines cannot be held to their CPU and memory limits on this host: {detail}',
    hint: 'Give the engine the cgroup controllers cpu, memory and pids. In a container that means a writable /sys/fs/cgroup in which no process sits at the top.',
  },
  'addresses-exhausted': {
    status: 507,
    message: 'All host-side addresses of {range} are in use.',
    hint: 'Destroy a playground or set a larger `engine.edgeRange` in the configuration.',
  },
  cancelled: {
    status: 409,
    message: 'The operation was cancelled.',
    hint: 'Do it again when you like.',
  },
} as const satisfies Record<string, ErrorDefinition>;
