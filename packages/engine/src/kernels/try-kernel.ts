// Boots a kernel that is being added, once, with one of each kind of device that machines have, before any machine can name it.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { digestFile } from '../images/image-file.ts';
import type { AcceleratorVerdict } from '../machines/accelerator.ts';
import { bootOnce } from '../machines/boot-once.ts';
import { type AcceleratorFacts, kernelCommandLine } from '../machines/kernel-command-line.ts';
import { dropPrivileges, hardware, type MachineLineOptions } from '../machines/qemu/machine-line.ts';
import type { StepVoice } from '../operations/step.ts';
import { type Run, run } from '../system/run.ts';
import type { KernelFiles } from './kernel-store.ts';

/** What our init prints when it found all of them. */
const marker = 'PLAYHOUSE-TRIAL-OK';
const ramBytes = 256 * 1024 ** 2;
const timeoutSeconds = { kvm: 30, nested: 120, tcg: 180 } as const;
const tailLines = 5;

export interface TrialHost {
  readonly accelerator: AcceleratorFacts;
  readonly machine: MachineLineOptions;
}

/** The trial as this host runs machines; on a host without a verdict on that yet, the kernel is what it is found out with. */
export function kernelTrial(
  accelerator: AcceleratorVerdict,
  machine: Omit<MachineLineOptions, 'accelerator'>,
): (name: string, files: KernelFiles, voice: StepVoice) => Promise<void> {
  return async (name, files, voice) => {
    if (accelerator.current === null || accelerator.facts.tscKhz === null)
      await accelerator.ensure(files, await digestFile(files.image));
    const { facts } = accelerator;
    const host = { accelerator: facts, machine: { ...machine, accelerator: facts.class } };
    const seconds = await tryKernel(name, files, host, voice.signal);
    voice.detail(`booted in ${seconds.toFixed(1)} s`);
  };
}

/** @returns how long the boot took, in seconds. @throws PlayhouseError kernel-does-not-boot, cancelled */
export async function tryKernel(
  name: string,
  files: KernelFiles,
  host: TrialHost,
  signal: AbortSignal,
  runner: Run = run,
): Promise<number> {
  const seconds = timeoutSeconds[host.accelerator.class];
  const line = (log: string) => trialLine(files, host, log);
  const boot = await bootOnce(line, marker, seconds * 1000, runner, signal);
  signal.throwIfAborted();
  if (boot.seconds !== null) return boot.seconds;
  // One line by which init says what it missed; else the end of what the kernel said.
  const [, fault] = /playhouse: error: (.+)/.exec(boot.console) ?? [];
  const tail = boot.console.trim().split(/\r?\n/).slice(-tailLines).join(' | ');
  const detail =
    fault?.trim() ?? `it did not come up within ${seconds} s${boot.said}; its console ends with: ${tail}`;
  throw new PlayhouseError('kernel-does-not-boot', { kernel: name, detail });
}

/** The command line, pure. The kernel may be hostile: QEMU has no more rights than a machine's. */
export function trialLine(
  files: KernelFiles,
  { accelerator, machine }: TrialHost,
  log: string,
): readonly string[] {
  const drive = { driver: 'raw', 'node-name': 'modules', 'read-only': true };
  const file = { driver: 'file', filename: files.modules, 'read-only': true };
  return [
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...hardware({ type: 'microvm', cpuCount: 1, ramBytes }, accelerator.class),
    ...['-kernel', files.image, '-initrd', files.initramfs],
    ...['-append', `${kernelCommandLine(accelerator)} playhouse.trial=1`],
    ...['-chardev', `file,id=console,path=${log}`, '-serial', 'chardev:console'],
    ...['-device', 'virtio-serial-device,id=serial0', '-chardev', 'null,id=agent'],
    ...['-device', 'virtserialport,bus=serial0.0,chardev=agent,name=playhouse.0'],
    ...['-blockdev', JSON.stringify({ ...drive, file })],
    ...['-device', 'virtio-blk-device,drive=modules,serial=modules', '-device', 'virtio-net-device'],
    ...['-sandbox', 'on,obsolete=deny,spawn=deny,resourcecontrol=deny'],
    ...dropPrivileges(machine),
  ];
}
