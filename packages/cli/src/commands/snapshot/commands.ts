import { defineCommand } from '../../command/definition.ts';

const snapshot = {
  name: 'snapshot',
  summary: 'Id of the snapshot, or its beginning',
  kind: 'snapshot',
} as const;

export const snapshotCommands = [
  defineCommand({
    path: ['snapshot', 'list'],
    aliases: ['ls'],
    summary: 'List snapshots, newest first',
    description:
      'Each stop, suspend, fork, save, prewarming and rewind leaves one; a diff of what runs one until the next. OWN is what removing it would free, SHARED what others need as well.',
    arguments: [],
    options: [
      {
        name: 'playground',
        value: 'PLAYGROUND',
        kind: 'playground',
        summary: 'Only those of this playground',
      },
    ],
    examples: [
      { line: 'playhouse snapshot list --playground 42', explanation: 'What can playground 42 go back to?' },
    ],
    load: async () => (await import('./list.ts')).listSnapshots,
  }),
  defineCommand({
    path: ['snapshot', 'show'],
    summary: 'Show a snapshot: its layers, what it costs, when the vault’s copy was verified',
    arguments: [snapshot],
    options: [],
    examples: [{ line: 'playhouse snapshot show 65f0c1', explanation: 'The beginning of its id is enough' }],
    load: async () => (await import('./show.ts')).showSnapshot,
  }),
  defineCommand({
    path: ['snapshot', 'remove'],
    aliases: ['rm'],
    summary: 'Remove a snapshot, also from the vault',
    description:
      'One that a playground or a playspec would be started from stays: so does the one that a fork began with, until the fork has left a newer one. At a terminal you are asked first.',
    arguments: [snapshot],
    options: [
      { name: 'force', short: 'f', summary: 'Do not ask' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [{ line: 'playhouse snapshot remove 65f0c1', explanation: 'Frees what only it needs' }],
    load: async () => (await import('./remove.ts')).removeSnapshot,
  }),
];
