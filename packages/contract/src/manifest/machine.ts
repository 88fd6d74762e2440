import { z } from 'zod';
import { driveSchema } from './drive.ts';
import { kernelReferenceSchema } from './kernel-reference.ts';
import { nameSchema } from './name.ts';
import { machineNetworkSchema } from './network-interface.ts';
import { noun } from './noun.ts';
import { resourcesSchema } from './resources.ts';
import { startupFileSchema } from './startup-file.ts';
import { userSchema } from './user.ts';

/** The most machines that one playground can have. */
export const machinesLimit = 5;

export const manifestMachineSchema = noun(
  'Machine',
  'One microVM of the playground.',
  {
    name: nameSchema.describe('Name of the machine: its host name and its name in the networks’ DNS.'),
    users: z.array(userSchema).min(1).max(32).describe('Users that people log in as; `root` always works.'),
    backend: z
      .enum(['firecracker', 'cloud-hypervisor', 'qemu'])
      .optional()
      .describe(
        'Which virtual machine monitor is wished for. Accepted for compatibility: the playroom chooses.',
      ),
    kernel: kernelReferenceSchema
      .optional()
      .describe('Kernel, as `"6.1"` or `{source: "6.1"}`. Default: 6.1.'),
    drives: z.array(driveSchema).min(1).describe('Block devices, at most 24; one of them is mounted at `/`.'),
    network: machineNetworkSchema.describe('The machine’s network cards.'),
    resources: resourcesSchema.optional().describe('Processors and memory.'),
    startupFiles: z
      .array(startupFileSchema)
      .max(10)
      .optional()
      .describe('Files written before the machine boots, at most 10.'),
    noSSH: z
      .boolean()
      .default(false)
      .describe('Hide the machine’s terminal and refuse SSH. `noSsh` is accepted too.'),
  },
  { aliases: { noSsh: 'noSSH', nossh: 'noSSH' } },
);

export type ManifestMachine = Readonly<z.output<typeof manifestMachineSchema>>;
