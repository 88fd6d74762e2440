import { catalogCommands } from '../commands/catalog/commands.ts';
import { installationCommands } from '../commands/installation/commands.ts';
import { machineCommands } from '../commands/machine/commands.ts';
import { operationCommands } from '../commands/operation/commands.ts';
import { playgroundCommands } from '../commands/playground/commands.ts';
import type { CommandDefinition } from './definition.ts';

/** Every command, in the order in which help and docs show them. */
export const commandTable: readonly CommandDefinition[] = [
  ...installationCommands,
  ...machineCommands,
  ...playgroundCommands,
  ...catalogCommands,
  ...operationCommands,
];
