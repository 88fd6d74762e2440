import { defineCommand } from '../../command/definition.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;

export const machineCommands = [
  defineCommand({
    path: ['ssh'],
    summary: 'Open a shell on a machine, or run a command there',
    description: 'The words after -- are the remote command, as with ssh. Its exit status is passed through.',
    arguments: [
      playground,
      { name: 'command', summary: 'Remote command, after --', optional: true, variadic: true },
    ],
    options: [
      {
        name: 'machine',
        short: 'm',
        value: 'NAME',
        kind: 'machine',
        summary: 'Machine (default: the first)',
      },
      { name: 'user', short: 'u', value: 'NAME', summary: 'User (default: the machine’s default user)' },
    ],
    examples: [
      { line: 'playhouse ssh 42', explanation: 'A shell on the first machine' },
      {
        line: 'playhouse ssh 42 -m server -u root -- systemctl is-system-running',
        explanation: 'One command',
      },
      { line: 'tar c . | playhouse ssh 42 -- tar x', explanation: 'Standard input goes along' },
    ],
    load: async () => (await import('./ssh.ts')).ssh,
  }),
  defineCommand({
    path: ['console'],
    summary: 'Show the serial console of a machine',
    arguments: [
      playground,
      { name: 'machine', summary: 'Machine (default: the first)', optional: true, kind: 'machine' },
    ],
    options: [
      { name: 'boot', value: 'N', minimum: 1, summary: 'Of this boot (default: the latest)' },
      { name: 'follow', short: 'f', summary: 'Go on showing what is added' },
      { name: 'tail', value: 'N', minimum: 0, summary: 'Only the last N lines' },
    ],
    examples: [
      { line: 'playhouse console 42 --tail 40', explanation: 'Why did it not boot?' },
      { line: 'playhouse console 42 server --boot 1', explanation: 'What the first boot said' },
    ],
    load: async () => (await import('./console.ts')).showConsole,
  }),
];
