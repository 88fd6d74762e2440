import { join } from 'node:path';
import type { Context } from '../../program/context.ts';
import { runAttached } from '../../system/run-attached.ts';

/** Runs a program of the checkout with this Node.js, on this terminal; resolves with its exit status. */
export async function runScript(context: Context, script: string, words: readonly string[]): Promise<number> {
  return runAttached([
    process.execPath,
    join(context.codeRoot, script),
    ...(context.format === 'json' ? ['--json'] : []),
    ...words,
  ]);
}
