import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { confirm } from '../confirm.ts';

export interface RemoveInput {
  readonly playspec: string;
  readonly force: boolean;
}

/** `playhouse playspec remove` */
export async function removePlayspec(context: Context, input: RemoveInput): Promise<undefined> {
  const { playspec: name, force } = input;
  const { client } = await context.connect();
  if (!(await confirm(context, `Remove the playspec ${name} with all its versions?`, force))) return;
  const { playspec } = await client('playspec.remove', { parameters: { name } });
  await print(context, { playspec }, () => `${name} is removed; its playgrounds go on.\n`);
}
