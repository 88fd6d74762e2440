import { finish } from '../../output/finish.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { confirm } from '../confirm.ts';

export interface VolumesInput {
  readonly playspec: string;
  readonly remove: boolean;
  readonly force: boolean;
}

/** `playhouse playspec volumes` */
export async function playspecVolumes(context: Context, input: VolumesInput): Promise<undefined> {
  const { playspec: name } = input;
  const { client } = await context.connect();
  if (input.remove) {
    if (!(await confirm(context, `Remove the volumes of ${name} with all that is in them?`, input.force)))
      return;
    const { operation } = await client('playspec.remove-volumes', { parameters: { name } });
    const ended = await awaitOperation(context, operation);
    await finish(context, { operation: ended }, () => `The volumes of ${name} are removed.\n`);
    return;
  }
  const found = await client('playspec.volumes', { parameters: { name } });
  await print(context, found, () => {
    if (found.volumes.length === 0) return `${name} has no volumes that outlive its playgrounds.\n`;
    const rows = found.volumes.map((volume) => [
      volume.key,
      volume.name,
      volume.bytes === null ? '-' : formatSize(volume.bytes),
      found.playground ?? '-',
    ]);
    return renderTable(['volume', 'name in docker', 'on disk', 'used by'], rows);
  });
}
