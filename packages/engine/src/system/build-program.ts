// Compiles the small programs of ours that are written in C: the guest agent and the launcher.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** Runs a host program to its end (see system/run.ts). */
export type RunProgram = (
  argv: readonly string[],
  options?: { readonly timeoutMs?: number },
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;

/**
 * Compiles the C sources in `sourceDirectory` to the static program `output`; `name` is for errors.
 * @throws PlayhouseError command-failed with what gcc said; what `run` throws
 */
export async function buildProgram(
  run: RunProgram,
  name: string,
  sourceDirectory: string,
  output: string,
): Promise<void> {
  const names = (await readdir(sourceDirectory)).filter((file) => file.endsWith('.c')).toSorted();
  const argv = ['gcc', '-static', '-Os', '-s', '-Wall', '-Wextra', '-Werror', '-o', output];
  const result = await run([...argv, ...names.map((file) => join(sourceDirectory, file))], {
    timeoutMs: 120_000,
  });
  if (result.exitCode === 0) return;
  throw new PlayhouseError('command-failed', {
    command: `gcc (${name})`,
    exitCode: result.exitCode,
    detail: result.stderr.slice(-600),
  });
}

/** Digest of all files of a folder, with their names: what is made of them need not be made again while it stays the same. */
export async function digestFolder(directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(directory)).toSorted()) {
    hash.update(name).update(await readFile(`${directory}/${name}`));
  }
  return `sha256:${hash.digest('hex')}`;
}
