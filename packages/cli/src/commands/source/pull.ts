import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface PullInput {
  readonly reference: string;
  readonly noWait: boolean;
}

/** `playhouse source pull` */
export async function pullSource(context: Context, input: PullInput): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('source.pull', { parameters: { name: input.reference } });
  const { name } = operation.subject;
  if (input.noWait) {
    const words = `${name} is being pulled.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(context, { operation: ended }, () => `${name} is here: name it as \`source\` of a drive.\n`);
}
