// A process that has to strip types from its own source keeps the tool for that in memory, 17 MB, for its whole life.
// One that finds its code in Node.js' compile cache does not. So the cache is filled before the services start.
import { join } from 'node:path';
import { runCommand } from '../system/run-command.ts';
import type { ServiceCode } from './service-plan.ts';

/** The folder of the compile cache: the launcher's, or the same beside a checkout that was started without it. */
export function compileCache(
  code: ServiceCode,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return environment['NODE_COMPILE_CACHE'] ?? join(code.root, '.toolchain/compile-cache');
}

/** Loads each program once with a setting that is not valid, at which it ends before doing anything. */
export async function warmCompileCache(
  programs: readonly (readonly string[])[],
  folder: string,
): Promise<void> {
  const environment = { NODE_COMPILE_CACHE: folder, PLAYHOUSE_LOG_LEVEL: 'warming' };
  await Promise.all(programs.map((argv) => runCommand(argv, { environment, timeoutSeconds: 30 })));
}
