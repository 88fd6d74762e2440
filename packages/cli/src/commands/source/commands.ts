import { defineCommand } from '../../command/definition.ts';

const noWait = { name: 'no-wait', summary: 'Return as soon as it is accepted' } as const;
const source = { name: 'source', summary: 'Name of the source', kind: 'source' } as const;

export const sourceCommands = [
  defineCommand({
    path: ['source', 'list'],
    aliases: ['ls'],
    summary: 'List root file system images',
    arguments: [],
    options: [],
    examples: [
      {
        line: 'playhouse source list',
        explanation: 'What is here; `oci://` references are pulled when needed',
      },
    ],
    load: async () => (await import('./list.ts')).listSources,
  }),
  defineCommand({
    path: ['source', 'inspect'],
    aliases: ['show'],
    summary: 'Show a source: digests, users, who uses it',
    arguments: [source],
    options: [],
    examples: [{ line: 'playhouse source inspect debian-12', explanation: 'All that is known of it' }],
    load: async () => (await import('./inspect.ts')).inspectSource,
  }),
  defineCommand({
    path: ['source', 'bake'],
    summary: 'Bake an official source anew from its packages',
    description: 'Running playgrounds keep the layer they started from.',
    arguments: [source],
    options: [noWait],
    examples: [{ line: 'playhouse source bake debian-12', explanation: 'With today’s security updates' }],
    load: async () => (await import('./bake.ts')).bakeSource,
  }),
  defineCommand({
    path: ['source', 'pull'],
    summary: 'Pull an image from its registry, or what is new of it',
    description:
      'A start pulls by itself what is not here; pull again to follow a tag that has moved. Layers that other images share are not fetched twice, and running playgrounds keep the layer they started from.',
    arguments: [
      { name: 'reference', summary: '`oci://REGISTRY/NAME[:TAG][@sha256:DIGEST]`', kind: 'source' },
    ],
    options: [noWait],
    examples: [
      { line: 'playhouse source pull oci://registry.example/lab/web:1', explanation: 'By its tag' },
      {
        line: 'playhouse source pull oci://127.0.0.1:5000/web@sha256:…',
        explanation: 'Exactly this image, from a registry on this host',
      },
    ],
    load: async () => (await import('./pull.ts')).pullSource,
  }),
  defineCommand({
    path: ['source', 'remove'],
    aliases: ['rm'],
    summary: 'Remove the base layer of a source that no playground uses',
    description: 'An official source can be baked again, an image pulled again.',
    arguments: [source],
    options: [noWait],
    examples: [
      {
        line: 'playhouse source remove oci://registry.example/lab/web:1',
        explanation: 'And the layers that only it needs',
      },
    ],
    load: async () => (await import('./remove.ts')).removeSource,
  }),
];
