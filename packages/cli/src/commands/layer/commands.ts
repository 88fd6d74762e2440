import { defineCommand } from '../../command/definition.ts';

export const layerCommands = [
  defineCommand({
    path: ['layer', 'list'],
    aliases: ['ls'],
    summary: 'List the layers that drives and snapshots consist of',
    description: 'For administrators. What several playgrounds have in common is there once.',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse layer list -o json', explanation: 'With digests and owners' }],
    load: async () => (await import('./list.ts')).listLayers,
  }),
  defineCommand({
    path: ['layer', 'show'],
    summary: 'Show a layer, and who needs it',
    description: 'For administrators.',
    arguments: [{ name: 'layer', summary: 'Id of the layer', kind: 'layer' }],
    options: [],
    examples: [{ line: 'playhouse layer show 65f0c1d2-vda', explanation: 'Why is it still there?' }],
    load: async () => (await import('./show.ts')).showLayer,
  }),
];
