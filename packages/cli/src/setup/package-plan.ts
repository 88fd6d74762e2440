import type { Progress } from '@playhouse/contract/operation';

const dpkgFormat = '${db:Status-Abbrev}\t${Package}\n';

/** Lists every package that dpkg knows, with its state. */
export const dpkgQueryArgv: readonly string[] = ['dpkg-query', '-W', '-f', dpkgFormat];

/** The wanted packages that are not installed, by what `dpkgQueryArgv` printed. */
export function missingPackages(wanted: readonly string[], dpkgOutput: string): readonly string[] {
  const installed = new Set(
    dpkgOutput.split('\n').flatMap((line) => {
      const [state = '', name = ''] = line.split('\t');
      return state.trim() === 'ii' || state.trim() === 'hi' ? [name] : [];
    }),
  );
  return wanted.filter((name) => !installed.has(name));
}

export const aptEnvironment = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' } as const;

/** A package manager that runs at the same time (unattended upgrades) is waited for. */
const aptOptions = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Status-Fd=3'];

export const aptUpdateArgv: readonly string[] = ['apt-get', ...aptOptions, 'update'];

export function aptInstallArgv(packages: readonly string[]): readonly string[] {
  return ['apt-get', ...aptOptions, 'install', '-y', '--no-install-recommends', ...packages];
}

export interface AptStatus {
  readonly detail: string;
  readonly progress: Progress;
}

/**
 * What a line on apt's status descriptor says, downloads and installation as the two halves of one bar; null for lines
 * without a share. Form: `dlstatus:N:PERCENT:TEXT`, `pmstatus:PACKAGE:PERCENT:TEXT` (apt's README.progress-reporting).
 */
export function parseAptStatus(line: string): AptStatus | null {
  const match = /^(dlstatus|pmstatus):[^:]*(?::(?!\d+\.)[^:]*)?:(\d+(?:\.\d+)?):(.*)$/.exec(line);
  if (match === null) return null;
  const [, kind, percent = '0', text = ''] = match;
  const done = Number(percent) / 2 + (kind === 'pmstatus' ? 50 : 0);
  return { detail: text.trim(), progress: { done, total: 100, unit: 'percent' } };
}
