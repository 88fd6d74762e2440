export interface CommandGroup {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
}

/** The nouns that have verbs below them. */
export const commandGroups: readonly CommandGroup[] = [
  { name: 'playground', aliases: ['pg', 'p'], summary: 'Start, look at, stop, fork and destroy playgrounds' },
  { name: 'machine', aliases: ['m'], summary: 'Single machines of a playground' },
  { name: 'playspec', aliases: [], summary: 'The catalog of templates, and your own' },
  {
    name: 'snapshot',
    aliases: ['snap'],
    summary: 'What playgrounds can go back to, and what is started from',
  },
  { name: 'layer', aliases: [], summary: 'What drives and snapshots consist of; for administrators' },
  { name: 'vault', aliases: [], summary: 'Where snapshots are kept off the host; for administrators' },
  { name: 'source', aliases: [], summary: 'Root file system images of the playroom' },
  { name: 'registry', aliases: [], summary: 'Where images come from: log in and out' },
  {
    name: 'credential',
    aliases: ['cred'],
    summary: 'What opens private repositories and registries for your playgrounds',
  },
  { name: 'kernel', aliases: [], summary: 'Guest kernels of the playroom' },
  { name: 'operation', aliases: ['op'], summary: 'Long-running work: look at it, cancel it' },
  { name: 'user', aliases: [], summary: 'Who may use this server; for administrators' },
  { name: 'token', aliases: [], summary: 'Access tokens of users and programs' },
];
