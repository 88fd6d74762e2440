import { z } from 'zod';
import { registrySchema } from '../image-reference.ts';
import { operationSchema } from '../operation.ts';
import { registryCredentialSchema, knownRegistrySchema } from '../registry.ts';
import { inspectedSourceSchema, sourceSchema } from '../source.ts';
import type { Route } from './route.ts';

/** An `oci://` reference is one word of the path, percent-encoded. */
const parameters = z.object({ name: z.string().min(1).max(300) });
const operation = z.object({ operation: operationSchema });
const registries = z.object({ registries: z.array(knownRegistrySchema) });

export const sourceRoutes = {
  'source.list': {
    method: 'GET',
    path: '/api/sources',
    summary: 'Root file system images of the playroom',
    access: 'user',
    status: 200,
    response: z.object({ sources: z.array(sourceSchema) }),
    errors: [],
  },
  'source.get': {
    method: 'GET',
    path: '/api/sources/:name',
    summary: 'One source, with the playgrounds that use it',
    access: 'user',
    parameters,
    status: 200,
    response: z.object({ source: inspectedSourceSchema }),
    errors: ['source-unknown'],
  },
  'source.bake': {
    method: 'POST',
    path: '/api/sources/:name/bake',
    summary: 'Bake an official source anew from its packages',
    access: 'admin',
    parameters,
    status: 202,
    response: operation,
    errors: ['source-unknown', 'source-stand-in', 'engine-down'],
  },
  'source.pull': {
    method: 'POST',
    path: '/api/sources/:name/pull',
    summary: 'Pull an image from its registry, or what is new of it',
    access: 'admin',
    parameters,
    status: 202,
    response: operation,
    errors: ['reference-invalid', 'engine-down'],
  },
  'source.remove': {
    method: 'DELETE',
    path: '/api/sources/:name',
    summary: 'Remove the base layer of a source that no playground uses',
    access: 'admin',
    parameters,
    status: 202,
    response: operation,
    errors: ['source-unknown', 'source-stand-in', 'source-in-use', 'engine-down'],
  },
  'registry.list': {
    method: 'GET',
    path: '/api/registries',
    summary: 'Registries that the playroom is logged in to',
    access: 'admin',
    status: 200,
    response: registries,
    errors: ['engine-down'],
  },
  'registry.login': {
    method: 'POST',
    path: '/api/registries',
    summary: 'Log in to a registry; the credential is tried first, then kept encrypted on the playroom',
    access: 'admin',
    body: registryCredentialSchema,
    status: 200,
    response: registries,
    errors: ['engine-down', 'registry-unauthorized', 'registry-unreachable'],
  },
  'registry.logout': {
    method: 'DELETE',
    path: '/api/registries/:registry',
    summary: 'Forget the credential of a registry',
    access: 'admin',
    parameters: z.object({ registry: registrySchema }),
    status: 200,
    response: registries,
    errors: ['engine-down', 'registry-unknown'],
  },
} as const satisfies Record<string, Route>;
