import type { Report } from '../progress/step-list.ts';
import { runOrFail } from '../system/run-command.ts';
import {
  aptEnvironment,
  aptInstallArgv,
  aptUpdateArgv,
  dpkgQueryArgv,
  missingPackages,
  parseAptStatus,
} from './package-plan.ts';

/** Debian mirrors over a slow line, and a package manager that has to be waited for. */
const aptTimeout = 3600;

/** Which of the packages are not installed. */
export async function findMissingPackages(wanted: readonly string[]): Promise<readonly string[]> {
  return missingPackages(wanted, await runOrFail(dpkgQueryArgv));
}

/**
 * Installs what is missing; without anything missing it touches nothing.
 * @throws PlayhouseError command-failed with apt's last lines
 */
export async function installPackages(
  wanted: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const missing = await findMissingPackages(wanted);
  if (missing.length === 0) return report(`${wanted.length} there already`);
  const options = { environment: aptEnvironment, timeoutSeconds: aptTimeout, signal };
  report('reading package lists');
  await runOrFail(aptUpdateArgv, options);
  const onStatusLine = (line: string): void => {
    const status = parseAptStatus(line);
    if (status !== null) report(status.detail, status.progress);
  };
  await runOrFail(aptInstallArgv(missing), { ...options, onStatusLine });
  report(`${missing.length} installed`);
}
