import { describeOrigin } from '@playhouse/contract/kernel';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse kernel list` */
export async function listKernels(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { kernels } = await client('kernel.list');
  await print(context, kernels, () => {
    const rows = kernels.map(({ name, installed, official, release, sizeBytes, origin }) => [
      name === defaultKernel ? `${name} (default)` : name,
      installed ? 'yes' : official ? 'when needed' : 'no',
      release ?? '-',
      sizeBytes === null ? '-' : formatSize(sizeBytes),
      origin === null ? '-' : describeOrigin(origin),
    ]);
    return renderTable(['name', 'installed', 'release', 'size', 'from'], rows);
  });
}
