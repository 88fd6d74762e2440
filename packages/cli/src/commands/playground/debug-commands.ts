import { defineCommand } from '../../command/definition.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;

/** What tells how a playground is, and what is wrong with it. */
export const debugCommands = [
  defineCommand({
    path: ['playground', 'logs'],
    summary: 'Show what the services of a Compose playground say',
    description:
      'Several services are merged in order of time. What was said is kept when containers are stopped, replaced or gone: the last 10,000 lines or 4 MiB of each service. Values that are secret are masked. Control characters are left out unless --raw is given. With --json each line is an object.',
    arguments: [
      playground,
      { name: 'services', summary: 'Only of these; of all by default', optional: true, variadic: true },
    ],
    options: [
      { name: 'follow', short: 'f', summary: 'Go on with what is said, until the playground stops' },
      {
        name: 'tail',
        short: 'n',
        value: 'N',
        minimum: 0,
        summary: 'At most so many lines of each service, from the end; 10000 at most',
      },
      {
        name: 'since',
        value: 'TIME',
        summary: 'Only since a time, as 2026-01-31T12:00:00Z, or for as long as 10m or 2h30m',
      },
      { name: 'timestamps', short: 't', summary: 'Show when each line was said' },
      {
        name: 'life-cycle',
        summary: 'What Playhouse did with it instead: operations, steps, builds; of machines, too',
      },
      {
        name: 'raw',
        summary: 'Leave control characters in: what a container prints drives your terminal then',
      },
    ],
    examples: [
      { line: 'playhouse playground logs 42 --tail 20 --follow', explanation: 'The end, and what comes' },
      {
        line: 'playhouse playground logs 42 web db --since 10m',
        explanation: 'Two services, the last ten minutes',
      },
      { line: 'playhouse playground logs 42 --life-cycle', explanation: 'How it was built and started' },
      { line: 'playhouse playground logs 42 --json', explanation: 'For programs, one object per line' },
    ],
    load: async () => (await import('./logs.ts')).showPlaygroundLogs,
  }),
  defineCommand({
    path: ['playground', 'debug'],
    summary: 'Show all that helps to find out what is wrong with a playground',
    description:
      'The final Compose file, variables with where each is from, builds, branches, containers with exit codes and what health checks said, networks, certificates, the last operations with their errors. Nothing secret is in it: it can go into a bug report. Says as much as it can when Docker or the engine is down.',
    arguments: [playground],
    options: [],
    examples: [
      { line: 'playhouse playground debug 42', explanation: 'To read' },
      {
        line: 'playhouse playground debug 42 --json > debug.json',
        explanation: 'All of it, for a bug report',
      },
    ],
    load: async () => (await import('./debug.ts')).debugPlayground,
  }),
];
