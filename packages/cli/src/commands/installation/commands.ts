import { defineCommand } from '../../command/definition.ts';

const words = { name: 'words', summary: 'Passed on, after --', optional: true, variadic: true } as const;

export const installationCommands = [
  defineCommand({
    path: ['up'],
    summary: 'Set this host up and start the platform',
    description:
      'Safe to run again: what is there already stays. On the first run it ends with a demo playground running.',
    arguments: [],
    options: [{ name: 'no-demo', summary: 'Do not start the demo playground' }],
    examples: [
      { line: 'sudo playhouse up', explanation: 'Packages, users, services, the Debian source, a demo' },
    ],
    load: async () => (await import('./up.ts')).up,
  }),
  defineCommand({
    path: ['down'],
    summary: 'Stop the platform; machines go on running unless told otherwise',
    arguments: [],
    options: [
      { name: 'destroy-playgrounds', summary: 'First destroy every playground' },
      { name: 'purge', summary: 'Also destroy playgrounds and delete all state, services and users' },
    ],
    examples: [
      { line: 'sudo playhouse down', explanation: 'Stop server and engine; `playhouse up` takes up again' },
      {
        line: 'sudo playhouse down --purge',
        explanation: 'Leave nothing behind but packages, configuration and the SSH keys of users',
      },
    ],
    load: async () => (await import('./down.ts')).down,
  }),
  defineCommand({
    path: ['doctor'],
    summary: 'Check the host and the platform, and say how to mend what is wrong',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse doctor', explanation: 'Exit status 1 when something is broken' }],
    load: async () => (await import('./doctor.ts')).doctor,
  }),
  defineCommand({
    path: ['test'],
    summary: 'Set up what the tests need and run them all',
    arguments: [words],
    options: [],
    examples: [
      { line: 'sudo playhouse test', explanation: 'Ends with the number of passed and failed tests' },
      {
        line: 'sudo playhouse test -- --nothing-lost --runs 300 --seed 1',
        explanation:
          'Only what `test` has a few runs of: kills and faults in the middle of snapshots, by seed',
      },
    ],
    load: async () => (await import('./test.ts')).test,
  }),
  defineCommand({
    path: ['check'],
    summary: 'Check types, style, package borders and generated files of the checkout',
    arguments: [words],
    options: [],
    examples: [{ line: 'playhouse check', explanation: 'Before a commit' }],
    load: async () => (await import('./check.ts')).check,
  }),
  defineCommand({
    path: ['bench'],
    summary: 'Measure the platform on this host against its targets',
    arguments: [words],
    options: [],
    examples: [
      {
        line: 'sudo playhouse bench start',
        explanation: 'Cold start against the same machine in plain QEMU',
      },
    ],
    load: async () => (await import('./bench.ts')).bench,
  }),
  defineCommand({
    path: ['completion'],
    summary: 'Print the completion script for a shell',
    arguments: [{ name: 'shell', summary: 'bash, zsh or fish', kind: 'shell' }],
    options: [],
    examples: [
      { line: 'source <(playhouse completion bash)', explanation: 'In ~/.bashrc' },
      { line: 'playhouse completion zsh > ~/.zfunc/_playhouse', explanation: 'With ~/.zfunc in fpath' },
      { line: 'playhouse completion fish | source', explanation: 'In config.fish' },
    ],
    load: async () => (await import('./completion.ts')).completion,
  }),
  defineCommand({
    path: ['__complete'],
    summary: 'What may follow these words; asked by the completion scripts',
    hidden: true,
    arguments: [words],
    options: [],
    examples: [],
    load: async () => (await import('./complete.ts')).complete,
  }),
];
