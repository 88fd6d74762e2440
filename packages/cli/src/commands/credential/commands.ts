import { defineCommand } from '../../command/definition.ts';

export const credentialCommands = [
  defineCommand({
    path: ['credential', 'list'],
    aliases: ['ls'],
    summary: 'List your credentials of private repositories and registries',
    arguments: [],
    options: [],
    examples: [
      { line: 'playhouse credential list', explanation: 'What each opens; secrets are never shown' },
      {
        line: 'playhouse credential list --json',
        explanation: 'With the public half of each key, which the host of the repositories has to know',
      },
    ],
    load: async () => (await import('./list.ts')).listCredentials,
  }),
  defineCommand({
    path: ['credential', 'add'],
    summary: 'Keep what opens private repositories or a registry',
    description:
      'Playgrounds that you own use it; nobody else’s do, and nobody gets to see it again. It is kept encrypted on the playroom, and neither containers nor builds find it. Of several that fit a repository the one with the longest address is used. The token or password is read from standard input or asked for, never taken from the command line. An earlier one of the same name is replaced.',
    arguments: [{ name: 'name', summary: 'A name to know it by' }],
    options: [
      {
        name: 'repository',
        value: 'ADDRESS',
        summary:
          'Opens the Git repositories at this address and below it: https://git.example.org/ann, git@git.example.org:ann',
      },
      {
        name: 'registry',
        value: 'HOST',
        summary: 'Opens this registry of images; docker.io is Docker’s own',
      },
      {
        name: 'username',
        short: 'u',
        value: 'NAME',
        summary: 'Who logs in: of a registry, or over HTTPS where the host asks for more than a token',
      },
      {
        name: 'key',
        value: 'FILE',
        kind: 'file',
        summary: 'Of repositories over SSH: the private key, without a passphrase',
      },
      {
        name: 'known-hosts',
        value: 'FILE',
        kind: 'file',
        summary:
          'Of repositories over SSH: the keys of their host, as ssh-keyscan prints them; - reads standard input',
      },
      { name: 'secret-stdin', summary: 'Read the token or password from standard input without asking' },
    ],
    examples: [
      {
        line: 'playhouse credential add git --repository https://git.example.org/ann',
        explanation: 'Asks for the token',
      },
      {
        line: 'cat token | playhouse credential add git --repository https://git.example.org/ann --secret-stdin',
        explanation: 'Reads it from a pipe: without a terminal nobody can be asked',
      },
      {
        line: 'cat token | playhouse credential add hub --registry docker.io -u ann --secret-stdin',
        explanation: 'Of a registry, for scripts; it is tried at once',
      },
      {
        line: 'ssh-keyscan git.example.org | playhouse credential add deploy --repository git@git.example.org --key id_ed25519 --known-hosts -',
        explanation: 'A key; make sure that the host’s keys are its own',
      },
    ],
    load: async () => (await import('./add.ts')).addCredential,
  }),
  defineCommand({
    path: ['credential', 'remove'],
    aliases: ['rm'],
    summary: 'Forget one of your credentials',
    arguments: [{ name: 'name', summary: 'Its name' }],
    options: [],
    examples: [
      { line: 'playhouse credential remove git', explanation: 'What was cloned and pulled with it stays' },
    ],
    load: async () => (await import('./remove.ts')).removeCredential,
  }),
];
