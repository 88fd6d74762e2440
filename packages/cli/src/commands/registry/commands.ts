import { defineCommand } from '../../command/definition.ts';

const registry = { name: 'registry', summary: 'Host, with a port if there is one' } as const;

export const registryCommands = [
  defineCommand({
    path: ['registry', 'list'],
    aliases: ['ls'],
    summary: 'List the registries that the playroom is logged in to',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse registry list', explanation: 'Names only; passwords are never shown' }],
    load: async () => (await import('./list.ts')).listRegistries,
  }),
  defineCommand({
    path: ['registry', 'login'],
    summary: 'Log in to a registry',
    description:
      'The credential is tried, then kept encrypted on the playroom and used for all images of that registry. The password is read from standard input, never from the command line.',
    arguments: [registry],
    options: [
      { name: 'username', short: 'u', value: 'NAME', summary: 'Name of the account' },
      {
        name: 'password-stdin',
        summary: 'Read the password from standard input without asking',
      },
    ],
    examples: [
      { line: 'playhouse registry login registry.example -u me', explanation: 'Asks for the password' },
      {
        line: 'cat token | playhouse registry login registry.example -u me --password-stdin',
        explanation: 'For scripts',
      },
    ],
    load: async () => (await import('./login.ts')).loginRegistry,
  }),
  defineCommand({
    path: ['registry', 'logout'],
    summary: 'Forget the credential of a registry',
    arguments: [registry],
    options: [],
    examples: [
      { line: 'playhouse registry logout registry.example', explanation: 'Images that are here stay' },
    ],
    load: async () => (await import('./logout.ts')).logoutRegistry,
  }),
];
