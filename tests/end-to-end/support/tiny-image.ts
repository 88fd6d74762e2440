// The smallest machine there is: busybox as init and shell, no SSH server.
import { readFile } from 'node:fs/promises';
import type { Entry } from './registry.ts';

const inittab = `::sysinit:/bin/mount -t proc proc /proc
::respawn:/bin/sleep 1000
`;

/** Entries of a layer with busybox, a root user, and one more called `guest`. */
export async function tinyImage(): Promise<readonly Entry[]> {
  return [
    ...['bin', 'sbin', 'etc', 'proc', 'root', 'home', 'home/guest'].map((name): Entry => ({
      name,
      type: 'directory',
      mode: 0o755,
    })),
    { name: 'bin/busybox', mode: 0o755, content: await readFile('/bin/busybox') },
    ...['sh', 'mount', 'sleep', 'getty', 'ls', 'cat', 'stat'].map((name): Entry => ({
      name: `bin/${name}`,
      type: 'symlink',
      linkname: 'busybox',
    })),
    { name: 'sbin/init', type: 'symlink', linkname: '../bin/busybox' },
    { name: 'etc/inittab', content: inittab },
    {
      name: 'etc/passwd',
      content: 'root:x:0:0::/root:/bin/sh\nguest:x:1000:1000::/home/guest:/bin/sh\nbin:x:2:2::/:/bin/false\n',
    },
    { name: 'etc/group', content: 'root:x:0:\nguest:x:1000:\n' },
  ];
}
