import { z } from 'zod';
import { playspecPageSchema, playspecSchema, playspecVersionSchema } from '../playspec.ts';
import type { Route } from './route.ts';

const parameters = z.object({ name: z.string().min(1).max(100) });
const versionQuery = z.object({
  version: z.coerce.number().int().min(1).optional().describe('Default: the newest one'),
});

export const playspecRoutes = {
  'playspec.list': {
    method: 'GET',
    path: '/api/playspecs',
    summary: 'The catalog: the newest version of each playspec, by name',
    access: 'visitor',
    query: z.object({
      category: z.string().max(60).optional().describe('Only those of this category'),
      mine: z.stringbool().default(false).describe('Only those that the caller owns'),
    }),
    status: 200,
    response: z.object({ playspecs: z.array(playspecSchema) }),
    errors: [],
  },
  'playspec.get': {
    method: 'GET',
    path: '/api/playspecs/:name',
    summary: 'One playspec with the text of its page',
    access: 'playspec.read',
    parameters,
    query: versionQuery,
    status: 200,
    response: z.object({ playspec: playspecPageSchema }),
    errors: ['playspec-unknown', 'playspec-version-unknown'],
  },
  'playspec.versions': {
    method: 'GET',
    path: '/api/playspecs/:name/versions',
    summary: 'The versions of a playspec, newest first',
    access: 'playspec.read',
    parameters,
    status: 200,
    response: z.object({ versions: z.array(playspecVersionSchema) }),
    errors: ['playspec-unknown'],
  },
  'playspec.manifest': {
    method: 'GET',
    path: '/api/playspecs/:name/manifest',
    summary: 'The manifest of a playspec, as YAML',
    access: 'playspec.read',
    parameters,
    query: versionQuery,
    status: 200,
    response: z.object({ manifest: z.string(), version: z.int() }),
    errors: ['playspec-unknown', 'playspec-version-unknown'],
  },
} as const satisfies Record<string, Route>;
