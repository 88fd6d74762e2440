import { defineCommand } from '../../command/definition.ts';

const playspec = { name: 'playspec', summary: 'Name of the playspec', kind: 'playspec' } as const;
const version = {
  name: 'version',
  value: 'N',
  minimum: 1,
  summary: 'That version instead of the newest; NAME@N means the same',
} as const;
const manifest = { name: 'file', short: 'f', value: 'FILE', kind: 'file' } as const;
const repository = [
  { name: 'repository', value: 'URL', summary: 'Git repository that has the Compose file' },
  { name: 'branch', value: 'NAME', summary: 'Of that repository; default: its default branch' },
  {
    name: 'path',
    value: 'FILE',
    summary: 'Of that repository; default: playgrounds.yml, compose.yaml, docker-compose.yml or the like',
  },
] as const;
const quiet = { name: 'quiet', short: 'q', summary: 'Print nothing but the name of the playspec' } as const;

export const playspecCommands = [
  defineCommand({
    path: ['playspec', 'list'],
    aliases: ['ls'],
    summary: 'List the catalog',
    description: 'Without a token it shows what anyone may see.',
    arguments: [],
    options: [
      { name: 'category', value: 'NAME', summary: 'Only those of this category' },
      { name: 'mine', summary: 'Only your own' },
    ],
    examples: [{ line: 'playhouse playspec list', explanation: 'What can be started' }],
    load: async () => (await import('./list.ts')).listPlayspecs,
  }),
  defineCommand({
    path: ['playspec', 'show'],
    summary: 'Show a playspec: what it is about, who may use it, the text of its page',
    arguments: [playspec],
    options: [version],
    examples: [
      { line: 'playhouse playspec show nat-gateway', explanation: 'What to do there, and how to check it' },
    ],
    load: async () => (await import('./show.ts')).showPlayspec,
  }),
  defineCommand({
    path: ['playspec', 'versions'],
    summary: 'List the versions of a playspec, newest first',
    arguments: [playspec],
    options: [],
    examples: [
      {
        line: 'playhouse playspec versions my-lab',
        explanation: '`playground start my-lab@2` starts an older one',
      },
    ],
    load: async () => (await import('./versions.ts')).listVersions,
  }),
  defineCommand({
    path: ['playspec', 'manifest'],
    summary: 'Print the manifest of a playspec',
    arguments: [playspec],
    options: [version],
    examples: [
      { line: 'playhouse playspec manifest debian > mine.yaml', explanation: 'A base for your own' },
      { line: 'playhouse playspec manifest my-lab --version 3', explanation: 'As it was in version 3' },
    ],
    load: async () => (await import('./manifest.ts')).printPlayspecManifest,
  }),
  defineCommand({
    path: ['playspec', 'check'],
    summary: 'Check a manifest or Compose file without sending it anywhere',
    description:
      'Shows everything that is wrong with it and what has no effect, each with file:line:column and how to mend it. Exit status 1 when it would be refused. Whether its sources, kernels and names are there is checked when it is created or started.',
    arguments: [{ name: 'file', summary: 'The file; - reads standard input', kind: 'file' }],
    options: [
      {
        name: 'repository',
        value: 'URL',
        summary: 'Of a Compose file: as if it were taken from there, where it has the same path as here',
      },
    ],
    examples: [
      { line: 'playhouse playspec check compose.yaml', explanation: 'Labels, variables and host policy too' },
      {
        line: 'playhouse playspec check deploy/compose.yaml --repository https://git.example.org/ann/my-app',
        explanation: 'Before it is pushed there',
      },
      { line: 'playhouse playspec check lab.yaml -o json', explanation: 'For editors and pipelines' },
    ],
    load: async () => (await import('./check.ts')).checkPlayspec,
  }),
  defineCommand({
    path: ['playspec', 'create'],
    summary: 'Create a playspec of your own',
    description:
      'The manifest given with -f is laid over that of the base: what it does not mention comes from there, but for title, description, cover, text and access. Without -f it is a copy of the base. A Compose file needs no base and is kept as it is. With --repository it is taken from a Git repository, which is opened by a credential of yours (`credential add`) where it is private; what is built, and what lies beside the file, is of that repository then. The name is kept as it is and must be free. Only you see and start it unless its accessControl says otherwise.',
    arguments: [{ name: 'name', summary: 'Name of the new playspec' }],
    options: [
      {
        name: 'base',
        short: 'b',
        value: 'PLAYSPEC',
        kind: 'playspec',
        summary: 'Needed for machines: the playspec it is made from; flexbox allows any machines',
      },
      { ...manifest, summary: 'Manifest to lay over the base, or Compose file; - reads standard input' },
      ...repository,
      quiet,
    ],
    examples: [
      {
        line: 'playhouse playspec create --base flexbox my-lab -f lab.yaml',
        explanation: 'From then on: playhouse playground start my-lab',
      },
      {
        line: 'playhouse playspec create my-app -f compose.yaml',
        explanation: 'A Compose file (docs/compose.md)',
      },
      {
        line: 'playhouse playspec create my-app --repository https://git.example.org/ann/my-app',
        explanation: 'The Compose file of a repository, with all that it builds and mounts from there',
      },
      {
        line: 'playhouse playspec create my-app --repository git@git.example.org:ann/my-app --branch dev --path deploy/compose.yaml',
        explanation: 'Another branch, another file',
      },
      {
        line: 'playhouse playspec create --base debian my-debian',
        explanation: 'A copy, to be changed with `playspec update`',
      },
    ],
    load: async () => (await import('./create.ts')).createPlayspec,
  }),
  defineCommand({
    path: ['playspec', 'update'],
    summary: 'Make the next version of a playspec',
    description:
      'The manifest must be a whole one, of machines or a Compose file as before, from a file or from a repository; the same commit makes no version. It replaces that of the version before, but for accessControl, which stays as it is when it is left out. Playgrounds keep the version they were started from.',
    arguments: [playspec],
    options: [
      { ...manifest, summary: 'The new manifest; - reads standard input' },
      ...repository,
      { name: 'from-repository', summary: 'Take what is now where the Compose file was taken from' },
      quiet,
    ],
    examples: [
      {
        line: 'playhouse playspec update my-lab -f lab.yaml',
        explanation: 'The next start takes the new version',
      },
      {
        line: 'playhouse playspec update my-app --from-repository',
        explanation: 'What was pushed since; `playground rollout 42 --upgrade` brings it to playground 42',
      },
    ],
    load: async () => (await import('./update.ts')).updatePlayspec,
  }),
  defineCommand({
    path: ['playspec', 'save'],
    summary: 'Save a playground as a playspec',
    description:
      'Any number of playgrounds can be started from it, each with everything that was written in that one. The playground goes on as it is. Without --memory its machines boot; with it they go on where they were, in a moment. Machines, drives, networks and choices of a saved playspec are fixed.',
    arguments: [{ name: 'name', summary: 'Name of the playspec' }],
    options: [
      {
        name: 'from',
        value: 'PLAYGROUND',
        kind: 'playground',
        summary: 'Needed: the playground, running, stopped or suspended',
      },
      { name: 'memory', summary: 'With the memory of its machines; of a stopped one there is none' },
      { name: 'update', summary: 'Make the next version of a playspec of yours' },
      { name: 'title', value: 'TEXT', summary: 'Title in the catalog (default: that of the playground)' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
      quiet,
    ],
    examples: [
      {
        line: 'playhouse playspec save my-cluster --from 42',
        explanation: 'What was set up by hand, for others',
      },
      {
        line: 'playhouse playspec save my-cluster --from 42 --memory --update',
        explanation: 'The next version of it, which is ready in a moment',
      },
    ],
    load: async () => (await import('./save.ts')).savePlayspec,
  }),
  defineCommand({
    path: ['playspec', 'prewarm'],
    summary: 'Boot a playspec once, so that its starts go on from there',
    description:
      'A hidden playground of it is started, cut with its memory once it runs and its init tasks are done, and destroyed. Starts that change nothing of its machines resume from that; all others boot. It is made anew when a kernel or source has changed. Only administrators prewarm what comes with Playhouse.',
    arguments: [playspec],
    options: [
      { name: 'drop', summary: 'Drop the prewarming, and the spare copy made of it: starts boot again' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [
      { line: 'playhouse playspec prewarm debian', explanation: 'The next start takes a moment' },
      { line: 'playhouse playspec prewarm debian --drop', explanation: 'Gives its disk space back' },
    ],
    load: async () => (await import('./prewarm.ts')).prewarmPlayspec,
  }),
  defineCommand({
    path: ['playspec', 'spare'],
    summary: 'Keep a spare copy of a prewarmed playspec, which stands by for the next start',
    description:
      'A start of a prewarmed playspec that changes nothing of it takes the spare copy over, which is twice as fast as to go on from memory. The copy has run already, a login included, and stands by: it costs memory, no processor. Once it is taken over the next one is made; when a playground needs the memory, the copy makes way, and it waits for memory that nobody needs. `down --destroy-playgrounds` gives it up.',
    arguments: [playspec],
    options: [
      {
        name: 'drop',
        summary: 'Drop the spare copy, and make none any more: starts go on from the prewarming',
      },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [
      { line: 'playhouse playspec spare debian', explanation: 'The next start is there at once' },
      { line: 'playhouse playspec spare debian --drop', explanation: 'Gives its memory back' },
    ],
    load: async () => (await import('./spare.ts')).keepSpare,
  }),
  defineCommand({
    path: ['playspec', 'volumes'],
    summary: 'List, or remove, volumes that outlive the playgrounds of a Compose playspec',
    description:
      'Of a playspec with `persist_volumes`. They go with the playspec; `--remove` takes them away before that, once no playground uses them.',
    arguments: [playspec],
    options: [
      { name: 'remove', summary: 'Remove them with all that is in them' },
      { name: 'force', short: 'f', summary: 'Do not ask' },
    ],
    examples: [{ line: 'playhouse playspec volumes my-app', explanation: 'What is kept, and who uses it' }],
    load: async () => (await import('./volumes.ts')).playspecVolumes,
  }),
  defineCommand({
    path: ['playspec', 'remove'],
    aliases: ['rm'],
    summary: 'Remove a playspec with all its versions',
    description:
      'Playgrounds that were started from it go on; snapshots that it begins with are removed, and volumes that outlived its playgrounds. At a terminal you are asked first.',
    arguments: [playspec],
    options: [{ name: 'force', short: 'f', summary: 'Do not ask' }],
    examples: [{ line: 'playhouse playspec remove my-lab', explanation: 'Its name is free again' }],
    load: async () => (await import('./remove.ts')).removePlayspec,
  }),
];
