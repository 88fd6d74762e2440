// The QEMU command line of a machine, as pure data. With device-bus.ts the only file that knows QEMU’s options.
import type { AcceleratorClass } from '@playhouse/contract/playroom';
import type { MachineDrive, MachineSpec } from '../machine-driver.ts';
import { emptyBus, machineOption, type PlugIn } from './device-bus.ts';

export interface MachineLineOptions {
  readonly accelerator: AcceleratorClass;
  /** System user the process drops to once its files and devices are open. */
  readonly user: string;
  /** QEMU’s version, as `[7, 2]`. */
  readonly version: readonly [number, number];
}

/** MiB that QEMU’s translator may use for generated code beside the guest’s memory. */
export const translationBufferMiB = 256;

/** What a machine’s process needs beside guest memory: translator buffer, device state, QEMU itself. In bytes. */
export const processOverheadBytes = (translationBufferMiB + 192) * 1024 * 1024;

/**
 * The whole argument list. The machine starts paused and unprivileged; every file is opened before privileges
 * are dropped. Backing chains are spelled out, so a header that a guest managed to forge is never believed.
 */
export function machineLine(spec: MachineSpec, options: MachineLineOptions): readonly string[] {
  const plugIn = emptyBus(spec.type);
  return [
    'qemu-system-x86_64',
    ...['-name', processName(spec.id)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...hardware(spec, options.accelerator),
    ...['-kernel', spec.kernel.image, '-initrd', spec.kernel.initramfs, '-append', spec.kernel.commandLine],
    ...['-chardev', `file,id=console,path=${spec.consoleLog},append=on`, '-serial', 'chardev:console'],
    ...plugIn('virtio-serial', 'id=serial0'),
    ...['-chardev', `socket,id=agent,path=${spec.agentSocket},server=on,wait=off`],
    ...['-device', 'virtserialport,bus=serial0.0,chardev=agent,name=playhouse.0'],
    ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', ...plugIn('virtio-rng', 'rng=rng0')],
    ...spec.drives.flatMap((drive, index) => driveOptions(drive, index, plugIn)),
    ...spec.interfaces.flatMap((nic, index) => [
      ...['-netdev', `tap,id=net${index},ifname=${nic.tap},script=no,downscript=no`],
      ...plugIn('virtio-net', `netdev=net${index},mac=${nic.mac}`),
    ]),
    ...['-qmp', `unix:${spec.controlSocket},server=on,wait=off`],
    ...['-sandbox', 'on,obsolete=deny,spawn=deny,resourcecontrol=deny'],
    ...dropPrivileges(options),
    ...['-pidfile', spec.pidFile, '-S'],
  ];
}

/** Machine type, CPU and memory: the part that a plain QEMU boot of the same image must share to be comparable. */
export function hardware(
  spec: Pick<MachineSpec, 'type' | 'cpuCount' | 'ramBytes'>,
  accelerator: AcceleratorClass,
): readonly string[] {
  const memory = Math.ceil(spec.ramBytes / 1024 / 1024);
  const accelerated = accelerator !== 'tcg';
  return [
    ...['-M', machineOption[spec.type]],
    ...['-accel', accelerated ? 'kvm' : `tcg,thread=multi,tb-size=${translationBufferMiB}`],
    ...['-cpu', accelerated ? 'host' : 'max'],
    ...['-smp', String(spec.cpuCount), '-m', `${memory}M`],
  ];
}

/** What `-name` says of a machine’s process: by it a process is known as the machine’s own. */
export function processName(id: string): string {
  return `playhouse-${id.replace('/', '-')}`;
}

function driveOptions(drive: MachineDrive, index: number, plugIn: PlugIn): readonly string[] {
  const blockdev = { ...blockNode(drive.chain, drive.readOnly), 'node-name': `drive${index}` };
  const readOnly = drive.readOnly ? { 'read-only': true } : { discard: 'unmap' };
  return [
    ...['-blockdev', JSON.stringify({ ...blockdev, ...readOnly })],
    ...plugIn('virtio-blk', `drive=drive${index},serial=${drive.serial}`),
  ];
}

function blockNode(chain: MachineDrive['chain'], readOnly: boolean): Record<string, unknown> {
  const [top, ...below] = chain;
  if (top === undefined) throw new RangeError('a drive needs at least one file');
  const file = { driver: 'file', filename: top.path, ...(readOnly ? { 'read-only': true } : {}) };
  const backing = below.length > 0 ? { ...blockNode(below, true), 'read-only': true } : null;
  return { driver: top.format, file, ...(top.format === 'qcow2' ? { backing } : {}) };
}

/** Options by which QEMU gives up root once its files and devices are open. */
export function dropPrivileges({ user, version: [major, minor] }: MachineLineOptions): readonly string[] {
  if (user === '' || user === 'root' || /^\d+$/.test(user)) {
    throw new RangeError(`machines need a user of their own, not "${user}"`);
  }
  const newer = major > 9 || (major === 9 && minor >= 1);
  return newer ? ['-run-with', `user=${user}`] : ['-runas', user];
}
