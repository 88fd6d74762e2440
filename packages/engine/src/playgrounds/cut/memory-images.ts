// Files that the memory of machines is cut into. Each begins as a copy of what its machine’s memory began as, so that only the
// changed pages need to be written while the machine stands still.
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { removeTree } from '../../system/durable-file.ts';
import { runOrFail } from '../../system/run.ts';
import type { MachineRecord } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

const copyTimeoutMs = 600_000;

type ImageTools = Pick<PlayroomTools, 'layers'>;

/** A folder beside the layers; whatever a crash leaves there is removed with it. */
export function stagingOf({ layers }: ImageTools, snapshotId: string): string {
  return `${layers.directory}/.cut-${snapshotId}`;
}

export async function stageImage(
  tools: ImageTools,
  snapshotId: string,
  { name, memory }: Pick<MachineRecord, 'name' | 'memory'>,
  imageBytes: number,
): Promise<string> {
  const image = `${stagingOf(tools, snapshotId)}/${name}.ram`;
  await mkdir(stagingOf(tools, snapshotId), { recursive: true, mode: 0o700 });
  await removeTree(image);
  if (memory === null) await writeFile(image, '', { mode: 0o600 });
  else {
    const copy = [
      'cp',
      '--reflink=auto',
      '--sparse=always',
      '--no-preserve=mode',
      tools.layers.path(memory, 'memory'),
    ];
    await runOrFail([...copy, image], { timeoutMs: copyTimeoutMs });
  }
  await truncate(image, imageBytes);
  return image;
}
