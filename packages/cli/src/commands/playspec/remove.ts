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
  const what = `the playspec ${name} with all its versions, and any volumes that outlived its playgrounds`;
  if (!(await confirm(context, `Remove ${what}?`, force))) return;
  const { playspec } = await client('playspec.remove', { parameters: { name } });
  await print(context, { playspec }, () => `${name} is removed; its playgrounds go on.\n`);
}
