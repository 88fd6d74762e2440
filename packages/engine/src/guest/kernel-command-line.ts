export interface KernelCommandLineOptions {
  readonly accelerator: 'kvm' | 'nested' | 'tcg';
  /** Rate of the host's time stamp counter in kHz (`agent tsc` on the host); needed with `tcg`. */
  readonly tscKhz: number;
  /** Only show that the kernel boots, then power off. */
  readonly probe?: boolean;
}

/**
 * The kernel command line of every machine. Each word has been measured (docs/guest-agent.md).
 *
 * `tsc_early_khz` is what makes booting safe under TCG: without it the kernel calibrates its clock against a timer that QEMU
 * emulates, and on a busy host that fails and the kernel then waits for ever, silently.
 */
export function kernelCommandLine({ accelerator, tscKhz, probe = false }: KernelCommandLineOptions): string {
  // `panic=-1 reboot=t` with QEMU's -no-reboot: a panic ends the process instead of hanging.
  const common = ['console=ttyS0', 'quiet', 'loglevel=4', 'net.ifnames=0', 'panic=-1', 'reboot=t', 'cryptomgr.notests'];
  const emulated = [`tsc_early_khz=${tscKhz}`, 'tsc=reliable', 'no_timer_check', 'mitigations=off'];
  return [...common, ...(accelerator === 'tcg' ? emulated : []), ...(probe ? ['playhouse.probe=1'] : [])].join(' ');
}
