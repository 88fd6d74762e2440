import type { ErrorDefinition } from './error-definition.ts';

/** Errors of snapshots, layers and forks. */
export const snapshotErrors = {
  'snapshot-unknown': {
    status: 404,
    message: 'There is no snapshot `{snapshot}`.',
    hint: 'Run `playhouse snapshot list` to see those that there are.',
  },
  'snapshot-foreign': {
    status: 409,
    message:
      'The snapshot {snapshot} is of {owner}; {playground} can go back only to its own snapshots and those of what it was forked from.',
    hint: 'See `playhouse playground tree {playground}` for those.',
  },
  'layer-unknown': {
    status: 404,
    message: 'There is no layer `{layer}`.',
    hint: 'Run `playhouse layer list` to see those that there are.',
  },
  'snapshot-in-use': {
    status: 409,
    message: 'The snapshot {snapshot} is what {users} would be started from.',
    hint: 'Destroy the playground, or remove the playspec, first.',
  },
  'snapshot-incomplete': {
    status: 409,
    message: 'The snapshot {snapshot} cannot be used: {detail}',
    hint: 'See `playhouse snapshot show {snapshot}` and `playhouse layer list`. A layer that the vault has is fetched by itself when the vault can be reached.',
  },
  'description-unreadable': {
    status: 409,
    message: 'What the playroom knows of the {what} cannot be read: {detail}',
    hint: 'Nothing of it was touched, and while a snapshot is in that state no layer is deleted. Put `{path}` back from a backup, or move it away, then restart the engine.',
  },
  'file-damaged': {
    status: 500,
    message: 'The file {path} is damaged: its digest was {was} and is {is}.',
    hint: 'Something other than Playhouse changed it: look at the disk. What was started from it may be wrong. If the vault has the layer, move the file away and restart what needs it.',
  },
  'comparison-unknown': {
    status: 404,
    message:
      'The operation {operation} has no comparison: it was none, has not ended well, or too many came after it.',
    hint: 'Compare again: `playhouse playground diff A B`.',
  },
  'snapshot-failed': {
    status: 500,
    message: 'The playground {playground} could not be cut: {detail}',
    hint: 'It runs on as it was. Look at its machines with `playhouse playground show {playground}`, then try again.',
  },
  'services-restless': {
    status: 409,
    message: 'What is in the volumes cannot be copied now: Docker restarts {services} over and over.',
    hint: 'Look at what the service says with `playhouse playground logs`. Once it is well, or stopped, try again.',
  },
  'volume-unreachable': {
    status: 409,
    message:
      'What is in the volume `{volume}` cannot be reached: Docker keeps it at {path}, where there is nothing.',
    hint: 'The Docker Engine must run on the playroom’s host itself, not in a machine or a container of its own. To have one that Playhouse starts, set `engine.docker` to `own`.',
  },
  'memory-unfit': {
    status: 409,
    message: 'The memory in snapshot {snapshot} does not fit this playroom any more: {detail}',
    hint: 'Memory is good only for the QEMU, processor and kernel that it was cut under. Start from the drives alone with `playhouse playground restart {playground} --cold`.',
  },
  'memory-impossible': {
    status: 409,
    message: 'The memory of {playground} cannot be kept: {detail}',
    hint: 'Stop it instead (`playhouse playground stop {playground}`): its drives are kept.',
  },
  'identity-not-renewed': {
    status: 502,
    message: 'Machine {machine} of the fork could not be given an identity of its own: {detail}',
    hint: 'Fork a stopped playground instead: its machines get theirs when they boot.',
  },
} as const satisfies Record<string, ErrorDefinition>;
