import { driveTable } from '../../output/drive-table.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground drives`: as JSON, each machine’s name with its drives. */
export async function listDrives(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { machines } = await client('playground.machines', { parameters: input });
  const listed = machines.map(({ name, drives }) => ({ name, drives }));
  await print(context, listed, () => driveTable(listed));
}
