import { z } from 'zod';
import { parseInterfaceAddress } from './ipv4.ts';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';

/** The most network cards that one machine can have. */
export const interfacesLimit = 8;

export const networkInterfaceSchema = noun(
  'Interface',
  'A network card of the machine: eth0, eth1 … in the order of the list. The default route goes through the first one on a network that is not private.',
  {
    network: nameSchema
      .optional()
      .describe(
        'Name of the network. Needed on the first interface; the others default to the network of the first.',
      ),
    address: z
      .string()
      .refine((value) => parseInterfaceAddress(value) !== undefined, { error: 'manifest-bad-address' })
      .optional()
      .describe(
        'Fixed IPv4 address, with or without the mask of the subnet. Default: the first free address.',
      ),
  },
);

export const machineNetworkSchema = noun('MachineNetwork', 'How the machine is attached to networks.', {
  interfaces: z
    .array(networkInterfaceSchema)
    .min(1)
    .max(interfacesLimit)
    .describe('The network cards of the machine.'),
});

export type NetworkInterface = Readonly<z.output<typeof networkInterfaceSchema>>;
