// The section `ingress` of the configuration: the addresses of services, and where their certificates come from.
import { z } from 'zod';
import { absolutePath } from './absolute-path.ts';

/** A host name has 253 characters at most, and 63 before the domain. */
const longestDomain = 253 - 63 - 1;
const port = z.coerce.number().int().min(1).max(65535);

export const ingressConfigurationSchema = z.strictObject({
  domain: z
    .hostname()
    .toLowerCase()
    .max(longestDomain, `expected at most ${longestDomain} characters, so that a name before it has room`)
    .refine((text) => !/(^|\.)\d*\.?$|\.$/.test(text), 'expected a domain name, without a dot at its end')
    .default('localhost')
    .describe(
      'Domain of the services’ addresses, `SERVICE-PLAYGROUND.DOMAIN`; `*.localhost` is known to every browser',
    ),
  httpsPort: port.default(443).describe('Port of these addresses'),
  httpPort: port.default(80).describe('Port that leads to it'),
  proxy: z
    .enum(['caddy', 'traefik'])
    .default('caddy')
    .describe('What serves them ([ingress.md](ingress.md))'),
  traefikImage: z
    .string()
    .min(1)
    .refine((text) => !/^-|\s/.test(text), 'expected the name of an image')
    .default('traefik:v3')
    .describe('Image that `traefik` is taken out of where it is not installed'),
  certificates: z
    .enum(['internal', 'acme'])
    .default('internal')
    .describe(
      'Who signs their certificates: an authority of the installation itself, or one that speaks ACME, such as Let’s Encrypt; `*.localhost` always has the first',
    ),
  acmeEmail: z
    .string()
    .refine((text) => text === '' || /^[^\s@]+@[^\s@]+$/.test(text), 'expected an e-mail address')
    .default('')
    .describe('Where that authority writes when something is wrong'),
  acmeDirectory: z
    .url({ protocol: /^https$/ })
    .default('https://acme-v02.api.letsencrypt.org/directory')
    .describe('Its directory'),
  acmeAuthorityFile: absolutePath.describe(
    'PEM file of the authority that vouches for the directory itself, where that is one of your own',
  ),
  certificateFile: absolutePath.describe(
    'PEM file of a certificate of your own with its chain, such as one for `*.DOMAIN`: addresses that it fits have it',
  ),
  keyFile: absolutePath.describe('PEM file of its key, readable by root only'),
});

export type IngressConfiguration = z.infer<typeof ingressConfigurationSchema>;
