import { defineCommand } from '../../command/definition.ts';
import { serviceOptions } from './service-options.ts';

const playground = {
  name: 'playground',
  summary: 'Id, number or name of the playground',
  kind: 'playground',
} as const;
const changes = [
  ...serviceOptions,
  {
    name: 'unset',
    value: 'NAME',
    repeat: true,
    summary: 'Take a service variable away that --env gave; SERVICE:NAME of one service',
  },
  { name: 'upgrade', summary: 'Go over to the newest version of its playspec' },
  { name: 'no-wait', summary: 'Return as soon as it is accepted' },
] as const;

/** What only playgrounds of Compose services have. */
export const servicesCommands = [
  defineCommand({
    path: ['playground', 'rollout'],
    summary: 'Bring a Compose playground to its newest commits and to what you change',
    description:
      'Clean checkouts take up what their branches have, images are built where there are new commits, and containers that change are made anew; the others run on. A service with `playgrounds.zerodowntime` gets new containers beside the old, which go when those are healthy: no request is lost. When anything fails, or is cancelled, the version that ran before goes on.',
    arguments: [playground],
    options: changes,
    examples: [
      { line: 'playhouse playground rollout 42', explanation: 'What was pushed since' },
      {
        line: 'playhouse playground rollout 42 --env web:LOG_LEVEL=debug --branch web=fix',
        explanation: 'Another branch of one service, with a variable of its own',
      },
      {
        line: 'playhouse playground rollout 42 --upgrade',
        explanation: 'After its playspec was edited',
      },
    ],
    load: async () => (await import('./rollout.ts')).rolloutPlayground,
  }),
  defineCommand({
    path: ['playground', 'hard-restart'],
    summary: 'Make all containers of a Compose playground anew, of images that are pulled again',
    description:
      'Volumes are kept. Images are built and pulled first: as long as that can fail nothing is taken away.',
    arguments: [playground],
    options: changes,
    examples: [{ line: 'playhouse playground hard-restart 42', explanation: 'When a rollout is not enough' }],
    load: async () => (await import('./rollout.ts')).hardRestartPlayground,
  }),
  defineCommand({
    path: ['playground', 'exec'],
    summary: 'Open a shell in the container of a service, or run a command there',
    description:
      'The words after -- are the command; its exit status is passed through. At a terminal it gets one, too. What it changes in the container is gone with that: only volumes are kept. A connection that ends takes the command with it.',
    arguments: [
      playground,
      { name: 'service', summary: 'Service of the Compose file' },
      { name: 'command', summary: 'Command, after --', optional: true, variadic: true },
    ],
    options: [
      { name: 'user', short: 'u', value: 'NAME', summary: 'User (default: the container’s)' },
      { name: 'no-terminal', short: 'T', summary: 'Give it no terminal, also where there is one' },
    ],
    examples: [
      { line: 'playhouse playground exec 42 web', explanation: 'A shell' },
      { line: 'playhouse playground exec 42 web -- bin/rails db:migrate', explanation: 'One command' },
      {
        line: 'playhouse playground exec 42 db -- pg_dump -U app app > app.sql',
        explanation: 'Its output into a file; standard input goes along, too',
      },
    ],
    load: async () => (await import('./exec.ts')).execInService,
  }),
  defineCommand({
    path: ['playground', 'password'],
    summary: 'Show the user and password of the internal services of a Compose playground',
    arguments: [playground],
    options: [{ name: 'new', summary: 'Make another one first; whoever is logged in has to do so again' }],
    examples: [
      { line: 'playhouse playground password 42', explanation: 'For the browser that asks for it' },
      { line: 'playhouse playground password 42 --new', explanation: 'When it got into the wrong hands' },
    ],
    load: async () => (await import('./password.ts')).showPassword,
  }),
  defineCommand({
    path: ['playground', 'bypass'],
    summary: 'Show the token with which programs reach the internal services of a Compose playground',
    description:
      'For what cannot log in, such as tests in CI. It goes into the header `x-playhouse-bypass`, which services do not get to see; or once into an address, as `?x-playhouse-bypass=TOKEN`, which leaves a cookie.',
    arguments: [playground],
    options: [{ name: 'new', summary: 'Make another one first; the one before is worth nothing then' }],
    examples: [
      { line: 'playhouse playground bypass 42', explanation: 'For a test in CI' },
      { line: 'playhouse playground bypass 42 --new', explanation: 'When it got into the wrong hands' },
    ],
    load: async () => (await import('./bypass.ts')).showBypass,
  }),
  defineCommand({
    path: ['playground', 'maintenance'],
    summary: 'Have the addresses of a Compose playground say that it is under maintenance',
    description:
      'Browsers get a page and programs status 503, with the time after which to ask again. Containers run on. It holds until it is switched off, also when the playground is stopped and started.',
    arguments: [playground, { name: 'switch', summary: 'on, or off' }],
    options: [
      {
        name: 'service',
        value: 'NAME',
        summary: 'Of this service only; without it, of all that have an address',
      },
      { name: 'message', value: 'TEXT', summary: 'What the page says' },
    ],
    examples: [
      {
        line: 'playhouse playground maintenance 42 on --message Back-at-14:00',
        explanation: 'While its database is moved',
      },
      {
        line: 'playhouse playground maintenance 42 off',
        explanation: 'Addresses lead to the services again',
      },
    ],
    load: async () => (await import('./maintenance.ts')).setMaintenance,
  }),
];
