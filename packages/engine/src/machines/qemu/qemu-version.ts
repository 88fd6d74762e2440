import { type Run, runOrFail } from '../../system/run.ts';

/** Major and minor number out of `qemu-system-x86_64 --version`. */
export function parseQemuVersion(stdout: string): readonly [number, number] {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`QEMU said no version: ${stdout}`);
  return [Number(major), Number(minor)];
}

/** The version of the installed QEMU. @throws PlayhouseError command-missing */
export async function qemuVersion(run: Run = runOrFail): Promise<readonly [number, number]> {
  return parseQemuVersion((await run(['qemu-system-x86_64', '--version'])).stdout);
}
