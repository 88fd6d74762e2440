// Runs mmdebstrap: Debian packages become a root directory.
import { enclose } from '../system/enclosure.ts';
import { type Run, runOrFail } from '../system/run.ts';
import type { Mirror } from './mirror.ts';

export interface BootstrapOrder {
  readonly suite: string;
  /** `minbase` installs a bootable minimum; `extract` only unpacks the packages and what they depend on. */
  readonly variant: 'minbase' | 'extract';
  readonly packages: readonly string[];
  /** Scripts run one after the other with the root directory as their argument, once the packages are in. */
  readonly customize: readonly string[];
  readonly target: string;
}

/** The argument list, pure. */
export function bootstrapCommand(order: BootstrapOrder, mirror: Mirror): readonly string[] {
  return [
    ...['mmdebstrap', '--mode=root', '--format=directory', `--variant=${order.variant}`],
    ...[
      '--architectures=amd64',
      '--aptopt=Apt::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
    ],
    ...mirror.options.map((option) => `--aptopt=${option}`),
    ...(order.packages.length > 0 ? [`--include=${order.packages.join(',')}`] : []),
    ...order.customize.map((script) => `--customize-hook=${script}`),
    ...[order.suite, order.target, ...mirror.lines],
  ];
}

/** Bootstraps into `target`, which must not exist. Each line mmdebstrap says goes to `onLine`. */
export async function bootstrap(
  order: BootstrapOrder,
  mirror: Mirror,
  watch: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
  run: Run = runOrFail,
): Promise<void> {
  // Otherwise a killed bake would go on, and what it mounted would hold its folder.
  await run([...enclose(), ...bootstrapCommand(order, mirror)], { timeoutMs: 1_800_000, ...watch });
}
