import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** Runs a host program to its end (see system/run.ts). */
export type RunProgram = (
  argv: readonly string[],
  options?: { readonly timeoutMs?: number },
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;

/**
 * Compiles the guest agent from the C sources in `sourceDirectory` to the static program `output`.
 * @throws PlayhouseError command-failed with what gcc said.
 */
export async function buildAgent(run: RunProgram, sourceDirectory: string, output: string): Promise<void> {
  const names = (await readdir(sourceDirectory)).filter((name) => name.endsWith('.c')).toSorted();
  const argv = ['gcc', '-static', '-Os', '-s', '-Wall', '-Wextra', '-Werror', '-o', output];
  const result = await run([...argv, ...names.map((name) => join(sourceDirectory, name))], {
    timeoutMs: 120_000,
  });
  if (result.exitCode === 0) return;
  throw new PlayhouseError('command-failed', {
    command: 'gcc (guest agent)',
    exitCode: result.exitCode,
    detail: result.stderr.slice(-600),
  });
}
