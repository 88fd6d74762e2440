import type { Context } from '../../program/context.ts';

/**
 * A manifest with the name by which faults in it are located; `-` is standard input.
 * @throws PlayhouseError file-unreadable
 */
export async function readManifest(
  context: Context,
  file: string,
): Promise<{ readonly manifest: string; readonly manifestFile: string }> {
  return { manifest: await context.readInput(file), manifestFile: file === '-' ? 'stdin' : file };
}
