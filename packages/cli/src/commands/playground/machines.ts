import { machineTable } from '../../output/machine-table.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground machines` */
export async function listMachines(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { machines } = await client('playground.machines', { parameters: input });
  await print(context, machines, () => machineTable(machines));
}
