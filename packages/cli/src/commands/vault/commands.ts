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
];
