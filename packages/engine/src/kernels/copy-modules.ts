import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';

/** What belongs to `lib/modules/<release>`; depmod makes the rest. Nothing else of the folder is read. */
const wanted = /\.ko(\.(xz|gz|zst))?$|^modules\.(builtin|builtin\.modinfo|order)$/;

/**
 * Copies the modules of a kernel from a folder of the host. Links are not followed, and files that are no modules left out:
 * whoever may add a kernel must not be able to have the engine read any file it can.
 * @throws PlayhouseError kernel-unusable, file-unreadable
 */
export async function copyModules(from: string, to: string, name: string): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new PlayhouseError(
      'file-unreadable',
      { file: from, detail: whyUnreadable(error) },
      { cause: error },
    );
  });
  const files = entries.filter((entry) => entry.isFile() && wanted.test(entry.name));
  if (!files.some(({ name: file }) => file.includes('.ko')))
    throw new PlayhouseError('kernel-unusable', {
      kernel: name,
      detail: `there are no modules below ${from}`,
    });
  for (const { parentPath, name: file } of files) {
    const target = `${to}/${relative(from, parentPath)}/${file}`;
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await copyFile(`${parentPath}/${file}`, target, constants.COPYFILE_FICLONE);
  }
}
