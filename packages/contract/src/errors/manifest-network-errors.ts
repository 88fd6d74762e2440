import type { ErrorDefinition } from './error-definition.ts';

/** Networks and interfaces of a manifest. */
export const manifestNetworkErrors = {
  'manifest-bad-address': {
    status: 422,
    message: '`{value}` is not an IPv4 address.',
    hint: 'Write four numbers from 0 to 255, as in 172.16.0.10; a mask such as /24 may follow an interface’s address.',
  },
  'manifest-bad-subnet': {
    status: 422,
    message: '`{value}` is not an IPv4 subnet that a network can use.',
    hint: 'Write ADDRESS/PREFIX with a prefix from 8 to 29, as in 172.16.0.0/24.',
  },
  'manifest-subnet-host-bits': {
    status: 422,
    message: '`{value}` names a host, not a subnet.',
    hint: 'Write {subnet}.',
  },
  'manifest-subnet-reserved': {
    status: 422,
    message: 'The subnet {subnet} overlaps {reserved}, which is reserved for {purpose}.',
    hint: 'Choose a private range, as in 172.16.0.0/24, 10.0.0.0/16 or 192.168.1.0/24.',
  },
  'manifest-bad-egress': {
    status: 422,
    message: '`{value}` is no place that machines could be let out to.',
    hint: 'Write a subnet without host bits (203.0.113.0/24), an IPv4 address, or a domain name (example.com stands for all below it too, so no `*`).',
  },
  'manifest-duplicate-network': {
    status: 422,
    message: 'Two networks are called `{name}`.',
    hint: 'Give each network its own name.',
  },
  'manifest-subnet-clash': {
    status: 422,
    message: 'The subnet {subnet} of network `{name}` overlaps {otherSubnet} of network `{other}`.',
    hint: 'Give the networks subnets that share no address.',
  },
  'manifest-gateway-outside-subnet': {
    status: 422,
    message: 'The gateway {address} cannot be used on the subnet {subnet}.',
    hint: 'Choose an address from {first} to {last}, or leave the gateway out: the first free address is taken.',
  },
  'manifest-subnet-full': {
    status: 422,
    message:
      'The subnet {subnet} of network `{name}` has {capacity} usable addresses, but {needed} are needed.',
    hint: 'Choose a smaller prefix (a larger subnet); one address of each network is its gateway.',
  },
  'manifest-interface-without-network': {
    status: 422,
    message: 'The first interface of machine `{machine}` does not say its network.',
    hint: 'Add `network: {suggestion}`.',
  },
  'manifest-unknown-network': {
    status: 422,
    message: 'There is no network called `{name}`.',
    hint: '{advice}',
  },
  'manifest-address-outside-subnet': {
    status: 422,
    message: 'The address {address} is outside the subnet {subnet} of network `{network}`.',
    hint: 'Choose an address from {first} to {last}, or leave it out: the first free one is taken.',
  },
  'manifest-address-reserved': {
    status: 422,
    message: 'The address {address} is the {role} address of network `{network}`.',
    hint: 'Choose another address from {first} to {last}, or leave it out: the first free one is taken.',
  },
  'manifest-address-taken': {
    status: 422,
    message: 'The address {address} is already that of machine `{other}` on network `{network}`.',
    hint: 'Choose another address, or leave it out: the first free one is taken.',
  },
  'manifest-address-mask': {
    status: 422,
    message: 'The mask of {address} is not that of its subnet {subnet}.',
    hint: 'Leave the mask out; the subnet of network `{network}` decides.',
  },
} as const satisfies Record<string, ErrorDefinition>;
