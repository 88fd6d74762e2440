import { z } from 'zod';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';

const port = z.int().min(1).max(65_535);

export const portForwardSchema = noun(
  'PortForward',
  'A port forward that clients can restore. Fields are accepted in any case.',
  {
    kind: z
      .enum(['local', 'remote'])
      .describe(
        '`local` brings a port of the machine to the client, `remote` one of the client to the machine.',
      ),
    machine: nameSchema.optional().describe('Machine of the port. Default: the first one.'),
    localHost: z.string().max(253).optional().describe('Address on the client’s side. Default: 127.0.0.1.'),
    localPort: port.optional().describe('Port on the client’s side. Default for `local`: any free one.'),
    remoteHost: z
      .string()
      .max(253)
      .optional()
      .describe('Address on the machine’s side. Default: the machine.'),
    remotePort: port.optional().describe('Port on the machine’s side.'),
  },
  { anyCase: true },
);

export type ManifestPortForward = Readonly<z.output<typeof portForwardSchema>>;
