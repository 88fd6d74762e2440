import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface MachineInput {
  readonly playground: string;
  readonly machine: string;
  readonly noWait: boolean;
}

/** `playhouse machine stop` */
export async function stopMachine(
  context: Context,
  input: MachineInput & { readonly force: boolean },
): Promise<undefined> {
  const { client } = await context.connect();
  const query = input.force ? { force: 'true' } : {};
  const accepted = await client('machine.stop', { parameters: parametersOf(input), query });
  await finishWork(context, input, accepted, { doing: 'being stopped', done: 'off' });
}

/** `playhouse machine restart` */
export async function restartMachine(context: Context, input: MachineInput): Promise<undefined> {
  const { client } = await context.connect();
  const accepted = await client('machine.restart', { parameters: parametersOf(input) });
  await finishWork(context, input, accepted, { doing: 'being restarted', done: 'running' });
}

/** `playhouse machine reboot` */
export async function rebootMachine(context: Context, input: MachineInput): Promise<undefined> {
  const { client } = await context.connect();
  const accepted = await client('machine.reboot', { parameters: parametersOf(input) });
  await finishWork(context, input, accepted, { doing: 'being rebooted', done: 'running again' });
}

function parametersOf({ playground, machine }: MachineInput) {
  return { playground, machine };
}

async function finishWork(
  context: Context,
  { machine, noWait }: MachineInput,
  { playground, operation }: RouteOutput<RouteTable['machine.stop']>,
  words: { readonly doing: string; readonly done: string },
): Promise<void> {
  if (noWait) {
    await finish(context, { playground, operation }, () => `${machine} is ${words.doing}.\n`);
    return;
  }
  await awaitOperation(context, operation);
  const { client } = await context.connect();
  const { machines } = await client('playground.machines', { parameters: { playground: playground.id } });
  const shown = machines.find(({ name }) => name === machine);
  await finish(context, { machine: shown }, () => `${machine} is ${words.done}.\n`);
}
