import type { OptionDefinition } from './description.ts';

/** Options that every command takes, before or after its own words. */
export const globalOptions = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT',
    kind: 'format',
    summary: 'json, yaml or table (the default)',
  },
  { name: 'json', summary: 'Same as -o json; long work prints one JSON object per line' },
  {
    name: 'endpoint',
    value: 'URL',
    summary: 'Origin of the server (default: PLAYHOUSE_ENDPOINT, else the one `playhouse up` noted)',
  },
  { name: 'debug', summary: 'Show stack traces of errors (also PLAYHOUSE_DEBUG=1)' },
  { name: 'help', short: 'h', summary: 'Show help for the command' },
] as const satisfies readonly OptionDefinition[];
