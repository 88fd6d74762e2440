import { defineCommand } from '../../command/definition.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;
const noWait = { name: 'no-wait', summary: 'Return as soon as it is accepted' } as const;

/** What has to do with snapshots of a playground: keeping it, making more of it, taking it back. */
export const forkCommands = [
  defineCommand({
    path: ['playground', 'suspend'],
    summary: 'Stop a playground and keep its memory too',
    description:
      'Processes, connections between its machines and mounted drives are there again when it goes on with `playground restart`. It costs disk space for the memory, and needs a playroom whose QEMU, processor and kernel are the same; without that it can still be booted, with `--cold`.',
    arguments: [playground],
    options: [noWait],
    examples: [
      { line: 'playhouse playground suspend 42', explanation: 'It goes on where it was, next week' },
    ],
    load: async () => (await import('./suspend.ts')).suspendPlayground,
  }),
  defineCommand({
    path: ['playground', 'fork'],
    summary: 'Make copies of a running, stopped or suspended playground',
    description:
      'All forks begin at one cut of it; a running one pauses only for that. Forks of machines keep their names and addresses, each in networks of its own, and cost nothing until they write; what each has of its own (machine id, host keys, random seed) and what it shares is told at the end. Forks of Compose services begin with its named volumes, working copies, images and values, and have a number, addresses and a password of their own; where the file system cannot share blocks, volumes are copied while containers stand still.',
    arguments: [playground],
    options: [
      { name: 'count', short: 'n', value: 'N', minimum: 1, summary: 'How many, at most 20 (default: 1)' },
      { name: 'title', value: 'TEXT', summary: 'Title shown in lists; several are numbered' },
      {
        name: 'lifetime',
        value: 'TIME',
        summary: 'How long each may run, as 90m, 2h30m or 2d; none for no end (default: as the playground)',
      },
      {
        name: 'on-expiry',
        value: 'ACTION',
        kind: 'expiry',
        summary: 'What becomes of each when its lifetime is over: destroy, stop or suspend',
      },
      noWait,
      { name: 'quiet', short: 'q', summary: 'Print nothing but the ids of the forks' },
    ],
    examples: [
      {
        line: 'playhouse playground fork 42',
        explanation: 'Try something out, and keep playground 42 as it is',
      },
      {
        line: 'playhouse playground fork 42 --count 3 --title Idea',
        explanation: 'Three ideas at the same point',
      },
    ],
    load: async () => (await import('./fork.ts')).forkPlayground,
  }),
  defineCommand({
    path: ['playground', 'snapshot'],
    summary: 'Keep a playground as it is now, to go back to',
    description: 'It goes on; a running one pauses only for the cut.',
    arguments: [playground],
    options: [{ name: 'no-memory', summary: 'Drives only: going back to it boots the machines' }, noWait],
    examples: [{ line: 'playhouse playground snapshot 42', explanation: 'Before something risky' }],
    load: async () => (await import('./snapshot.ts')).snapshotPlayground,
  }),
  defineCommand({
    path: ['playground', 'diff'],
    summary: 'Tell what is different between two playgrounds or snapshots',
    description:
      'Files with their sizes, packages of dpkg and apk, and what machines listen on where they run. The second is compared with the first. One that runs is cut first and goes on. A small machine looks at the drives; times of folders and what is in files of the same size and time are not looked at. Compose services have no drives to compare: `playground debug` tells what they are made of.',
    arguments: [
      { name: 'from', summary: 'A playground, or the id of a snapshot' },
      { name: 'to', summary: 'Another, or the same at another time' },
    ],
    options: [{ name: 'all', summary: 'Every file, not only the first of each drive' }],
    examples: [
      { line: 'playhouse playground diff 42 43', explanation: 'What the fork does differently' },
      {
        line: 'playhouse playground diff 65f0c1d2e3a4b5c6d7e8f9aa 42',
        explanation: 'What has happened since the snapshot',
      },
    ],
    load: async () => (await import('./diff.ts')).diffPlaygrounds,
  }),
  defineCommand({
    path: ['playground', 'rewind'],
    summary: 'Take a playground back to a snapshot',
    description:
      'To one of its own, or of a playground that it was forked from. What it is now is kept as a snapshot first, so a rewind can be rewound.',
    arguments: [
      playground,
      { name: 'snapshot', summary: 'Id of the snapshot, or its beginning', kind: 'snapshot' },
    ],
    options: [{ name: 'cold', summary: 'Boot from the drives, even when memory was kept' }, noWait],
    examples: [{ line: 'playhouse playground rewind 42 65f0c1', explanation: 'As if nothing had happened' }],
    load: async () => (await import('./rewind.ts')).rewindPlayground,
  }),
  defineCommand({
    path: ['playground', 'tree'],
    summary: 'Show what was forked from what, and at which snapshots',
    arguments: [{ ...playground, optional: true, summary: 'Only the tree that this playground is in' }],
    options: [],
    examples: [
      { line: 'playhouse playground tree 42', explanation: 'Where it comes from, and what came from it' },
    ],
    load: async () => (await import('./tree.ts')).showTree,
  }),
];
