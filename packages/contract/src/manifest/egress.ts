// What machines may reach outside their playground. docs/manifest.md explains it; the engine enforces it.
import { z } from 'zod';
import { formatSubnet, parseIpv4, parseSubnet } from './ipv4.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const namePattern = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*\\.[a-z][a-z0-9-]*$`);

/** An address, a subnet or a domain name; addresses become subnets, names lower case. */
const destinationSchema = z
  .string()
  .transform((value) => {
    const text = value.trim().toLowerCase();
    return parseIpv4(text) === undefined ? text : `${text}/32`;
  })
  .superRefine((value, context) => {
    const subnet = parseSubnet(value);
    if (subnet === undefined ? namePattern.test(value) : formatSubnet(subnet) === value) return;
    context.addIssue({ code: 'custom', message: 'manifest-bad-egress', input: value });
  });

export const egressSchema = z.union([z.enum(['open', 'none']), z.array(destinationSchema).min(1).max(100)]);

/** `open`, `none`, or the only destinations: subnets in CIDR form and domain names. */
export type Egress = Readonly<z.output<typeof egressSchema>>;

/** True for a destination that is a subnet and not a name. */
export function isCidr(destination: string): boolean {
  return destination.includes('/');
}
