import { z } from 'zod';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';
import { webAddressSchema } from './web-address.ts';

export const tabKinds = ['terminal', 'ide', 'http-port', 'web-page', 'kexp'] as const;

export const tabSchema = noun(
  'Tab',
  'A tab of the playground’s page. Tabs that are listed replace the default ones (a terminal per machine with SSH).',
  {
    id: nameSchema.optional().describe('Id of the tab. Default: `KIND-MACHINE`.'),
    kind: z
      .enum(tabKinds)
      .default('terminal')
      .describe(
        'What the tab shows: a terminal, the web IDE, an HTTP port of a machine, a web page, or the Kubernetes explorer.',
      ),
    name: z
      .string()
      .min(1)
      .max(80)
      .optional()
      .describe('Title of the tab. Needed for `http-port` and `web-page`.'),
    machine: nameSchema.optional().describe('Machine that the tab shows. Default: the first one.'),
    number: z.int().min(1).max(65_535).optional().describe('Port number, for `http-port`.'),
    access: z
      .enum(['private', 'public'])
      .optional()
      .describe(
        'Who can open the port: `private` is the owner, `public` anyone with the address. Default: private.',
      ),
    tls: z.boolean().optional().describe('The port speaks HTTPS (self-signed certificates are accepted).'),
    hostRewrite: z.string().max(253).optional().describe('`Host` header sent to the port.'),
    pathRewrite: z.string().max(2000).optional().describe('Path prefix put before the path of each request.'),
    url: webAddressSchema.optional().describe('Address of the page, for `web-page`.'),
    pane: z.enum(['left', 'right']).optional().describe('Half of the page in which the tab opens.'),
  },
);

export type ManifestTab = Readonly<z.output<typeof tabSchema>>;
