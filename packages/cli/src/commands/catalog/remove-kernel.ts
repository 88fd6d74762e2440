import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface RemoveKernelInput {
  readonly name: string;
  readonly noWait: boolean;
}

/** `playhouse kernel remove` */
export async function removeKernel(
  context: Context,
  { name, noWait }: RemoveKernelInput,
): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('kernel.remove', { parameters: { name } });
  if (noWait) {
    await finish(context, { operation }, () => `Kernel ${name} is being removed.\n`);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(context, { operation: ended }, () => `Kernel ${name} is removed.\n`);
}
