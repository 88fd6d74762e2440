import { defineCommand } from '../../command/definition.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;
const machine = { name: 'machine', summary: 'Name of the machine', kind: 'machine' } as const;
const noWait = { name: 'no-wait', summary: 'Return as soon as it is accepted' } as const;

/** The same under two names: `console` is short, `machine console` is where one looks for it. */
const consoleCommand = {
  summary: 'Show the serial console of a machine',
  arguments: [
    playground,
    { name: 'machine', summary: 'Machine (default: the first)', optional: true, kind: 'machine' },
  ],
  options: [
    { name: 'boot', value: 'N', minimum: 1, summary: 'Of this boot (default: the latest)' },
    { name: 'boots', summary: 'Only list the boots whose log is kept' },
    { name: 'follow', short: 'f', summary: 'Go on showing what is added' },
    { name: 'tail', value: 'N', minimum: 0, summary: 'Only the last N lines' },
  ],
  load: async () => (await import('./console.ts')).showConsole,
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
      {
        name: 'forward',
        short: 'L',
        value: 'PORT:HOST:PORT',
        summary: 'Lead a port of this host to one that the machine reaches, as ssh does',
      },
    ],
    examples: [
      { line: 'playhouse ssh 42', explanation: 'A shell on the first machine' },
      {
        line: 'playhouse ssh 42 -m server -u root -- systemctl is-system-running',
        explanation: 'One command',
      },
      { line: 'tar c . | playhouse ssh 42 -- tar x', explanation: 'Standard input goes along' },
      {
        line: 'playhouse ssh 42 -L 8888:localhost:8888',
        explanation: 'http://localhost:8888 is the machine’s, for as long as the shell is open',
      },
    ],
    load: async () => (await import('./ssh.ts')).ssh,
  }),
  defineCommand({
    ...consoleCommand,
    path: ['console'],
    examples: [
      { line: 'playhouse console 42 --tail 40', explanation: 'Why did it not boot?' },
      { line: 'playhouse console 42 server --boot 1', explanation: 'What the first boot said' },
    ],
  }),
  defineCommand({
    path: ['machine', 'list'],
    aliases: ['ls'],
    summary: 'List the machines of a playground; the same as `playground machines`',
    arguments: [playground],
    options: [],
    examples: [{ line: 'playhouse machine list 42', explanation: 'State and addresses of each' }],
    load: async () => (await import('../playground/machines.ts')).listMachines,
  }),
  defineCommand({
    path: ['machine', 'stop'],
    summary: 'Power one machine off; the others run on',
    description: 'The guest is asked to shut down; one that takes too long is cut off. Its drives are kept.',
    arguments: [playground, machine],
    options: [{ name: 'force', summary: 'Cut the power at once; what was not synced is lost' }, noWait],
    examples: [{ line: 'playhouse machine stop 42 server', explanation: 'As pressing its power button' }],
    load: async () => (await import('./operate.ts')).stopMachine,
  }),
  defineCommand({
    path: ['machine', 'restart'],
    summary: 'Start a machine that is off, or power-cycle one that runs',
    description:
      'Works when the guest hangs, too: it is asked to write what it holds, then its power is cut.',
    arguments: [playground, machine],
    options: [noWait],
    examples: [{ line: 'playhouse machine restart 42 server', explanation: 'After it powered itself off' }],
    load: async () => (await import('./operate.ts')).restartMachine,
  }),
  defineCommand({
    path: ['machine', 'reboot'],
    summary: 'Have a running machine restart itself',
    arguments: [playground, machine],
    options: [noWait],
    examples: [{ line: 'playhouse machine reboot 42 server', explanation: 'As `reboot` on the machine' }],
    load: async () => (await import('./operate.ts')).rebootMachine,
  }),
  defineCommand({
    path: ['machine', 'journal'],
    summary: 'Show the systemd journal of a running machine',
    arguments: [playground, machine],
    options: [
      { name: 'unit', short: 'u', value: 'UNIT', summary: 'Only of this unit' },
      { name: 'lines', short: 'n', value: 'N', minimum: 1, summary: 'The last N entries (default: 100)' },
      { name: 'since', value: 'TIME', summary: 'Not older than this, as -1h or "2026-01-31 12:00"' },
      { name: 'until', value: 'TIME', summary: 'Not newer than this' },
      { name: 'cursor', value: 'CURSOR', summary: 'What came after this entry; -o json shows cursors' },
      { name: 'follow', short: 'f', summary: 'Go on showing what is added' },
    ],
    examples: [
      { line: 'playhouse machine journal 42 server -u ssh -n 20', explanation: 'Who logged in?' },
      { line: 'playhouse machine journal 42 server --follow', explanation: 'As it happens' },
    ],
    load: async () => (await import('./journal.ts')).showJournal,
  }),
  defineCommand({
    ...consoleCommand,
    path: ['machine', 'console'],
    examples: [
      { line: 'playhouse machine console 42 server --boots', explanation: 'Which boots are there?' },
      { line: 'playhouse machine console 42 server --boot 2', explanation: 'What the second one said' },
    ],
  }),
];
