import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Machine } from '@playhouse/contract/machine';
import { listNames } from '@playhouse/contract/manifest/closest';
import { getPlayground } from './accepted.ts';
import type { Database } from '../store/schema.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';

export interface FoundMachine {
  readonly playground: StoredPlayground;
  readonly machine: Machine;
}

/** @throws PlayhouseError playground-unknown, machine-unknown */
export async function findMachine(
  database: Database,
  parameters: { readonly playground: string; readonly machine: string },
): Promise<FoundMachine> {
  const playground = await getPlayground(database, parameters.playground);
  const machine = playground.machines.find(({ name }) => name === parameters.machine);
  if (machine !== undefined) return { playground, machine };
  const names = playground.machines.map(({ name }) => name);
  const known = listNames(parameters.machine, names);
  throw new PlayhouseError('machine-unknown', {
    playground: playground.name,
    machine: parameters.machine,
    known,
  });
}

/** @throws PlayhouseError playground-unknown, machine-unknown, machine-not-running */
export async function findRunningMachine(
  database: Database,
  parameters: { readonly playground: string; readonly machine: string },
): Promise<FoundMachine> {
  const found = await findMachine(database, parameters);
  if (found.machine.state === 'running') return found;
  const { machine, playground } = found;
  throw new PlayhouseError('machine-not-running', { machine: machine.name, playground: playground.name });
}
