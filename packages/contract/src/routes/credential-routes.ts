import { z } from 'zod';
import { credentialNameSchema, credentialSchema, newCredentialSchema } from '../credential.ts';
import type { Route } from './route.ts';

const credentials = z.object({ credentials: z.array(credentialSchema) });

export const credentialRoutes = {
  'credential.list': {
    method: 'GET',
    path: '/api/credentials',
    summary: 'The caller’s credentials of private repositories and registries, without their secrets',
    access: 'user',
    status: 200,
    response: credentials,
    errors: ['engine-down'],
  },
  'credential.add': {
    method: 'POST',
    path: '/api/credentials',
    summary:
      'Keep what opens private repositories or a registry for the caller’s playgrounds, in the place of an earlier one of that name; it is kept encrypted on the playroom and never shown',
    access: 'user',
    body: newCredentialSchema,
    status: 200,
    response: credentials,
    errors: [
      'engine-down',
      'credential-invalid',
      'credential-limit',
      'registry-unauthorized',
      'registry-unreachable',
    ],
  },
  'credential.remove': {
    method: 'DELETE',
    path: '/api/credentials/:name',
    summary: 'Forget a credential of the caller; what was cloned and pulled with it stays',
    access: 'user',
    parameters: z.object({ name: credentialNameSchema }),
    status: 200,
    response: credentials,
    errors: ['engine-down', 'credential-unknown'],
  },
} as const satisfies Record<string, Route>;
