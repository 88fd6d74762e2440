import { defineCommand } from '../../command/definition.ts';
import { serviceOptions } from './service-options.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;

const onExpiry = {
  name: 'on-expiry',
  value: 'ACTION',
  kind: 'expiry',
  summary: 'What becomes of it when its lifetime is over: destroy, stop or suspend',
} as const;

export const playgroundCommands = [
  defineCommand({
    path: ['playground', 'start'],
    summary: 'Start a playground from a playspec',
    description:
      'The manifest given with -f is merged over the playspec’s. Choices that the playspec needs and -i does not give are asked for at a terminal. Ctrl-C leaves the start running; the message says how to follow or cancel it.',
    arguments: [
      {
        name: 'playspec',
        summary: 'Name of the playspec, for example debian or flexbox; NAME@3 for its version 3',
        kind: 'playspec',
      },
    ],
    options: [
      {
        name: 'file',
        short: 'f',
        value: 'FILE',
        kind: 'file',
        summary: 'Manifest to merge in; - reads standard input',
      },
      { name: 'title', value: 'TEXT', summary: 'Title shown in lists' },
      {
        name: 'init-condition',
        short: 'i',
        value: 'KEY=VALUE',
        repeat: true,
        summary: 'Choose a value for an init condition; may be given several times',
      },
      {
        name: 'lifetime',
        value: 'TIME',
        summary: 'How long it may run, as 90m, 2h30m or 2d; none for no end',
      },
      onExpiry,
      ...serviceOptions,
      {
        name: 'profile',
        value: 'NAME',
        repeat: true,
        summary: 'Of a Compose playspec: run the services of this profile as well',
      },
      {
        name: 'preview',
        summary:
          'Of a Compose playspec: show the variables of each service and where each is from, and start nothing',
      },
      { name: 'ssh', summary: 'Open a shell on the first machine once it runs' },
      { name: 'no-wait', summary: 'Return as soon as the start is accepted' },
      { name: 'quiet', short: 'q', summary: 'Print nothing but the id of the playground' },
    ],
    examples: [
      {
        line: 'playhouse playground start debian --ssh',
        explanation: 'One Debian machine, and a shell on it',
      },
      {
        line: 'playhouse playground start flexbox -f examples/one-machine.yaml',
        explanation: 'The machines of your own manifest',
      },
      {
        line: 'playhouse playground start cluster -i Runtime=containerd',
        explanation: 'Choose between what the playspec offers',
      },
      {
        line: 'playhouse playground start debian --lifetime 2h --on-expiry stop',
        explanation: 'Stopped after two hours, with everything written kept',
      },
      {
        line: 'playhouse playground start shop --branch web=try-it:main --subdomain web=try-it',
        explanation: 'A Compose playspec, with a new branch of one service at an address of its own',
      },
      {
        line: 'playhouse playground start shop --env LOG_LEVEL=debug --preview',
        explanation: 'What each service would find in its environment',
      },
      {
        line: 'id=$(playhouse playground start debian -q)',
        explanation: 'In a script: wait, and keep the id',
      },
    ],
    load: async () => (await import('./start.ts')).startPlayground,
  }),
  defineCommand({
    path: ['playground', 'list'],
    aliases: ['ls'],
    summary: 'List playgrounds, newest first',
    description: 'OWN is what destroying it would free on disk, SHARED what others need as well.',
    arguments: [],
    options: [
      {
        name: 'all',
        short: 'a',
        summary: 'Also those that were destroyed, and those that prewarm playspecs',
      },
    ],
    examples: [{ line: 'playhouse playground list -o json', explanation: 'For programs' }],
    load: async () => (await import('./list.ts')).listPlaygrounds,
  }),
  defineCommand({
    path: ['playground', 'status'],
    aliases: ['show'],
    summary: 'Show a playground, its machines or services, and what went wrong',
    arguments: [playground],
    options: [],
    examples: [{ line: 'playhouse playground status 42', explanation: 'By its number' }],
    load: async () => (await import('./status.ts')).showPlayground,
  }),
  defineCommand({
    path: ['playground', 'retry'],
    summary: 'Start a playground again that ended in an error',
    arguments: [playground],
    options: [{ name: 'no-wait', summary: 'Return as soon as the start is accepted' }],
    examples: [{ line: 'playhouse playground retry 42', explanation: 'After the fault was mended' }],
    load: async () => (await import('./start-again.ts')).retryPlayground,
  }),
  defineCommand({
    path: ['playground', 'stop'],
    summary: 'Shut a playground down and keep its drives or volumes',
    description:
      'Each guest is asked to shut down; one that takes too long is cut off. Memory, processors and networks go back to the playroom, what was written stays. Containers of Compose services get the time of their `stop_grace_period`; what is in their named volumes is kept, also as a snapshot, and anonymous volumes are not. `playground restart` takes it up again.',
    arguments: [playground],
    options: [
      {
        name: 'force',
        summary: 'Cut the power, or kill the containers, at once; what was not written yet is lost',
      },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [
      { line: 'playhouse playground stop 42', explanation: 'It costs disk space only from then on' },
    ],
    load: async () => (await import('./stop.ts')).stopPlayground,
  }),
  defineCommand({
    path: ['playground', 'restart'],
    summary: 'Take a stopped playground up again with all it wrote; let a suspended one go on',
    description:
      'Machines boot from the drives they left, with the names, addresses and host keys they had. Compose services come up with their volumes, values, password and addresses; a volume that is gone is filled from the newest snapshot. A job runs once and is not restarted.',
    arguments: [playground],
    options: [
      { name: 'cold', summary: 'Boot machines from the drives, even when memory was kept' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [
      { line: 'playhouse playground restart 42', explanation: 'Minutes or weeks after it was stopped' },
    ],
    load: async () => (await import('./start-again.ts')).restartPlayground,
  }),
  defineCommand({
    path: ['playground', 'lifetime'],
    summary: 'Show how long a playground may still run, or change it',
    description:
      'A time counts from now, one with a + is added to what is left; a + alone adds the default: an hour for jobs, else what the administrator set. While a playground is stopped no time passes: its restart begins a new lifetime.',
    arguments: [
      playground,
      {
        name: 'time',
        summary: 'As 90m, 2h30m or 2d; +1h for more of it, + for as much more as is usual; none for no end',
        optional: true,
      },
    ],
    options: [onExpiry],
    examples: [
      { line: 'playhouse playground lifetime 42', explanation: 'When does it end, and what then?' },
      { line: 'playhouse playground lifetime 42 3h', explanation: 'Three hours from now on' },
      { line: 'playhouse playground lifetime 42 +30m', explanation: 'Half an hour more than it has' },
      { line: 'playhouse playground lifetime 42 +', explanation: 'The default more than it has' },
      { line: 'playhouse playground lifetime 42 none --on-expiry stop', explanation: 'No end' },
    ],
    load: async () => (await import('./lifetime.ts')).changeLifetime,
  }),
  defineCommand({
    path: ['playground', 'destroy'],
    aliases: ['rm'],
    summary: 'Destroy a playground and everything it has on its playroom',
    arguments: [playground],
    options: [{ name: 'no-wait', summary: 'Return as soon as it is accepted' }],
    examples: [
      { line: 'playhouse playground destroy 42', explanation: 'Its machines and their disks are gone then' },
    ],
    load: async () => (await import('./destroy.ts')).destroyPlayground,
  }),
  defineCommand({
    path: ['playground', 'manifest'],
    summary: 'Print the manifest a playground runs',
    arguments: [playground],
    options: [],
    examples: [{ line: 'playhouse playground manifest 42 > mine.yaml', explanation: 'Keep it as a file' }],
    load: async () => (await import('./manifest.ts')).printPlaygroundManifest,
  }),
  defineCommand({
    path: ['playground', 'machines'],
    summary: 'List the machines of a playground',
    arguments: [playground],
    options: [],
    examples: [{ line: 'playhouse playground machines 42', explanation: 'State and addresses of each' }],
    load: async () => (await import('./machines.ts')).listMachines,
  }),
  defineCommand({
    path: ['playground', 'drives'],
    summary: 'List the drives of all machines of a playground',
    arguments: [playground],
    options: [],
    examples: [
      {
        line: 'playhouse playground drives 42',
        explanation: 'Device, size, file system and mount point of each',
      },
    ],
    load: async () => (await import('./drives.ts')).listDrives,
  }),
  defineCommand({
    path: ['playground', 'tasks'],
    summary: 'Show the init tasks of a playground, wait for them, or read the log of one',
    description:
      'Helper tasks are left out unless asked for. With --wait the exit status is 2 when a task failed, or cannot succeed any more because the playground stopped.',
    arguments: [playground],
    options: [
      { name: 'all', short: 'a', summary: 'Helper tasks too' },
      { name: 'kind', value: 'KIND', summary: 'Only those of a kind: init, regular or helper' },
      { name: 'wait', short: 'w', summary: 'Wait until all that are shown have succeeded or failed' },
      { name: 'fail-fast', summary: 'With --wait: until the first has failed' },
      { name: 'timeout', value: 'TIME', summary: 'With --wait: give up after this time, as 90s, 5m or 2h' },
      { name: 'log', value: 'TASK', summary: 'Print the log of this task instead' },
    ],
    examples: [
      { line: 'playhouse playground tasks 42', explanation: 'What is done, and what is missing' },
      { line: 'playhouse playground tasks 42 --log install', explanation: 'Why did it fail?' },
      { line: 'playhouse playground tasks 42 --wait --timeout 10m -o json', explanation: 'In a script' },
    ],
    load: async () => (await import('./tasks.ts')).showTasks,
  }),
  defineCommand({
    path: ['playground', 'answer'],
    summary: 'Give an init task the input that it waits for',
    description:
      'What the page of the described system asks the learner for: the task’s script has it as x(.input), and its `destination` holds it. As long as the task has not succeeded another answer may be given. The `-` reads standard input, without its last line break.',
    arguments: [
      playground,
      { name: 'task', summary: 'Name of the task; `playground tasks` shows which one waits' },
      { name: 'value', summary: 'The answer, or - to read it' },
    ],
    options: [],
    examples: [
      { line: "playhouse playground answer 42 capital 'Paris'", explanation: 'The task runs with it' },
      {
        line: 'playhouse playground answer 42 config -',
        explanation: 'Several lines, from a pipe',
      },
    ],
    load: async () => (await import('./answer.ts')).answerTask,
  }),
  defineCommand({
    path: ['playground', 'wait'],
    summary: 'Wait until a playground runs and its tasks have succeeded',
    description:
      'Of Compose services: until their containers are up, and healthy where they have a health check. Fails with what went wrong when the playground ends in an error. A job is waited for until it is over; the exit status is 2 when it failed.',
    arguments: [playground],
    options: [
      { name: 'init-only', summary: 'Until it runs, whatever its regular tasks or its job do' },
      {
        name: 'timeout',
        value: 'TIME',
        summary: 'Give up after this time, as 90s, 5m or 2h; 0 waits for ever (default: 48h)',
      },
    ],
    examples: [
      { line: 'playhouse playground wait 42 --init-only', explanation: 'After a start with --no-wait' },
    ],
    load: async () => (await import('./wait.ts')).waitForPlayground,
  }),
];
