import { z } from 'zod';
import { machineDriveSchema } from './machine-drive.ts';
import { machineTypes } from './machine-type.ts';
import { identityReportSchema } from './snapshot.ts';

export const machineStates = ['pending', 'booting', 'running', 'stopped', 'failed'] as const;

/** One microVM of a playground as it is now. */
export const machineSchema = z
  .object({
    name: z.string(),
    state: z.enum(machineStates),
    source: z.string(),
    kernel: z.string(),
    cpuCount: z.int(),
    ramBytes: z.int(),
    machineType: z
      .enum(machineTypes)
      .default('microvm')
      .describe(
        'What it runs as: `microvm`, or `microvm-pcie` when it has more devices than that has room for',
      ),
    /** In the order of the manifest. */
    drives: z.array(machineDriveSchema).default([]),
    /** Address inside the playground’s first network. */
    address: z.ipv4().nullable(),
    /** All its network cards in order: eth0, eth1 … */
    interfaces: z
      .array(z.object({ device: z.string(), network: z.string(), address: z.ipv4(), mac: z.string() }))
      .default([]),
    /** Host-side address of this machine, the same ports as inside; null until wired. */
    edgeAddress: z.ipv4().nullable(),
    users: z.array(z.string()),
    defaultUser: z.string(),
    /** `ssh-ed25519 …`, the machine’s host key; null until the machine is configured. */
    hostKey: z.string().nullable(),
    /** Of a machine that began as another’s copy; null else, and until it has one. */
    identity: identityReportSchema.nullable().default(null),
  })
  .describe('A machine of a playground');

export type Machine = z.infer<typeof machineSchema>;
export type MachineState = Machine['state'];
