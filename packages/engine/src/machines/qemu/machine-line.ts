// The QEMU command line of a machine, as pure data. With device-bus.ts the only file that knows QEMU’s options.
import { createHash } from 'node:crypto';
import type { AcceleratorClass } from '@playhouse/contract/playroom';
import type { MachineDrive, MachineSpec } from '../machine-driver.ts';
import { driveNode } from './attached-nodes.ts';
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
    ...['-pidfile', spec.pidFile, '-S', ...(spec.memory ? incoming(spec) : [])],
  ];
}

/** Digest of all that the guest can see of the machine line: memory fits only a machine of the same shape. */
export function machineShape(spec: MachineSpec, options: MachineLineOptions): string {
  const nowhere = { image: '', initramfs: '', commandLine: '' };
  const drives = spec.drives.map((drive) => ({
    ...drive,
    chain: [{ path: '', format: drive.chain[0]?.format ?? 'raw' }],
  }));
  const files = { consoleLog: '', processLog: '', agentSocket: '', controlSocket: '', pidFile: '' };
  const interfaces = spec.interfaces.map(({ mac }) => ({ mac, tap: '' }));
  const seen = { ...spec, ...files, id: '', kernel: nowhere, drives, interfaces, memory: null };
  return createHash('sha256').update(machineLine(seen, options).join('\n')).digest('hex');
}

/** Machine type, CPU and memory: the part that a plain QEMU boot of the same image must share to be comparable. */
export function hardware(
  spec: Pick<MachineSpec, 'type' | 'cpuCount' | 'ramBytes'> & Partial<Pick<MachineSpec, 'memory'>>,
  accelerator: AcceleratorClass,
): readonly string[] {
  const memory = ramMiB(spec);
  const accelerated = accelerator !== 'tcg';
  return [
    ...['-M', `${machineOption[spec.type]},memory-backend=ram0`],
    ...['-object', memoryObject(spec)],
    ...['-accel', accelerated ? 'kvm' : `tcg,thread=multi,tb-size=${translationBufferMiB}`],
    ...['-cpu', accelerated ? 'host' : 'max'],
    ...['-smp', String(spec.cpuCount), '-m', `${memory}M`],
  ];
}

/** MiB that the guest has. */
function ramMiB({ ramBytes }: Pick<MachineSpec, 'ramBytes'>): number {
  return Math.ceil(ramBytes / 1024 / 1024);
}

/** Size of a memory image of a machine, in bytes: QEMU counts in MiB. */
export function memoryImageBytes(ramBytes: number): number {
  return ramMiB({ ramBytes }) * 1024 * 1024;
}

/** Memory that begins as zeros, or as an image of which each machine changes its own copy only. */
function memoryObject(spec: Pick<MachineSpec, 'ramBytes'> & Partial<Pick<MachineSpec, 'memory'>>): string {
  const size = `id=ram0,size=${ramMiB(spec)}M`;
  if (!spec.memory) return `memory-backend-ram,${size}`;
  return `memory-backend-file,${size},mem-path=${spec.memory.image},share=off`;
}

/** Where the machine waits for the state of its devices. The memory is there already, so no configuration comes before it. */
function incoming(spec: MachineSpec): readonly string[] {
  return ['-global', 'migration.send-configuration=off', '-incoming', `unix:${incomingSocket(spec)}`];
}

export function incomingSocket({ controlSocket }: Pick<MachineSpec, 'controlSocket'>): string {
  return `${controlSocket}.incoming`;
}

/** What `-name` says of a machine’s process: by it a process is known as the machine’s own. */
export function processName(id: string): string {
  return `playhouse-${id.replace('/', '-')}`;
}

function driveOptions(drive: MachineDrive, index: number, plugIn: PlugIn): readonly string[] {
  const blockdev = {
    ...blockNode(drive.chain, drive.readOnly ? { 'read-only': true } : {}),
    'node-name': driveNode(index),
  };
  const readOnly = drive.readOnly ? { 'read-only': true } : { discard: 'unmap' };
  return [
    ...['-blockdev', JSON.stringify({ ...blockdev, ...readOnly })],
    ...plugIn('virtio-blk', `drive=${driveNode(index)},serial=${drive.serial}`),
  ];
}

/** A layer never changes, whoever holds it open: the machine that wrote it keeps its lock until it ends. */
const immutable = { 'read-only': true, locking: 'off' } as const;

function blockNode(
  chain: MachineDrive['chain'],
  fileOptions: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const [top, ...below] = chain;
  if (top === undefined) throw new RangeError('a drive needs at least one file');
  const file = { driver: 'file', filename: top.path, ...fileOptions };
  const backing = below.length > 0 ? { ...blockNode(below, immutable), 'read-only': true } : null;
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
