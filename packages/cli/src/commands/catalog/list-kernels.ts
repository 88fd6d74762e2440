import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse kernel list` */
export async function listKernels(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { kernels } = await client('kernel.list');
  await print(context, kernels, () => {
    const rows = kernels.map(({ name, installed, release }) => [
      name,
      installed ? 'yes' : 'no',
      release ?? '-',
    ]);
    return renderTable(['name', 'installed', 'release'], rows);
  });
}
