import { defineCommand } from '../../command/definition.ts';

export const catalogCommands = [
  defineCommand({
    path: ['kernel', 'list'],
    aliases: ['ls'],
    summary: 'List guest kernels',
    arguments: [],
    options: [],
    examples: [{ line: 'playhouse kernel list', explanation: 'What `kernel` may name' }],
    load: async () => (await import('./list-kernels.ts')).listKernels,
  }),
  defineCommand({
    path: ['kernel', 'add'],
    summary: 'Install a guest kernel, or a newer version of one',
    description:
      'FROM is a Debian kernel package (a .deb file), a kernel image (a path, with --modules for what is not built in), or the name of a package of Debian; without it, NAME is a kernel that comes with Playhouse. Files are read on the host of the playroom, by the engine. The kernel is booted once before machines can use it; a kernel of the same name is replaced, and machines that run keep theirs until they boot again.',
    arguments: [
      { name: 'name', summary: 'What machines call it in `kernel`', kind: 'kernel' },
      {
        name: 'from',
        summary: 'A .deb file, a kernel image, or a package name',
        optional: true,
        kind: 'file',
      },
    ],
    options: [
      { name: 'modules', value: 'DIR', summary: '`lib/modules/<release>` of a kernel image', kind: 'file' },
      { name: 'suite', value: 'SUITE', summary: 'Debian suite of the package. Default: trixie' },
      { name: 'no-wait', summary: 'Return as soon as it is accepted' },
    ],
    examples: [
      { line: 'playhouse kernel add 6.12', explanation: 'The newest one that comes with Playhouse' },
      {
        line: 'playhouse kernel add mine ./linux-image-6.18.0_amd64.deb',
        explanation: 'From `make bindeb-pkg`',
      },
      {
        line: 'playhouse kernel add mine ./bzImage --modules ./root/lib/modules/6.18.0',
        explanation: 'From a build tree',
      },
      {
        line: 'playhouse kernel add backport linux-image-cloud-amd64 --suite bookworm-backports',
        explanation: 'Any kernel package of Debian',
      },
    ],
    load: async () => (await import('./add-kernel.ts')).addKernel,
  }),
  defineCommand({
    path: ['kernel', 'remove'],
    aliases: ['rm'],
    summary: 'Remove a guest kernel that no machine uses',
    description: 'One that comes with Playhouse is installed again by the next start that names it.',
    arguments: [{ name: 'name', summary: 'Name of the kernel', kind: 'kernel' }],
    options: [{ name: 'no-wait', summary: 'Return as soon as it is accepted' }],
    examples: [{ line: 'playhouse kernel remove mine', explanation: 'Frees its space on disk' }],
    load: async () => (await import('./remove-kernel.ts')).removeKernel,
  }),
];
