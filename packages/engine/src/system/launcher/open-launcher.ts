import { existsSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { buildProgram, digestFolder } from '../build-program.ts';
import { removeTree } from '../durable-file.ts';
import { directLauncher } from './direct-launcher.ts';
import { ProcessLauncher } from './process-launcher.ts';

const digits = 12;

/**
 * The launcher whose sources are in `sourceDirectory`, compiled to `folder` unless that was done before: what others left there,
 * and half a build, is removed.
 * @throws PlayhouseError command-missing, command-failed: without a compiler there is none
 */
export async function openLauncher(sourceDirectory: string, folder: string): Promise<ProcessLauncher> {
  const digest = (await digestFolder(sourceDirectory)).replace('sha256:', '').slice(0, digits);
  const program = `${folder}/launcher-${digest}`;
  if (!existsSync(program)) {
    for (const name of await readdir(folder))
      if (name.startsWith('launcher-')) await removeTree(`${folder}/${name}`);
    const built = `${program}.new`;
    await buildProgram(directLauncher.run, 'launcher', sourceDirectory, built);
    await rename(built, program);
  }
  return new ProcessLauncher(program, directLauncher);
}
