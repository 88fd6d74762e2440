import { defineCommand } from '../../command/definition.ts';

const operation = { name: 'operation', summary: 'Id of the operation', kind: 'operation' } as const;

export const operationCommands = [
  defineCommand({
    path: ['logs'],
    summary: 'Show the log lines of an operation',
    arguments: [
      {
        name: 'reference',
        summary: 'A playground (its latest operation is meant) or the id of an operation',
        kind: 'playground',
      },
    ],
    options: [{ name: 'follow', short: 'f', summary: 'Go on until the operation ends' }],
    examples: [
      { line: 'playhouse logs 42 --follow', explanation: 'What the start of playground 42 is doing' },
    ],
    load: async () => (await import('./logs.ts')).showLogs,
  }),
  defineCommand({
    path: ['operation', 'list'],
    aliases: ['ls'],
    summary: 'List operations, newest first',
    arguments: [],
    options: [
      { name: 'playground', value: 'REF', kind: 'playground', summary: 'Only those on this playground' },
      { name: 'limit', value: 'N', minimum: 1, summary: 'At most this many (default: 50)' },
    ],
    examples: [
      { line: 'playhouse operation list --playground 42', explanation: 'The history of one playground' },
    ],
    load: async () => (await import('./list.ts')).listOperations,
  }),
  defineCommand({
    path: ['operation', 'show'],
    summary: 'Show an operation with its steps',
    arguments: [operation],
    options: [],
    examples: [
      { line: 'playhouse operation show 65f0c1d2e3a4b5c6d7e8f901', explanation: 'Where its time went' },
    ],
    load: async () => (await import('./show.ts')).showOperation,
  }),
  defineCommand({
    path: ['operation', 'cancel'],
    summary: 'Cancel a start or a bake; what it made is undone',
    arguments: [operation],
    options: [{ name: 'no-wait', summary: 'Return as soon as it is accepted' }],
    examples: [
      { line: 'playhouse operation cancel 65f0c1d2e3a4b5c6d7e8f901', explanation: 'Stop a start half-way' },
    ],
    load: async () => (await import('./cancel.ts')).cancelOperation,
  }),
];
