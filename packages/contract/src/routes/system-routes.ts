import { z } from 'zod';
import { playroomSchema } from '../playroom.ts';
import type { Route } from './route.ts';

export const systemRoutes = {
  'system.health': {
    method: 'GET',
    path: '/api/health',
    summary: 'Whether the server answers and its engine is connected',
    access: 'public',
    status: 200,
    response: z.object({
      version: z.string(),
      codeDigest: z.string().describe('Digest of the code the server was started from'),
      engineConnected: z.boolean(),
    }),
    errors: [],
  },
  'system.playroom': {
    method: 'GET',
    path: '/api/playroom',
    summary: 'The playroom: accelerator, capacity, what is reserved',
    access: 'user',
    status: 200,
    response: z.object({ playroom: playroomSchema }),
    errors: [],
  },
  'system.openapi': {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    access: 'public',
    status: 200,
    response: z.record(z.string(), z.unknown()),
    errors: [],
  },
} as const satisfies Record<string, Route>;
