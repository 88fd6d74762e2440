import { z } from 'zod';
import { formatSubnet, parseIpv4, parseSubnet } from './ipv4.ts';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';

/** `172.16.0.0/24`, written without host bits. Reserved ranges are refused by `checkManifest`, which can say why. */
export const subnetSchema = z.string().superRefine((value, context) => {
  const subnet = parseSubnet(value);
  if (subnet === undefined || subnet.prefix < 8 || subnet.prefix > 29) {
    context.addIssue({ code: 'custom', message: 'manifest-bad-subnet', input: value });
  } else if (formatSubnet(subnet) !== value) {
    const params = { subnet: formatSubnet(subnet) };
    context.addIssue({ code: 'custom', message: 'manifest-subnet-host-bits', input: value, params });
  }
});

export const networkSchema = noun('Network', 'An isolated layer-2 network that machines are attached to.', {
  name: nameSchema.describe(
    'Name of the network, unique in the manifest. Machines find each other as `MACHINE.NETWORK`.',
  ),
  subnet: subnetSchema.describe('IPv4 subnet in CIDR form, without host bits, prefix 8 to 29.'),
  gateway: z
    .string()
    .refine((value) => parseIpv4(value) !== undefined, { error: 'manifest-bad-address' })
    .optional()
    .describe('Address of the gateway. Default: the first free address of the subnet.'),
  private: z
    .boolean()
    .default(false)
    .describe('A private network has no way out: no NAT and no default route.'),
});

/** The network of a manifest that names none. */
export const defaultNetwork = { name: 'local', subnet: '172.16.0.0/24', private: false } as const;

export type ManifestNetwork = Readonly<z.output<typeof networkSchema>>;
