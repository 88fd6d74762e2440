import { accountCommands } from './account/commands.ts';
import { catalogCommands } from './catalog/commands.ts';
import { installationCommands } from './installation/commands.ts';
import { machineCommands } from './machine/commands.ts';
import { credentialCommands } from './credential/commands.ts';
import { debugCommands } from './playground/debug-commands.ts';
import { forkCommands } from './playground/fork-commands.ts';
import { layerCommands } from './layer/commands.ts';
import { registryCommands } from './registry/commands.ts';
import { snapshotCommands } from './snapshot/commands.ts';
import { sourceCommands } from './source/commands.ts';
import { operationCommands } from './operation/commands.ts';
import { playgroundCommands } from './playground/commands.ts';
import { servicesCommands } from './playground/services-commands.ts';
import { playspecCommands } from './playspec/commands.ts';
import { vaultCommands } from './vault/commands.ts';
import type { CommandDefinition } from '../command/definition.ts';

/** Every command, in the order in which help and docs show them. */
export const commandTable: readonly CommandDefinition[] = [
  ...installationCommands,
  ...machineCommands,
  ...playgroundCommands,
  ...servicesCommands,
  ...debugCommands,
  ...forkCommands,
  ...playspecCommands,
  ...snapshotCommands,
  ...layerCommands,
  ...vaultCommands,
  ...sourceCommands,
  ...registryCommands,
  ...credentialCommands,
  ...catalogCommands,
  ...operationCommands,
  ...accountCommands,
];
