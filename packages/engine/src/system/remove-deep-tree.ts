import { removeTree } from './durable-file.ts';
import { runOrFail } from './run.ts';

const timeoutMs = 600_000;

/**
 * Removes a tree that containers wrote into: folders may lie deeper in one another than a path may be long, which hinders Node, and
 * not the program that goes down step by step.
 */
export async function removeDeepTree(path: string): Promise<void> {
  try {
    await removeTree(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENAMETOOLONG') throw error;
    await runOrFail(['rm', '--recursive', '--force', '--one-file-system', '--', path], { timeoutMs });
  }
}
