// A machine that does nothing but write and acknowledge records (writer.c): busybox as its init, up in a moment.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { Entry } from '../end-to-end/support/registry.ts';
import { runOk } from '../end-to-end/support/process.ts';

export const writerPort = 4000;

const inittab = `::sysinit:/bin/mount -t proc proc /proc
ttyS0::respawn:/bin/writer
::shutdown:/bin/umount -a -r
`;

/** Entries of the image’s only layer. */
export async function writerImage(): Promise<readonly Entry[]> {
  const folders = ['bin', 'sbin', 'etc', 'proc', 'root', 'data', 'tmp', 'var'];
  const tools = ['sh', 'mount', 'umount', 'poweroff', 'reboot', 'rm', 'cat', 'date'];
  return [
    ...folders.map((name): Entry => ({ name, type: 'directory', mode: 0o755 })),
    { name: 'bin/busybox', mode: 0o755, content: await readFile('/bin/busybox') },
    { name: 'bin/writer', mode: 0o755, content: await buildWriter() },
    ...tools.map((name): Entry => ({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' })),
    { name: 'sbin/init', type: 'symlink', linkname: '../bin/busybox' },
    { name: 'etc/inittab', content: inittab },
    { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\n' },
  ];
}

/** Manifest of one machine of that image, which writes to two drives. */
export function writerManifest(source: string): string {
  return `
kind: playground
playground:
  machines:
    - name: writer
      users: [{ name: root }]
      noSSH: true
      drives: [{ source: '${source}', mount: /, size: 1GiB }, { mount: /data, size: 1GiB }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 128MiB }
`;
}

async function buildWriter(): Promise<Buffer> {
  const folder = await mkdtemp('/tmp/pht-writer-');
  try {
    const source = new URL('writer.c', import.meta.url).pathname;
    const flags = ['-static', '-O1', '-Wall', '-Wextra', '-Werror'];
    await runOk(['gcc', ...flags, '-o', `${folder}/writer`, source]);
    return await readFile(`${folder}/writer`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
