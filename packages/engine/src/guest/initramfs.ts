// What the initramfs of every machine holds: busybox, our init, the guest agent, and the few modules it takes to reach the
// drives. Pure: build-initramfs.ts reads and writes the files. It must hold nothing that depends on one machine.
import type { CpioEntry } from './cpio-newc.ts';

/** What init itself needs; the rest of the kernel's modules come on the modules drive. */
export const INITRAMFS_MODULES: readonly string[] = [
  'virtio_mmio',
  // Machine types with more devices than microvm has room for.
  'virtio_pci',
  'virtio_blk',
  'virtio_net',
  'virtio_console',
  'ext4',
];

const APPLETS = [
  'chroot',
  'cp',
  'ip',
  'mkdir',
  'modprobe',
  'mount',
  'poweroff',
  'reboot',
  'sleep',
  'switch_root',
  'sync',
  'tar',
  'umount',
  'uname',
];
const DIRECTORY = 0o040755;
const PROGRAM = 0o100755;
const FILE = 0o100644;
const LINK = 0o120777;
const CHARACTER_DEVICE = 0o020600;

export interface InitramfsContents {
  readonly init: Uint8Array;
  readonly busybox: Uint8Array;
  readonly agent: Uint8Array;
  /** Uncompressed .ko files; init loads them in the order of their names. */
  readonly modules: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The entries of the archive, in the order in which the kernel must meet them (directories first). */
export function initramfsEntries(contents: InitramfsContents): readonly CpioEntry[] {
  const directories = ['bin', 'config', 'dev', 'kernel', 'modules', 'new', 'proc', 'run', 'sys'];
  return [
    ...directories.map((name) => ({ name, mode: DIRECTORY })),
    // The kernel opens it for init before anything could mount /dev.
    { name: 'dev/console', mode: CHARACTER_DEVICE, device: { major: 5, minor: 1 } },
    { name: 'bin/busybox', mode: PROGRAM, content: contents.busybox },
    ...APPLETS.map((name) => ({ name: `bin/${name}`, mode: LINK, content: Buffer.from('busybox') })),
    { name: 'agent', mode: PROGRAM, content: contents.agent },
    { name: 'init', mode: PROGRAM, content: contents.init },
    ...contents.modules.map(({ name, bytes }) => ({ name: `modules/${name}`, mode: FILE, content: bytes })),
  ];
}
