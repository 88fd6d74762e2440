import { defineCommand } from '../../command/definition.ts';

export const catalogCommands = [
  defineCommand({
    path: ['source', 'list'],
    aliases: ['ls'],
    summary: 'List root file system images',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse source list', explanation: 'What `drives[].source` may name' }],
    load: async () => (await import('./list-sources.ts')).listSources,
  }),
  defineCommand({
    path: ['source', 'bake'],
    summary: 'Bake a source anew from its packages',
    description: 'Running playgrounds keep the layer they started from.',
    arguments: [{ name: 'source', summary: 'Name of the source', kind: 'source' }],
    options: [{ name: 'no-wait', summary: 'Return as soon as it is accepted' }],
    examples: [{ line: 'playhouse source bake debian-12', explanation: 'With today’s security updates' }],
    load: async () => (await import('./bake-source.ts')).bakeSource,
  }),
  defineCommand({
    path: ['kernel', 'list'],
    aliases: ['ls'],
    summary: 'List guest kernels',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse kernel list', explanation: 'What `kernel` may name' }],
    load: async () => (await import('./list-kernels.ts')).listKernels,
  }),
];
