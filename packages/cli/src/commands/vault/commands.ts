import { defineCommand } from '../../command/definition.ts';

export const vaultCommands = [
  defineCommand({
    path: ['vault', 'verify'],
    summary: 'Read what the vault has and compare it with its digests',
    description: 'For administrators. `snapshot list` shows when each snapshot was last found right.',
    arguments: [
      {
        name: 'snapshot',
        summary: 'Only this snapshot; the beginning of its id is enough',
        kind: 'snapshot',
        optional: true,
      },
    ],
    options: [
      { name: 'sample', summary: 'Only a random part of it' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [{ line: 'playhouse vault verify --sample', explanation: 'Quick, and worth doing every day' }],
    load: async () => (await import('./verify.ts')).verifyVault,
  }),
  defineCommand({
    path: ['vault', 'drill'],
    summary: 'Restore a snapshot from the vault and boot it, to see that it can be',
    description:
      'For administrators. What is here is not touched: a copy is restored, its machines boot with neither a way out nor init tasks, and it is removed. `snapshot list` shows when each snapshot was last found right. It happens by itself every `vault.drillEveryHours`.',
    arguments: [
      {
        name: 'snapshot',
        summary: 'This snapshot, not one drawn by chance; the beginning of its id is enough',
        kind: 'snapshot',
        optional: true,
      },
    ],
    options: [{ name: 'no-wait', summary: 'Return as soon as it is accepted' }],
    examples: [
      { line: 'playhouse vault drill', explanation: 'One that the vault has, drawn by chance' },
      { line: 'playhouse vault drill 65f0c1', explanation: 'This one' },
    ],
    load: async () => (await import('./drill.ts')).drillVault,
  }),
];
