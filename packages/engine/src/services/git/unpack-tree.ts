import { removeTree } from '../../system/durable-file.ts';
import { runOrFail, type RunResult } from '../../system/run.ts';

const timeoutMs = 900_000;

/** Fills a folder with a tree of a repository, which `ask` runs Git on; with nothing when Git cannot give it. */
export async function unpackTree(
  tree: string,
  folder: string,
  ask: (words: readonly string[]) => Promise<Pick<RunResult, 'exitCode'>>,
): Promise<void> {
  const archive = `${folder}.tar`;
  try {
    const { exitCode } = await ask(['archive', '--format=tar', `--output=${archive}`, tree]);
    if (exitCode !== 0) return;
    const words = ['tar', '--extract', '--file', archive, '--directory', folder, '--no-same-owner'];
    await runOrFail(words, { timeoutMs });
  } finally {
    await removeTree(archive);
  }
}
