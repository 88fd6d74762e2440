import { defineCommand } from '../../command/definition.ts';

const user = { name: 'user', summary: 'Name of the user', kind: 'user' } as const;
const ofUser = {
  name: 'user',
  value: 'NAME',
  kind: 'user',
  summary: 'Of that user instead of your own; for administrators',
} as const;
const quiet = { name: 'quiet', short: 'q', summary: 'Print nothing but the token' } as const;

export const accountCommands = [
  defineCommand({
    path: ['login'],
    summary: 'Keep a server and your token for it',
    description:
      'Asks for the token, or reads it from standard input. The server checks it before it is kept in ~/.config/playhouse/credentials.json, from then on the server that commands talk to. PLAYHOUSE_TOKEN and PLAYHOUSE_TOKEN_FILE come first where they are set.',
    arguments: [],
    options: [],
    examples: [
      {
        line: 'playhouse login --endpoint https://playhouse.example.org',
        explanation: 'With the token that an administrator made for you',
      },
    ],
    load: async () => (await import('./login.ts')).login,
  }),
  defineCommand({
    path: ['whoami'],
    summary: 'Show who you are on which server',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse whoami', explanation: 'And where your token comes from' }],
    load: async () => (await import('./whoami.ts')).whoami,
  }),
  defineCommand({
    path: ['user', 'list'],
    aliases: ['ls'],
    summary: 'List users',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse user list', explanation: 'For administrators' }],
    load: async () => (await import('./list-users.ts')).listUsers,
  }),
  defineCommand({
    path: ['user', 'create'],
    summary: 'Create a user',
    description: 'The user has no token yet: make one with `playhouse token create --user NAME`.',
    arguments: [{ name: 'user', summary: 'Name: lowercase letters, digits, dots, dashes, underscores' }],
    options: [{ name: 'admin', summary: 'An administrator, who sees and does everything' }],
    examples: [{ line: 'playhouse user create ann', explanation: 'Sees her own playgrounds only' }],
    load: async () => (await import('./create-user.ts')).createUser,
  }),
  defineCommand({
    path: ['user', 'remove'],
    aliases: ['rm'],
    summary: 'Remove a user and revoke the tokens',
    description:
      'Playgrounds go on; what the user owned is the administrator’s from then on. At a terminal you are asked first.',
    arguments: [user],
    options: [{ name: 'force', short: 'f', summary: 'Do not ask' }],
    examples: [{ line: 'playhouse user remove ann', explanation: 'Her tokens open nothing any more' }],
    load: async () => (await import('./remove-user.ts')).removeUser,
  }),
  defineCommand({
    path: ['token', 'list'],
    aliases: ['ls'],
    summary: 'List access tokens',
    arguments: [],
    options: [ofUser],
    examples: [
      { line: 'playhouse token list', explanation: 'Your own; the tokens themselves are stored nowhere' },
    ],
    load: async () => (await import('./list-tokens.ts')).listTokens,
  }),
  defineCommand({
    path: ['token', 'create'],
    summary: 'Create an access token, which is shown once',
    arguments: [],
    options: [
      { name: 'name', value: 'NAME', summary: 'Name of the token (default: who@where it is made)' },
      ofUser,
      {
        name: 'expires-in',
        value: 'DAYS',
        minimum: 1,
        summary: 'Days it is good for (default: until revoked)',
      },
      quiet,
    ],
    examples: [
      { line: 'playhouse token create --user ann', explanation: 'What ann needs for `playhouse login`' },
      {
        line: 'playhouse token create --name ci --expires-in 90 -q',
        explanation: 'For a program: the token alone',
      },
    ],
    load: async () => (await import('./create-token.ts')).createToken,
  }),
  defineCommand({
    path: ['token', 'revoke'],
    summary: 'Revoke an access token',
    arguments: [{ name: 'token', summary: 'Name of the token', kind: 'token' }],
    options: [ofUser],
    examples: [{ line: 'playhouse token revoke ci', explanation: 'It opens nothing any more' }],
    load: async () => (await import('./revoke-token.ts')).revokeToken,
  }),
];
